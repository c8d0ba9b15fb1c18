// Rows of the command table: buckets and their properties.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kCreateFlags[] = {
    {"set", "NAME=VALUE", "a property of the new bucket", 's', true, ValueKind::kPropertyAssignment},
    {"props", "TEXT", "several properties: \"NAME=VALUE NAME=VALUE\" or JSON", 0, false, ValueKind::kPropertyAssignment},
    {"exist-ok", nullptr, "do not fail when the bucket exists already", 0, false},
    {"dry-run", nullptr, "show what would be created, without creating it", 0, false},
};
constexpr Flag kRemoveFlags[] = {
    {"missing-ok", nullptr, "do not fail when the bucket does not exist", 0, false},
    {"all", nullptr, "every bucket of the cluster; asks for a phrase on a terminal, --yes is not enough", 0, false},
    {"dry-run", nullptr, "show what would be destroyed, without destroying it", 0, false},
};
constexpr Flag kDryRun = {"dry-run", nullptr, "show what would be changed, without changing it", 0, false};
constexpr Flag kShowPropertyFlags[] = {{"compact", nullptr, "one row per section", 'c', false}};
constexpr Flag kDryRunFlags[] = {kDryRun};
constexpr Flag kListFlags[] = {
    {"prefix", "TEXT", "only objects whose name begins with TEXT", 'p', false},
    {"props", "LIST", "properties to show for objects (default name,size)", 0, false, ValueKind::kChoiceList,
     "name,size,version,checksum,atime,copies,location,custom,status,all"},
    {"regex", "PATTERN", "only names that match this POSIX extended regular expression", 0, false},
    {"template", "NAMES", "only names made by a template such as shard-{000..099}.tar", 0, false},
    {"show-unmatched", nullptr, "also show what --regex or --template left out; with --json each entry has \"matched\"", 0, false},
    {"summary", nullptr, "show the number and size of the objects instead of the objects", 0, false},
    {"count-only", nullptr, "show the number of names, and how long listing them took, instead of the names", 0, false},
    {"limit", "N", "stop after N objects; 0 for all", 'n', false},
    {"page-size", "N", "objects per request to the gateway (default and maximum 10000)", 0, false},
    {"max-pages", "N", "stop after N pages", 0, false},
    {"start-after", "NAME", "begin after this name", 0, false},
    {"no-recursion", nullptr, "only direct children; directories end with /", 0, false},
    {"name-only", nullptr, "print only names, one per line, without a heading; unescaped when the output is a pipe", '1', false},
    {"null", nullptr, "print names unescaped, each followed by a NUL: for xargs -0", '0', false},
    {"provider", "NAME", "only buckets of this provider", 0, false},
};

constexpr Flag kSummaryFlags[] = {
    {"prefix", "TEXT", "only objects whose name begins with TEXT", 'p', false},
    {"regex", "PATTERN", "only objects that match this POSIX extended regular expression", 0, false},
    {"template", "NAMES", "only objects named by a template such as shard-{000..099}.tar", 0, false},
};

constexpr Command kBucketCommands[] = {
    {"bucket create",
     "create",
     {"BUCKET [BUCKET...]", 1, kUnlimited, {ValueKind::kText}},
     "Create buckets.",
     "Names may be templates such as ais://b{1..3}.",
     kCreateFlags,
     {{"ais create ais://imagenet", "a bucket with the cluster's defaults"},
      {"ais create ais://logs --set checksum.type=md5 --set versioning.enabled=false", "a bucket with properties of its own"}},
     create_buckets},
    {"bucket ls",
     "ls",
     {"[BUCKET[/PREFIX]|PROVIDER]", 0, 1, {ValueKind::kObject}},
     "List buckets, or the objects of a bucket.",
     "Objects are sorted by name and printed page by page, however many there are. Control bytes in names are shown as \\xNN.\n"
     "A provider such as ais, or ais:, means all its buckets; a bucket with that name is ais://ais.\n"
     "An object whose metadata cannot be read is listed with \"damaged\" instead of its size; with names alone (--name-only) "
     "metadata are not read.\n"
     "The status (--props status) is misplaced when the object is on a target or mountpath that does not own its name: reading it fails.",
     kListFlags,
     {{"ais ls ais://imagenet/train/ --props name,size,checksum --limit 100", "the first hundred objects under train/"},
      {"ais ls --summary", "all buckets, with the number and size of their objects"}},
     list},
    {"bucket summary",
     "summary",
     {"[BUCKET[/PREFIX]|PROVIDER...]", 0, kUnlimited, {ValueKind::kObject}},
     "Count the objects and bytes of buckets or prefixes.",
     "Everything counted is listed once; without arguments, all buckets are counted. Sizes are those of the objects, not space on disks.",
     kSummaryFlags,
     {{"ais bucket summary ais://imagenet/train/ ais://imagenet/val/", "two parts of a bucket, and their sum"},
      {"ais bucket summary ais://logs --regex '\\.gz$' --json", "only the compressed objects, as JSON"}},
     summarize_buckets},
    {"bucket rm",
     "rmb",
     {"[BUCKET...]", 0, kUnlimited, {ValueKind::kBucket}},
     "Destroy buckets and all objects in them.",
     "Asks first. Names may be templates.",
     kRemoveFlags,
     {{"ais rmb ais://scratch", "destroy one bucket, after confirmation"},
      {"ais rmb 'ais://tmp-{01..20}' --yes", "destroy twenty buckets without confirmation"}},
     remove_buckets},
    {"bucket props show",
     "show bucket",
     {"BUCKET [SECTION]", 1, 2, {ValueKind::kBucket, ValueKind::kPropertyName}},
     "Show the properties of a bucket.",
     "A section such as mirror, or a full name such as mirror.copies, restricts the table. Access rights and features are "
     "shown by name,\n"
     "with --json as numbers.",
     kShowPropertyFlags,
     {{"ais show bucket ais://imagenet", "all properties"},
      {"ais bucket props show ais://imagenet checksum --json", "some of them, as JSON"}},
     show_bucket_props},
    {"bucket props set",
     "props set",
     {"BUCKET NAME=VALUE...|JSON", 2, kUnlimited, {ValueKind::kBucket, ValueKind::kPropertyAssignment}},
     "Change properties of a bucket.",
     "\"NAME VALUE NAME VALUE\" is accepted too. Prints what has changed, with the old values. access is ro, rw, su "
     "(everything) or none,\n"
     "or names such as GET,PUT; features is a list of names, or none; backend_bck=none removes a backend bucket.",
     kDryRunFlags,
     {{"ais bucket props set ais://imagenet access=ro", "make the bucket read-only"},
      {"ais bucket props set ais://imagenet checksum.type=md5 versioning.enabled=false", "change two properties at once"}},
     set_bucket_props},
    {"bucket props reset",
     "props reset",
     {"BUCKET", 1, 1, {ValueKind::kBucket}},
     "Reset all properties of a bucket to the cluster's defaults.",
     "Asks first. Prints what has changed, with the old values.",
     kDryRunFlags,
     {{"ais bucket props reset ais://imagenet", "after confirmation"},
      {"ais bucket props reset ais://imagenet --dry-run", "show which properties would change"}},
     reset_bucket_props},
};

}  // namespace

std::span<const Command> bucket_commands() { return kBucketCommands; }

}  // namespace ais::cli
