// Rows of the command table: objects.
#include "ais/command_tables.h"
#include "ais/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kParallel = {"parallel", "N", "objects at a time (default 16)", 'j', false};

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

constexpr Command kObjectCommands[] = {
    {"object put",
     "put",
     "FILE|DIRECTORY|-... BUCKET[/NAME]",
     2,
     kUnlimited,
     "Store files as objects.",
     "\"-\" is standard input. Without a name, or with one that ends with /, files keep theirs below it.",
     kPutFlags,
     {{"ais put dataset.tar ais://imagenet", "one file under its own name"},
      {"ais put -r train ais://imagenet/train/ -j 64 --checksum", "a directory, 64 files at a time, verified on arrival"}},
     put},
    {"object get",
     "get",
     "BUCKET/OBJECT|BUCKET [FILE|DIRECTORY|-]",
     1,
     2,
     "Fetch objects into files.",
     "A file appears under its name only when all of it has arrived. \"-\" is standard output.",
     kGetFlags,
     {{"ais get ais://imagenet/dataset.tar /data/ --check", "into a directory, checksum compared"},
      {"ais get ais://imagenet --prefix train/ ./copy", "everything below train/"}},
     get},
    {"object cat",
     "cat",
     "BUCKET/OBJECT",
     1,
     1,
     "Write an object to standard output.",
     "",
     kCatFlags,
     {{"ais cat ais://logs/today | less", "read it"}, {"ais cat ais://logs/today --offset 1MiB --length 4KiB", "a part of it"}},
     cat},
    {"object rm",
     "rmo",
     "BUCKET/OBJECT... | BUCKET --prefix TEXT",
     1,
     kUnlimited,
     "Remove objects.",
     "Names may be templates such as shard-{000..999}.tar. Asks first when a template or a prefix names them.",
     kRemoveFlags,
     {{"ais rmo ais://logs/yesterday", "one object"},
      {"ais rmo 'ais://imagenet/shard-{000..099}.tar' --yes", "a hundred objects without a question"}},
     remove_objects},
    {"object cp",
     "cp",
     "BUCKET/OBJECT BUCKET[/NAME]",
     2,
     2,
     "Copy an object within the cluster.",
     "",
     {},
     {{"ais cp ais://a/model.bin ais://b", "into another bucket, same name"},
      {"ais cp ais://a/model.bin ais://a/old/", "below another prefix"}},
     copy_object},
    {"object mv",
     "mv",
     "BUCKET/OBJECT NAME",
     2,
     2,
     "Rename an object within its bucket.",
     "",
     {},
     {{"ais mv ais://a/model.tmp model.bin", "a new name"},
      {"ais mv ais://a/model.tmp ais://a/models/1.bin", "the name written with its bucket"}},
     rename_object},
    {"object show",
     "show object",
     "BUCKET/OBJECT",
     1,
     1,
     "Show what is stored with an object.",
     "",
     {},
     {{"ais show object ais://imagenet/dataset.tar", "size, checksum, version, place, custom properties"},
      {"ais object show ais://imagenet/dataset.tar --json", "the same as JSON"}},
     show_object},
    {"object set-custom",
     "",
     "BUCKET/OBJECT NAME=VALUE...",
     2,
     kUnlimited,
     "Attach custom properties to an object.",
     "",
     kCustomFlags,
     {{"ais object set-custom ais://imagenet/dataset.tar source=web license=mit", "add or change two pairs"},
      {"ais object set-custom ais://imagenet/dataset.tar source=web --replace", "this pair and no other"}},
     set_object_custom},
};

}  // namespace

std::span<const Command> object_commands() { return kObjectCommands; }

}  // namespace ais::cli
