// Rows of the command table: objects.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kParallel = {"parallel", "N", "objects at a time (default 16); where this is -j, JSON is --json alone", 'j'};
constexpr Flag kProgress = {"progress", nullptr, "say how far it is; in a pipe too, then a line every two seconds"};
constexpr Flag kNoProgress = {"no-progress", nullptr, "no progress line on a terminal"};
constexpr Flag kVerbose = {"verbose", nullptr, "a line for each object", 'v'};
constexpr Flag kNonVerbose = {"non-verbose", nullptr, "neither progress nor result, only what failed"};
constexpr Flag kLiteral = {"literal", nullptr, "names are what they are: {0..9} is no template"};
constexpr Flag kPrefix = {"prefix", "TEXT", "all objects of the bucket that begin with it; \"\" for all", 'p'};
constexpr Flag kAll = {"all", nullptr, "all objects of the bucket"};
constexpr Flag kList = {"list", "NAMES", "these objects of the bucket: names separated by commas"};
constexpr Flag kNamesFrom = {
    "names-from",
    "FILE",
    "these objects of the bucket: a name on each line of the file, the last end of line may be missing, \"-\" is standard input",
    0,
    false,
    ValueKind::kFile};
constexpr Flag kNull = {"null", nullptr, "names in that file have a NUL behind each, the last one too, as \"ais ls --null\" prints them",
                        '0'};
constexpr Flag kTemplate = {"template", "TEXT", "the objects of the bucket that a template names; without a range it is a prefix"};
constexpr Flag kNoRecursion = {"no-recursion", nullptr, "of a prefix only names without a / behind it"};
constexpr Flag kLimit = {"limit", "N", "so many objects at most", 'n'};
constexpr Flag kOffset = {"offset", "BYTES", "begin at this byte"};
constexpr Flag kLength = {"length", "BYTES", "so many bytes only"};
constexpr Flag kRecursive = {"recursive", nullptr, "directories with all that is below them", 'r'};
constexpr Flag kSkipThere = {"skip-existing", nullptr, "leave out what is there already with the same size and checksum"};
constexpr Flag kNoClobber = {"no-clobber", nullptr, "leave out objects whose new name is taken already"};

constexpr Flag kPutFlags[] = {
    kRecursive,
    {"include", "PATTERN", "of directories only files like *.jpg; with a / in it, paths below the directory", 0, true},
    {"exclude", "PATTERN", "of directories no files or links like this", 0, true},
    {"list", "NAMES", "these files, separated by commas; the bucket is the only argument", 0, false, ValueKind::kFile},
    {"names-from", "FILE", "these files: a name on each line of FILE, the last end of line may be missing, \"-\" is standard input", 0,
     false, ValueKind::kFile},
    kNull,
    {"template", "TEXT", "the files that a template names; the bucket is the only argument", 0, false, ValueKind::kFile},
    {"include-src-dir", nullptr, "begin the names with the last part of the directory"},
    kLiteral,
    kSkipThere,
    {"dry-run", nullptr, "say what would be sent, send nothing"},
    {"checksum", nullptr, "send a checksum, so that the target refuses bytes that changed on the way"},
    {"crc32c", "HEX", "of a single file: send it when it has this checksum"},
    {"md5", "HEX", "the same with MD5"},
    {"sha256", "HEX", "the same with SHA-256"},
    {"sha512", "HEX", "the same with SHA-512"},
    {"xxhash", "HEX", "the same with XXH64"},
    {"xxhash2", "HEX", "another name of it"},
    {"custom", "NAME=VALUE", "custom property of the objects", 0, true},
    {"append", nullptr, "add the files to one object, as \"object append\" does"},
    {"retries", "N", "send a file so many times more when the cluster could not take it (default 0)"},
    kParallel,
    kVerbose,
    kNonVerbose,
    kProgress,
    kNoProgress,
};
constexpr Flag kGetFlags[] = {
    kOffset,
    kLength,
    {"check", nullptr, "compare with the object's checksum, fail when it differs"},
    {"check-cached", nullptr, "fetch nothing, say yes or no: is the object there"},
    kPrefix,
    kAll,
    kList,
    kNamesFrom,
    kNull,
    kTemplate,
    kNoRecursion,
    kLiteral,
    {"skip-existing", nullptr, "leave out files that are there already with the size and checksum of their object"},
    {"dry-run", nullptr, "say what would be fetched, fetch nothing"},
    kLimit,
    kParallel,
    kVerbose,
    kNonVerbose,
    kProgress,
    kNoProgress,
};
constexpr Flag kCatFlags[] = {
    kOffset,
    kLength,
    {"check", nullptr, "fail at the end when the checksum differs"},
    kLiteral,
};
constexpr Flag kRemoveFlags[] = {
    kPrefix,   kAll,         kList,       kNamesFrom, kNull,
    kTemplate, kNoRecursion, kLiteral,    kLimit,     {"dry-run", nullptr, "say what would be removed, remove nothing"},
    kParallel, kVerbose,     kNonVerbose, kProgress,  kNoProgress,
};
constexpr Flag kCopyFlags[] = {
    kPrefix,      kAll,       kList,
    kNamesFrom,   kNull,      kTemplate,
    kNoRecursion, kLiteral,   {"prepend", "TEXT", "put it in front of each name; with a / at its end they go below it"},
    kSkipThere,   kNoClobber, {"dry-run", nullptr, "say what would be copied, copy nothing"},
    kLimit,       kParallel,  kVerbose,
    kNonVerbose,  kProgress,  kNoProgress,
};
constexpr Flag kRenameFlags[] = {
    kPrefix,     kList,      kNamesFrom,
    kNull,       kTemplate,  kNoRecursion,
    kLiteral,    kNoClobber, {"dry-run", nullptr, "say what would be renamed, rename nothing"},
    kLimit,      kParallel,  kVerbose,
    kNonVerbose, kProgress,  kNoProgress,
};
constexpr Flag kAppendFlags[] = {
    kRecursive, kLiteral, {"dry-run", nullptr, "say what would be appended, send nothing"}, kProgress, kNoProgress,
};
constexpr Flag kCustomFlags[] = {
    {"replace", nullptr, "drop the pairs that are not given"},
};

