// Rows of the command table: buckets and their properties.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kCreateFlags[] = {
    {"set", "NAME=VALUE", "a property of the new bucket", 's', true, ValueKind::kPropertyAssignment},
    {"props", "TEXT", "several, \"NAME=VALUE NAME=VALUE\" or JSON", 0, false, ValueKind::kPropertyAssignment},
    {"exist-ok", nullptr, "a bucket that exists already is no failure", 0, false},
    {"dry-run", nullptr, "say what would be created, create nothing", 0, false},
};
constexpr Flag kRemoveFlags[] = {
    {"missing-ok", nullptr, "a bucket that does not exist is no failure", 0, false},
    {"all", nullptr, "every bucket of the cluster; wants a phrase typed on a terminal, --yes is not enough", 0, false},
    {"dry-run", nullptr, "say what would be destroyed, destroy nothing", 0, false},
};
constexpr Flag kDryRun = {"dry-run", nullptr, "say what would be changed, change nothing", 0, false};
constexpr Flag kShowPropertyFlags[] = {{"compact", nullptr, "one row for each section", 'c', false}};
constexpr Flag kDryRunFlags[] = {kDryRun};
constexpr Flag kListFlags[] = {
    {"prefix", "TEXT", "only objects whose name begins with it", 'p', false},
    {"props", "LIST", "what to show of objects (default name,size)", 0, false, ValueKind::kChoiceList,
     "name,size,version,checksum,atime,copies,location,custom,status,all"},
    {"regex", "PATTERN", "only names that match this extended regular expression of POSIX", 0, false},
    {"template", "NAMES", "only names that a template such as shard-{000..099}.tar makes", 0, false},
    {"show-unmatched", nullptr, "then also what --regex or --template left out; with --json each entry says \"matched\"", 0, false},
    {"summary", nullptr, "number and size of the objects instead of the objects", 0, false},
    {"count-only", nullptr, "the number of names instead of the names, and how long it took to list them", 0, false},
    {"limit", "N", "stop after so many objects; 0 for all", 'n', false},
    {"page-size", "N", "objects per request to the gateway (default and most 10000)", 0, false},
    {"max-pages", "N", "stop after so many requests for a page", 0, false},
    {"start-after", "NAME", "begin behind this name", 0, false},
    {"no-recursion", nullptr, "direct children only, directories end with /", 0, false},
    {"name-only", nullptr, "names, one on a line, without a title; in a pipe as they are", '1', false},
    {"null", nullptr, "names as they are, each with a NUL behind it: for xargs -0", '0', false},
    {"provider", "NAME", "buckets of this provider only", 0, false},
};

constexpr Flag kSummaryFlags[] = {
    {"prefix", "TEXT", "only objects whose name begins with it", 'p', false},
    {"regex", "PATTERN", "only objects that match this extended regular expression of POSIX", 0, false},
    {"template", "NAMES", "only objects that a template such as shard-{000..099}.tar names", 0, false},
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
     "Objects come sorted by name and are printed page by page, however many there are. Control bytes in names are shown as \\xNN.\n"
     "A provider such as ais, or ais:, stands for all its buckets; a bucket of that name is ais://ais.\n"
     "An object whose metadata cannot be read is listed with \"damaged\" for its size; names alone (--name-only) are not looked into.",
     kListFlags,
     {{"ais ls ais://imagenet/train/ --props name,size,checksum --limit 100", "the first hundred objects below train/"},
      {"ais ls --summary", "all buckets, with the number and size of their objects"}},
     list},
    {"bucket summary",
     "summary",
     {"[BUCKET[/PREFIX]|PROVIDER...]", 0, kUnlimited, {ValueKind::kObject}},
     "Count objects and bytes of buckets, or below prefixes.",
     "Everything that is counted is listed once; without arguments all buckets are. Sizes are of the objects, not of the disks.",
     kSummaryFlags,
     {{"ais bucket summary ais://imagenet/train/ ais://imagenet/val/", "two parts of a bucket, and both together"},
      {"ais bucket summary ais://logs --regex '\\.gz$' --json", "the compressed ones, as JSON"}},
     summarize_buckets},
    {"bucket rm",
     "rmb",
     {"[BUCKET...]", 0, kUnlimited, {ValueKind::kBucket}},
     "Destroy buckets and all objects in them.",
     "Asks first. Names may be templates.",
     kRemoveFlags,
     {{"ais rmb ais://scratch", "destroy one bucket, after a question"},
      {"ais rmb 'ais://tmp-{01..20}' --yes", "destroy twenty buckets without a question"}},
     remove_buckets},
    {"bucket props show",
     "show bucket",
     {"BUCKET [SECTION]", 1, 2, {ValueKind::kBucket, ValueKind::kPropertyName}},
     "Show the properties of a bucket.",
     "A section such as mirror, or a full name such as mirror.copies, narrows the table. Access rights and features are shown by name,\n"
     "with --json as the numbers that they are.",
     kShowPropertyFlags,
     {{"ais show bucket ais://imagenet", "all properties"},
      {"ais bucket props show ais://imagenet checksum --json", "some of them, as JSON"}},
     show_bucket_props},
    {"bucket props set",
     "props set",
     {"BUCKET NAME=VALUE...|JSON", 2, kUnlimited, {ValueKind::kBucket, ValueKind::kPropertyAssignment}},
     "Change properties of a bucket.",
     "\"NAME VALUE NAME VALUE\" is understood too. What has changed is printed, with the values before. access is one of ro, rw, su\n"
     "(everything) and none, or names such as GET,PUT; features are names or none; backend_bck=none takes a backend bucket away.",
     kDryRunFlags,
     {{"ais bucket props set ais://imagenet access=ro", "nobody writes to it any more"},
      {"ais bucket props set ais://imagenet checksum.type=md5 versioning.enabled=false", "two properties at once"}},
     set_bucket_props},
    {"bucket props reset",
     "props reset",
     {"BUCKET", 1, 1, {ValueKind::kBucket}},
     "Set all properties of a bucket back to the cluster's defaults.",
     "Asks first. What has changed is printed, with the values before.",
     kDryRunFlags,
     {{"ais bucket props reset ais://imagenet", "after a question"},
      {"ais bucket props reset ais://imagenet --dry-run", "which properties it would change"}},
     reset_bucket_props},
};

}  // namespace

std::span<const Command> bucket_commands() { return kBucketCommands; }

}  // namespace ais::cli
