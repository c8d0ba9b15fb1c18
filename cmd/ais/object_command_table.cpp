// Rows of the command table: objects.
#include "ais/command_tables.h"
#include "ais/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kParallel = {"parallel", "N", "objects at a time (default 16)", 'j', false};
constexpr Flag kProgress = {"progress", nullptr, "say how far it is; in a pipe too, then a line every two seconds", 0, false};
constexpr Flag kNoProgress = {"no-progress", nullptr, "no progress line on a terminal", 0, false};
constexpr Flag kLiteral = {"literal", nullptr, "names are what they are: {0..9} is no template", 0, false};
constexpr Flag kPrefix = {"prefix", "TEXT", "all objects of the bucket that begin with it; \"\" for all", 'p', false};
constexpr Flag kAll = {"all", nullptr, "all objects of the bucket", 0, false};
constexpr Flag kLimit = {"limit", "N", "so many objects at most", 'n', false};
constexpr Flag kOffset = {"offset", "BYTES", "begin at this byte", 0, false};
constexpr Flag kLength = {"length", "BYTES", "so many bytes only", 0, false};

constexpr Flag kPutFlags[] = {
    {"recursive", nullptr, "directories with all that is below them", 'r', false},
    {"include", "PATTERN", "of directories only files like *.jpg; with a / in it, paths below the directory", 0, true},
    {"exclude", "PATTERN", "of directories no files like this", 0, true},
    kLiteral,
    {"skip-existing", nullptr, "leave out what is there already with the same size and checksum", 0, false},
    {"dry-run", nullptr, "say what would be sent, send nothing", 0, false},
    {"checksum", nullptr, "send a checksum, so that the target refuses bytes that changed on the way", 0, false},
    {"custom", "NAME=VALUE", "custom property of the objects", 0, true},
    kParallel,
    kProgress,
    kNoProgress,
};
constexpr Flag kGetFlags[] = {
    kOffset,
    kLength,
    {"check", nullptr, "compare with the object's checksum, fail when it differs", 0, false},
    kPrefix,
    kAll,
    kLiteral,
    {"skip-existing", nullptr, "leave out files that are there already with the size and checksum of their object", 0, false},
    {"dry-run", nullptr, "say what would be fetched, fetch nothing", 0, false},
    kLimit,
    kParallel,
    kProgress,
    kNoProgress,
};
constexpr Flag kCatFlags[] = {
    kOffset,
    kLength,
    {"check", nullptr, "fail at the end when the checksum differs", 0, false},
    kLiteral,
};
constexpr Flag kRemoveFlags[] = {
    kPrefix,   kAll,      kLiteral,    kLimit, {"dry-run", nullptr, "say what would be removed, remove nothing", 0, false},
    kParallel, kProgress, kNoProgress,
};
constexpr Flag kCopyFlags[] = {
    kPrefix,
    kAll,
    kLiteral,
    {"skip-existing", nullptr, "leave out what is there already with the same size and checksum", 0, false},
    {"dry-run", nullptr, "say what would be copied, copy nothing", 0, false},
    kLimit,
    kParallel,
    kProgress,
    kNoProgress,
};
constexpr Flag kRenameFlags[] = {
    kPrefix,   kLiteral,    {"dry-run", nullptr, "say what would be renamed, rename nothing", 0, false}, kLimit, kParallel,
    kProgress, kNoProgress,
};
constexpr Flag kCustomFlags[] = {{"replace", nullptr, "drop the pairs that are not given", 0, false}};

constexpr const char* kPutDetails =
    "Sources are files, directories, \"-\" for standard input and, in quotes, patterns of the shell ('*.jpg') and templates "
    "('shard-{000..099}.tar'). Without a name, or with one that ends with /, files keep theirs below it; a template as name goes with as "
    "many sources.\n"
    "--skip-existing compares sizes and then checksums, of the type that the object has; an object without a checksum counts as the same "
    "when its size is. Run again with it, a put that was interrupted goes on where it stopped.\n"
    "The first SIGINT or SIGTERM ends the command within a second: what was sent is told, the exit status is 130. The second one ends it "
    "at once.";
constexpr const char* kGetDetails =
    "BUCKET/OBJECT is one object, or a template; BUCKET/PREFIX/ and --prefix are all that begin so. A file appears under its name only "
    "when all of it has arrived. \"-\" is standard output, /dev/null is for trying the cluster.\n"
    "Below a directory an object has its whole name, without the PREFIX/ that was written behind the bucket. Names that cannot be files "
    "there (\"a\" beside \"a/b\", a part of more than 255 bytes, \"..\") are told and the rest is fetched.\n"
    "--skip-existing compares sizes and then checksums, of the type that the object has; for an object without a checksum the size "
    "alone. Until they are complete, files lie in a directory .ais-partial-* at the destination; what a killed run left there goes with "
    "the next one. A signal ends the command as it ends put.";