constexpr const char* kPutDetails =
    "Sources are files, directories, \"-\" for standard input and, in quotes, patterns of the shell ('*.jpg') and templates "
    "('shard-{000..099}.tar'). Without a name, or with one that ends with /, files keep theirs below it; a template as name goes with as "
    "many sources. What is below a directory goes below the name. Two files of one name are an error of the second one.\n\n"
    "Below a directory, symbolic links to files are followed. Links to directories, links to nothing, sockets, pipes and devices are left "
    "out and told, and the exit status is 1, unless --exclude names them.\n\n"
    "What comes from a pipe is sent as it comes, in bounded memory and without a temporary file, and can be sent only once: --retries are "
    "for pipes of less than 1 MiB. Only --skip-existing copies a longer one to $TMPDIR first. A pipe may be silent for as long as it "
    "likes.\n\n"
    "--skip-existing compares sizes and then checksums, of the type that the object has; an object without a checksum counts as the same "
    "when its size is. Run again with it, a put that was interrupted goes on where it stopped.\n\n"
    "The first SIGINT or SIGTERM ends the command within a second: what was sent is told, the exit status is 130 or 143. The second one "
    "ends it at once. A pipe whose end comes after a signal may not be whole: its object stays as it was.";
constexpr const char* kGetDetails =
    "BUCKET/OBJECT is one object, or a template; BUCKET/PREFIX/ and --prefix are all that begin so. A file appears under its name only "
    "when all of it has arrived. It takes the place of what has that name, of a read-only file or a symbolic link too, whose target stays "
    "as it is. On a terminal you are asked before a single object replaces a file, unless you say --yes; a script is not asked. \"-\" is "
    "standard output. Devices, pipes and descriptors such as /dev/stdout and /dev/fd/3 are written to as they are; /dev/null is for "
    "trying the cluster. Directories that are missing are made.\n\n"
    "Below a directory an object has its whole name, without the PREFIX/ that was written behind the bucket. Names that cannot be files "
    "there (\"a\" beside \"a/b\", a part of more than 255 bytes, \"..\") are told and the rest is fetched.\n\n"
    "--skip-existing compares sizes and then checksums, of the type that the object has; for an object without a checksum the size "
    "alone. Until they are complete, files lie in a directory .ais-partial-* at the destination; what a killed run left there goes with "
    "the next one. A signal ends the command as it ends put.";

constexpr Flag kShowFlags[] = {
    {"props", "LIST", "only these rows of the table (default all)", 0, false, ValueKind::kChoiceList,
     "name,bucket,size,checksum,version,atime,custom,location,etag,all"},
};

