// The table of commands: everything that `ais` can do, as people see it.
#include "ais/command.h"
#include "ais/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kGlobalFlags[] = {
    {"endpoint", "URL", "gateway to talk to", 0, false},
    {"json", nullptr, "print one JSON document instead of a table", 0, false},
    {"yes", nullptr, "do not ask before destroying things", 'y', false},
    {"help", nullptr, "explain the command, with examples", 'h', false},
    {"version", nullptr, "print the version", 0, false},
};

constexpr Flag kParallel = {"parallel", "N", "objects at a time (default 16)", 'j', false};
constexpr Flag kTransient = {"transient", nullptr, "in memory only: forgotten when a node restarts", 0, false};

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
constexpr Flag kPutFlags[] = {
    {"recursive", nullptr, "directories with all that is below them", 'r', false},
    kParallel,
    {"checksum", nullptr, "send a checksum, so that the target refuses bytes that changed on the way", 0, false},
    {"custom", "NAME=VALUE", "custom property of the objects", 0, true},
};
constexpr Flag kGetFlags[] = {
    {"offset", "BYTES", "begin at this byte", 0, false},
    {"length", "BYTES", "so many bytes only", 0, false},
    {"check", nullptr, "compare with the object's checksum, fail when it differs", 0, false},
    {"prefix", "TEXT", "all objects of the bucket that begin with it, into a directory", 'p', false},
    {"limit", "N", "with --prefix: so many objects at most", 'n', false},
    kParallel,
};
constexpr Flag kCatFlags[] = {
    {"offset", "BYTES", "begin at this byte", 0, false},
    {"length", "BYTES", "so many bytes only", 0, false},
    {"check", nullptr, "fail at the end when the checksum differs", 0, false},
};
constexpr Flag kRemoveFlags[] = {
    {"prefix", "TEXT", "all objects of the bucket that begin with it", 'p', false},
    kParallel,
};
constexpr Flag kCustomFlags[] = {{"replace", nullptr, "drop the pairs that are not given", 0, false}};
constexpr Flag kConfigShowFlags[] = {{"node", "ID", "as this node sees it, with its own overrides", 0, false}};
constexpr Flag kTransientFlags[] = {kTransient};
constexpr Flag kLogFlags[] = {{"severity", "LEVEL", "info, warning or error (default info)", 0, false}};

constexpr CommandGroup kGroups[] = {
    {"bucket", "Buckets and their properties"},
    {"bucket props", "Properties of a bucket"},
    {"object", "Objects"},
    {"show", "What the cluster is and does"},
    {"config", "Configuration"},
};

