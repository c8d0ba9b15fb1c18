// Rows of the command table: buckets and their properties.
#include "ais/command_tables.h"
#include "ais/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kCreateFlags[] = {
    {"set", "NAME=VALUE", "a property of the new bucket", 's', true},
    {"exist-ok", nullptr, "a bucket that exists already is no failure", 0, false},
};
constexpr Flag kListFlags[] = {
    {"prefix", "TEXT", "only objects whose name begins with it", 'p', false},
    {"props", "LIST", "name,size,version,checksum,atime,copies,location,custom or all (default name,size)", 0, false},
    {"limit", "N", "stop after so many objects", 'n', false},
    {"page-size", "N", "objects per request to the gateway (default and most 10000)", 0, false},
    {"start-after", "NAME", "begin behind this name", 0, false},
    {"no-recursion", nullptr, "direct children only, directories end with /", 0, false},
    {"name-only", nullptr, "names, one on a line, without a title", '1', false},
    {"provider", "NAME", "buckets of this provider only", 0, false},
};

constexpr Command kBucketCommands[] = {
    {"bucket create",
     "create",
     "BUCKET [BUCKET...]",
     1,
     kUnlimited,
     "Create buckets.",
     "Names may be templates such as ais://b{1..3}.",
     kCreateFlags,
     {{"ais create ais://imagenet", "a bucket with the cluster's defaults"},
      {"ais create ais://logs --set checksum.type=md5 --set versioning.enabled=false", "a bucket with properties of its own"}},
     create_buckets},
    {"bucket ls",
     "ls",
     "[BUCKET[/PREFIX]]",
     0,
     1,
     "List buckets, or the objects of a bucket.",
     "Objects come sorted by name and are printed page by page, however many there are.",
     kListFlags,
     {{"ais ls", "all buckets"},
      {"ais ls ais://imagenet/train/ --props name,size,checksum --limit 100", "the first hundred objects below train/"}},
     list},
    {"bucket rm",
     "rmb",
     "BUCKET [BUCKET...]",
     1,
     kUnlimited,
     "Destroy buckets and all objects in them.",
     "Asks first.",
     {},
     {{"ais rmb ais://scratch", "destroy one bucket, after a question"},
      {"ais rmb 'ais://tmp-{01..20}' --yes", "destroy twenty buckets without a question"}},
     remove_buckets},
    {"bucket props show",
     "show bucket",
     "BUCKET [SECTION]",
     1,
     2,
     "Show the properties of a bucket.",
     "A section such as mirror, or a full name such as mirror.copies, narrows the table.",
     {},
     {{"ais show bucket ais://imagenet", "all properties"},
      {"ais bucket props show ais://imagenet checksum --json", "the properties as JSON"}},
     show_bucket_props},
    {"bucket props set",
     "",
     "BUCKET NAME=VALUE...",
     2,
     kUnlimited,
     "Change properties of a bucket.",
     "",
     {},
     {{"ais bucket props set ais://imagenet versioning.enabled=false", "stop counting versions"},
      {"ais bucket props set ais://imagenet mirror.enabled=true mirror.copies=2", "two properties at once"}},
     set_bucket_props},
    {"bucket props reset",
     "",
     "BUCKET",
     1,
     1,
     "Set all properties of a bucket back to the cluster's defaults.",
     "Asks first.",
     {},
     {{"ais bucket props reset ais://imagenet", "after a question"}, {"ais bucket props reset ais://imagenet --yes", "without a question"}},
     reset_bucket_props},
};

}  // namespace

std::span<const Command> bucket_commands() { return kBucketCommands; }

}  // namespace ais::cli