constexpr Command kObjectCommands[] = {
    {"object put",
     "put",
     {"FILE|DIRECTORY|-... BUCKET[/NAME]", 1, kUnlimited, {ValueKind::kFile, ValueKind::kObjectOrFile}},
     "Store files as objects.",
     kPutDetails,
     kPutFlags,
     {{"ais put -r train ais://imagenet/train/ --include '*.jpg' --skip-existing", "a directory, only what is new or changed in it"},
      {"ais put 'shard-{000..099}.tar' ais://imagenet/shards/ --dry-run", "what a hundred files would become"}},
     put},
    {"object get",
     "get",
     {"BUCKET/OBJECT|BUCKET[/PREFIX/] [FILE|DIRECTORY|-]", 1, 2, {ValueKind::kObject, ValueKind::kFile}},
     "Fetch objects into files.",
     kGetDetails,
     kGetFlags,
     {{"ais get ais://imagenet/dataset.tar data/ --check", "into a directory, checksum compared"},
      {"ais get ais://imagenet/train/ ./train --skip-existing", "everything below train/ that is not here yet"}},
     get},
    {"object cat",
     "cat",
     {"BUCKET/OBJECT...", 1, kUnlimited, {ValueKind::kObject}},
     "Write objects to standard output.",
     "One after the other; names may be templates.",
     kCatFlags,
     {{"ais cat ais://logs/today | less", "read it"}, {"ais cat ais://logs/today --offset 1MiB --length 4KiB", "a part of it"}},
     cat},
    {"object rm",
     "rmo",
     {"BUCKET/OBJECT...|BUCKET/PREFIX/", 1, kUnlimited, {ValueKind::kObject}},
     "Remove objects.",
     "Names may be templates such as shard-{000..999}.tar. Asks first when a template, PREFIX/, --prefix or --all names them.",
     kRemoveFlags,
     {{"ais rmo ais://logs --prefix 2024- --dry-run", "what would go"},
      {"ais rmo 'ais://imagenet/shard-{000..099}.tar' --yes", "a hundred objects without a question"}},
     remove_objects},
    {"object cp",
     "cp",
     {"BUCKET/OBJECT|BUCKET[/PREFIX/]... BUCKET[/NAME]", 2, kUnlimited, {ValueKind::kObject}},
     "Copy objects within the cluster.",
     "A bucket alone is all that is in it. Where all of a bucket or of a prefix is copied to a bucket that does not exist, that one is "
     "made, with the properties of the first. Names may be templates. Without a new name, or below one that ends with /, objects keep "
     "theirs: one object its last part, many their whole name without the PREFIX/ that was written behind the bucket.\n"
     "An object that has the new name already is replaced, unless --no-clobber or --skip-existing leaves it; on a terminal you are asked "
     "before a single one is.",
     kCopyFlags,
     {{"ais cp ais://a ais://a-copy", "a whole bucket, which is made when it does not exist"},
      {"ais cp ais://a/train/ ais://b/ --skip-existing", "everything below train/ that the other bucket does not have"}},
     copy_objects},
    {"object mv",
     "mv",
     {"BUCKET/OBJECT|BUCKET/PREFIX/... NAME", 2, kUnlimited, {ValueKind::kObject}},
     "Rename objects within their bucket.",
     "Names may be templates, as many old as new ones; a NAME that ends with / is a prefix. Asks first when it renames more than one.\n"
     "An object that has the new name already is replaced, unless --no-clobber leaves it; on a terminal you are asked before a single one "
     "is. A move whose new names could be those of objects that are moved too is refused.",
     kRenameFlags,
     {{"ais mv ais://a/model.tmp model.bin", "a new name"},
      {"ais mv ais://a/incoming/ ais://a/checked/ --dry-run", "what another prefix would do to the names"}},
     rename_objects},
    {"object append",
     "append",
     {"FILE|DIRECTORY|-... BUCKET/OBJECT", 2, kUnlimited, {ValueKind::kFile, ValueKind::kObjectOrFile}},
     "Append files, or standard input, to an object.",
     "The object is made when there is none. It grows by all of it at once, at the end; who reads it meanwhile reads what was there. Of "
     "several appends to one object at the same time one succeeds, and the others fail and may be repeated. Files of a directory, and "
     "those that match a pattern, come in the order of their names.",
     kAppendFlags,
     {{"ais object append today.log ais://logs/all", "a file behind what is there"},
      {"ais append - ais://logs/journal < journal.txt", "standard input"}},
     append_object},
    {"object show",
     "show object",
     {"BUCKET/OBJECT", 1, 1, {ValueKind::kObject}},
     "Show what is stored with an object.",
     "",
     kShowFlags,
     {{"ais show object ais://imagenet/dataset.tar", "size, checksum, version, place, custom properties"},
      {"ais object show ais://imagenet/dataset.tar --json", "the same as JSON"}},
     show_object},
    {"object set-custom",
     "",
     {"BUCKET/OBJECT NAME=VALUE...", 2, kUnlimited, {ValueKind::kObject, ValueKind::kText}},
     "Attach custom properties to an object.",
     "",
     kCustomFlags,
     {{"ais object set-custom ais://imagenet/dataset.tar source=web license=mit", "add or change two pairs"},
      {"ais object set-custom ais://imagenet/dataset.tar source=web --replace", "this pair and no other"}},
     set_object_custom},
    {"object check-lock",
     "advanced check-lock",
     {"BUCKET/OBJECT", 1, 1, {ValueKind::kObject}},
     "Say whether an object is being read or written.",
     "Prints unlocked, read-locked or write-locked.",
     {},
     {{"ais object check-lock ais://imagenet/dataset.tar", "its lock at this moment"},
      {"ais object check-lock ais://imagenet/dataset.tar --json", "the same as JSON"}},
     check_object_lock},
};

}  // namespace

std::span<const Command> object_commands() { return kObjectCommands; }

}  // namespace ais::cli