constexpr Command kCommands[] = {
    {"bucket create", "create", "BUCKET [BUCKET...]", 1, kUnlimited, "Create buckets.",
     "Names may be templates such as ais://b{1..3}.", kCreateFlags,
     {{"ais create ais://imagenet", "a bucket with the cluster's defaults"},
      {"ais create ais://logs --set checksum.type=md5 --set versioning.enabled=false", "a bucket with properties of its own"}},
     create_buckets},
    {"bucket ls", "ls", "[BUCKET[/PREFIX]]", 0, 1, "List buckets, or the objects of a bucket.",
     "Objects come sorted by name and are printed page by page, however many there are.", kListFlags,
     {{"ais ls", "all buckets"},
      {"ais ls ais://imagenet/train/ --props name,size,checksum --limit 100", "the first hundred objects below train/"}},
     list},
    {"bucket rm", "rmb", "BUCKET [BUCKET...]", 1, kUnlimited, "Destroy buckets and all objects in them.", "Asks first.", {},
     {{"ais rmb ais://scratch", "destroy one bucket, after a question"},
      {"ais rmb 'ais://tmp-{01..20}' --yes", "destroy twenty buckets without a question"}},
     remove_buckets},
    {"bucket props show", "show bucket", "BUCKET [SECTION]", 1, 2, "Show the properties of a bucket.",
     "A section such as mirror, or a full name such as mirror.copies, narrows the table.", {},
     {{"ais show bucket ais://imagenet", "all properties"},
      {"ais bucket props show ais://imagenet checksum --json", "the properties as JSON"}},
     show_bucket_props},
    {"bucket props set", "", "BUCKET NAME=VALUE...", 2, kUnlimited, "Change properties of a bucket.", "", {},
     {{"ais bucket props set ais://imagenet versioning.enabled=false", "stop counting versions"},
      {"ais bucket props set ais://imagenet mirror.enabled=true mirror.copies=2", "two properties at once"}},
     set_bucket_props},
    {"bucket props reset", "", "BUCKET", 1, 1, "Set all properties of a bucket back to the cluster's defaults.", "Asks first.", {},
     {{"ais bucket props reset ais://imagenet", "after a question"},
      {"ais bucket props reset ais://imagenet --yes", "without a question"}},
     reset_bucket_props},

    {"object put", "put", "FILE|DIRECTORY|-... BUCKET[/NAME]", 2, kUnlimited, "Store files as objects.",
     "\"-\" is standard input. Without a name, or with one that ends with /, files keep theirs below it.", kPutFlags,
     {{"ais put dataset.tar ais://imagenet", "one file under its own name"},
      {"ais put -r train ais://imagenet/train/ -j 64 --checksum", "a directory, 64 files at a time, verified on arrival"}},
     put},
    {"object get", "get", "BUCKET/OBJECT|BUCKET [FILE|DIRECTORY|-]", 1, 2, "Fetch objects into files.",
     "A file appears under its name only when all of it has arrived. \"-\" is standard output.", kGetFlags,
     {{"ais get ais://imagenet/dataset.tar /data/ --check", "into a directory, checksum compared"},
      {"ais get ais://imagenet --prefix train/ ./copy", "everything below train/"}},
     get},
    {"object cat", "cat", "BUCKET/OBJECT", 1, 1, "Write an object to standard output.", "", kCatFlags,
     {{"ais cat ais://logs/today | less", "read it"},
      {"ais cat ais://logs/today --offset 1MiB --length 4KiB", "a part of it"}},
     cat},
    {"object rm", "rmo", "BUCKET/OBJECT... | BUCKET --prefix TEXT", 1, kUnlimited, "Remove objects.",
     "Names may be templates such as shard-{000..999}.tar. Asks first when a template or a prefix names them.", kRemoveFlags,
     {{"ais rmo ais://logs/yesterday", "one object"},
      {"ais rmo 'ais://imagenet/shard-{000..099}.tar' --yes", "a hundred objects without a question"}},
     remove_objects},
    {"object cp", "cp", "BUCKET/OBJECT BUCKET[/NAME]", 2, 2, "Copy an object within the cluster.", "", {},
     {{"ais cp ais://a/model.bin ais://b", "into another bucket, same name"},
      {"ais cp ais://a/model.bin ais://a/old/", "below another prefix"}},
     copy_object},
    {"object mv", "mv", "BUCKET/OBJECT NAME", 2, 2, "Rename an object within its bucket.", "", {},
     {{"ais mv ais://a/model.tmp model.bin", "a new name"},
      {"ais mv ais://a/model.tmp ais://a/models/1.bin", "the name written with its bucket"}},
     rename_object},
    {"object show", "show object", "BUCKET/OBJECT", 1, 1, "Show what is stored with an object.", "", {},
     {{"ais show object ais://imagenet/dataset.tar", "size, checksum, version, place, custom properties"},
      {"ais object show ais://imagenet/dataset.tar --json", "the same as JSON"}},
     show_object},
    {"object set-custom", "", "BUCKET/OBJECT NAME=VALUE...", 2, kUnlimited, "Attach custom properties to an object.", "", kCustomFlags,
     {{"ais object set-custom ais://imagenet/dataset.tar source=web license=mit", "add or change two pairs"},
      {"ais object set-custom ais://imagenet/dataset.tar source=web --replace", "this pair and no other"}},
     set_object_custom},

    {"show cluster", "", "", 0, 0, "Show the nodes of the cluster and how they are.", "", {},
     {{"ais show cluster", "a table of nodes"}, {"ais show cluster --json", "the same as JSON"}},
     show_cluster},
    {"show config", "", "[SECTION]", 0, 1, "Show the configuration of the cluster or of one node.", "", kConfigShowFlags,
     {{"ais show config checksum", "one section"}, {"ais show config --node t1234567 log", "what is in force on one node"}},
     show_config},
    {"show log", "", "NODE", 1, 1, "Print the log of a node.", "", kLogFlags,
     {{"ais show log t1234567", "all lines"}, {"ais show log t1234567 --severity error", "errors only"}},
     show_log},

    {"config cluster", "", "NAME=VALUE...|reset", 1, kUnlimited, "Change the configuration of all nodes.",
     "\"reset\" sets everything back to the defaults, and asks first.", kTransientFlags,
     {{"ais config cluster log.level=4 --transient", "more logs until the next restart"},
      {"ais config cluster mirror.copies=3 checksum.type=md5", "two knobs at once"}},
     change_cluster_config},
    {"config node", "", "ID NAME=VALUE...|reset", 2, kUnlimited, "Change the configuration of one node.",
     "\"reset\" drops what is configured on that node alone, and asks first.", kTransientFlags,
     {{"ais config node t1234567 log.level=4", "more logs of one node"},
      {"ais config node t1234567 reset --yes", "back to what the cluster says"}},
     change_node_config},

    {"status", "", "", 0, 0, "Say whether the cluster is ready.", "The exit status is 1 when it is not.", {},
     {{"ais status", "for people"}, {"ais status --json >/dev/null && echo ready", "for scripts"}},
     show_status},
};

}  // namespace

std::span<const Command> all_commands() { return kCommands; }
std::span<const CommandGroup> all_groups() { return kGroups; }
std::span<const Flag> global_flags() { return kGlobalFlags; }

}  // namespace ais::cli