constexpr Command kObjectCommands[] = {
    {"object put",
     "put",
     "FILE|DIRECTORY|-... BUCKET[/NAME]",
     2,
     kUnlimited,
     "Store files as objects.",
     kPutDetails,
     kPutFlags,
     {{"ais put -r train ais://imagenet/train/ --include '*.jpg' --skip-existing", "a directory, only what is new or changed in it"},
      {"ais put 'shard-{000..099}.tar' ais://imagenet/shards/ --dry-run", "what a hundred files would become"}},
     put,
     {ValueKind::kFile, ValueKind::kObjectOrFile}},
    {"object get",
     "get",
     "BUCKET/OBJECT|BUCKET[/PREFIX/] [FILE|DIRECTORY|-]",
     1,
     2,
     "Fetch objects into files.",
     kGetDetails,
     kGetFlags,
     {{"ais get ais://imagenet/dataset.tar data/ --check", "into a directory, checksum compared"},
      {"ais get ais://imagenet/train/ ./train --skip-existing", "everything below train/ that is not here yet"}},
     get,
     {ValueKind::kObject, ValueKind::kFile}},
    {"object cat",
     "cat",
     "BUCKET/OBJECT...",
     1,
     kUnlimited,
     "Write objects to standard output.",
     "One after the other; names may be templates.",
     kCatFlags,
     {{"ais cat ais://logs/today | less", "read it"}, {"ais cat ais://logs/today --offset 1MiB --length 4KiB", "a part of it"}},
     cat,
     {ValueKind::kObject}},
    {"object rm",
     "rmo",
     "BUCKET/OBJECT... | BUCKET --prefix TEXT",
     1,
     kUnlimited,
     "Remove objects.",
     "Names may be templates such as shard-{000..999}.tar. Asks first when a template, --prefix or --all names them.",
     kRemoveFlags,
     {{"ais rmo ais://logs --prefix 2024- --dry-run", "what would go"},
      {"ais rmo 'ais://imagenet/shard-{000..099}.tar' --yes", "a hundred objects without a question"}},
     remove_objects,
     {ValueKind::kObject}},
    {"object cp",
     "cp",
     "BUCKET/OBJECT|BUCKET[/PREFIX/]... BUCKET[/NAME]",
     2,
     kUnlimited,
     "Copy objects within the cluster.",
     "Names may be templates. Without a new name, or below one that ends with /, objects keep theirs: one object its last part, many "
     "their whole name without the PREFIX/ that was written behind the bucket. Existing objects are overwritten.",
     kCopyFlags,
     {{"ais cp ais://a/model.bin ais://a/old/", "below another prefix"},
      {"ais cp ais://a/train/ ais://b/ --skip-existing", "everything below train/ that the other bucket does not have"}},
     copy_objects,
     {ValueKind::kObject}},
    {"object mv",
     "mv,object rename",
     "BUCKET/OBJECT|BUCKET/PREFIX/... NAME",
     2,
     kUnlimited,
     "Rename objects within their bucket.",
     "Names may be templates, as many old as new ones; a NAME that ends with / is a prefix. Asks first when it renames more than one.",
     kRenameFlags,
     {{"ais mv ais://a/model.tmp model.bin", "a new name"},
      {"ais mv ais://a/incoming/ ais://a/checked/ --dry-run", "what another prefix would do to the names"}},
     rename_objects,
     {ValueKind::kObject}},
    {"object append",
     "append",
     "FILE|-... BUCKET/OBJECT",
     2,
     kUnlimited,
     "Append files, or standard input, to an object.",
     "The object is made when there is none. It grows by all of it at once, at the end; who reads it meanwhile reads what was there.",
     {},
     {{"ais object append today.log ais://logs/all", "a file behind what is there"},
      {"ais append - ais://logs/journal < journal.txt", "standard input"}},
     append_object,
     {ValueKind::kFile, ValueKind::kObjectOrFile}},
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
     show_object,
     {ValueKind::kObject}},
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
     set_object_custom,
     {ValueKind::kObject, ValueKind::kText}},
    {"object check-lock",
     "",
     "BUCKET/OBJECT",
     1,
     1,
     "Say whether an object is being read or written.",
     "Prints unlocked, read-locked or write-locked.",
     {},
     {{"ais object check-lock ais://imagenet/dataset.tar", "its lock at this moment"},
      {"ais object check-lock ais://imagenet/dataset.tar --json", "the same as JSON"}},
     check_object_lock,
     {ValueKind::kObject}},
};

}  // namespace

std::span<const Command> object_commands() { return kObjectCommands; }

}  // namespace ais::cli
