// Rows of the command table: objects.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kParallel = {"parallel", "N", "objects at a time (default 16); this command has -j for it, so write --json in full", 'j'};
constexpr Flag kProgress = {"progress", nullptr, "show progress; when the output is a pipe, one line every two seconds"};
constexpr Flag kNoProgress = {"no-progress", nullptr, "show no progress line on a terminal"};
constexpr Flag kVerbose = {"verbose", nullptr, "print a line for each object", 'v'};
constexpr Flag kNonVerbose = {"non-verbose", nullptr, "print neither progress nor result, only failures"};
constexpr Flag kLiteral = {"literal", nullptr, "take names literally: {0..9} is not a template"};
constexpr Flag kPrefix = {"prefix", "TEXT", "all objects of the bucket whose name begins with TEXT; \"\" for all", 'p'};
constexpr Flag kAll = {"all", nullptr, "all objects of the bucket"};
constexpr Flag kList = {"list", "NAMES", "these objects of the bucket, names separated by commas"};
constexpr Flag kNamesFrom = {
    "names-from",
    "FILE",
    "these objects of the bucket: one name per line of FILE (a final newline is not needed); \"-\" is standard input",
    0,
    false,
    ValueKind::kFile};
constexpr Flag kNull = {"null", nullptr, "names in that file end with a NUL each, including the last one, as \"ais ls --null\" prints them",
                        '0'};
constexpr Flag kTemplate = {"template", "TEXT", "the objects of the bucket named by a template; without a range it is a prefix"};
constexpr Flag kNoRecursion = {"no-recursion", nullptr, "of a prefix only names without a further /"};
constexpr Flag kLimit = {"limit", "N", "at most N objects", 'n'};
constexpr Flag kOffset = {"offset", "BYTES", "begin at this byte"};
constexpr Flag kLength = {"length", "BYTES", "only this many bytes"};
constexpr Flag kRecursive = {"recursive", nullptr, "include directories and everything below them", 'r'};
constexpr Flag kSkipThere = {"skip-existing", nullptr, "skip what is there already with the same size and checksum"};
constexpr Flag kNoClobber = {"no-clobber", nullptr, "skip objects whose new name is taken already"};

constexpr Flag kPutFlags[] = {
    kRecursive,
    {"include", "PATTERN",
     "from directories only files like *.jpg; with a / in the pattern it is compared with the path below the directory", 0, true},
    {"exclude", "PATTERN", "from directories no files or links that match", 0, true},
    {"list", "NAMES", "these files, separated by commas; the bucket is the only argument", 0, false, ValueKind::kFile},
    {"names-from", "FILE", "these files: one name per line of FILE (a final newline is not needed); \"-\" is standard input", 0, false,
     ValueKind::kFile},
    kNull,
    {"template", "TEXT", "the files named by a template; the bucket is the only argument", 0, false, ValueKind::kFile},
    {"include-src-dir", nullptr, "begin object names with the last component of the directory"},
    kLiteral,
    kSkipThere,
    {"dry-run", nullptr, "show what would be sent, without sending it"},
    {"checksum", nullptr, "send a checksum, so that the target refuses bytes that were changed on the way"},
    {"crc32c", "HEX", "for a single file: send it only if it has this CRC32C"},
    {"md5", "HEX", "the same with MD5"},
    {"sha256", "HEX", "the same with SHA-256"},
    {"sha512", "HEX", "the same with SHA-512"},
    {"xxhash", "HEX", "the same with XXH64"},
    {"xxhash2", "HEX", "the same as --xxhash"},
    {"custom", "NAME=VALUE", "custom property of the objects", 0, true},
    {"append", nullptr, "append the files to one object, as \"object append\" does"},
    {"retries", "N", "send a file up to N more times when the cluster could not accept it (default 0)"},
    kParallel,
    kVerbose,
    kNonVerbose,
    kProgress,
    kNoProgress,
};
constexpr Flag kGetFlags[] = {
    kOffset,
    kLength,
    {"check", nullptr, "compare with the object's checksum and fail when it differs"},
    {"check-cached", nullptr, "fetch nothing, only say whether the object is there"},
    kPrefix,
    kAll,
    kList,
    kNamesFrom,
    kNull,
    kTemplate,
    kNoRecursion,
    kLiteral,
    {"skip-existing", nullptr, "skip files that are there already with the size and checksum of their object"},
    {"dry-run", nullptr, "show what would be fetched, without fetching it"},
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
    {"check", nullptr, "compare the checksum and fail at the end when it differs"},
    kLiteral,
};
constexpr Flag kRemoveFlags[] = {
    kPrefix,   kAll,         kList,       kNamesFrom, kNull,
    kTemplate, kNoRecursion, kLiteral,    kLimit,     {"dry-run", nullptr, "show what would be removed, without removing it"},
    kParallel, kVerbose,     kNonVerbose, kProgress,  kNoProgress,
};
constexpr Flag kCopyFlags[] = {
    kPrefix,      kAll,       kList,
    kNamesFrom,   kNull,      kTemplate,
    kNoRecursion, kLiteral,   {"prepend", "TEXT", "put TEXT in front of each name; if it ends with /, it is a directory for the names"},
    kSkipThere,   kNoClobber, {"dry-run", nullptr, "show what would be copied, without copying it"},
    kLimit,       kParallel,  kVerbose,
    kNonVerbose,  kProgress,  kNoProgress,
};
constexpr Flag kRenameFlags[] = {
    kPrefix,     kList,      kNamesFrom,
    kNull,       kTemplate,  kNoRecursion,
    kLiteral,    kNoClobber, {"dry-run", nullptr, "show what would be renamed, without renaming it"},
    kLimit,      kParallel,  kVerbose,
    kNonVerbose, kProgress,  kNoProgress,
};
constexpr Flag kAppendFlags[] = {
    kRecursive, kLiteral, {"dry-run", nullptr, "show what would be appended, without sending it"}, kProgress, kNoProgress,
};
constexpr Flag kCustomFlags[] = {
    {"replace", nullptr, "remove the pairs that are not given"},
};

constexpr const char* kPutDetails =
    "Sources are files, directories, \"-\" for standard input and, in quotes, shell patterns ('*.jpg') and templates "
    "('shard-{000..099}.tar'). Without a NAME, or with one that ends with /, files keep their own names under it; a "
    "template as NAME needs as many names as there are sources. The contents of a directory are stored under NAME. If two "
    "files would get the same name, the second one is an error.\n\n"
    "Below a directory, symbolic links to files are followed. Links to directories, links to nothing, sockets, pipes and "
    "devices are skipped and reported, and the exit status is 1, unless --exclude names them.\n\n"
    "Data from a pipe are sent as they arrive, in bounded memory and without a temporary file. They can be sent only once, "
    "so --retries works for pipes of less than 1 MiB. Only --skip-existing copies a longer pipe to $TMPDIR first. There is "
    "no time limit on a silent pipe.\n\n"
    "--skip-existing compares sizes and then checksums, of the type that the object has; an object without a checksum "
    "counts as the same when its size is the same. To continue a put that was interrupted, run it again with "
    "--skip-existing.\n\n"
    "The first SIGINT or SIGTERM ends the command within a second: it reports what was sent and exits with status 130 or "
    "143. The second one ends it at once. If a pipe ends after a signal, its data may be incomplete, so its object is left "
    "as it was.";
constexpr const char* kGetDetails =
    "BUCKET/OBJECT is one object or a template; BUCKET/PREFIX/ and --prefix are all objects that begin with the prefix. A "
    "file appears under its name only when it is complete. It replaces whatever has that name, even a read-only file or a "
    "symbolic link; the link's target is left alone. On a terminal you are asked before a single object replaces a file, "
    "unless you give --yes; a script is not asked. \"-\" is standard output. Devices, pipes and descriptors such as "
    "/dev/stdout and /dev/fd/3 are written to directly; use /dev/null to test the cluster. Missing directories are made.\n\n"
    "In a directory a file has the object's whole name, without the PREFIX/ that was given after the bucket. Names that "
    "cannot be files there (\"a\" next to \"a/b\", a component of more than 255 bytes, \"..\") are reported, and the rest is "
    "fetched.\n\n"
    "--skip-existing compares sizes and then checksums, of the type that the object has; for an object without a checksum, "
    "only sizes. Until they are complete, files are kept in a directory .ais-partial-* at the destination; the next run "
    "removes what a killed run left there. Signals have the same effect as for put.";

constexpr Flag kShowFlags[] = {
    {"props", "LIST", "show only these rows of the table (default all)", 0, false, ValueKind::kChoiceList,
     "name,bucket,size,checksum,version,atime,custom,location,etag,all"},
};

constexpr Command kObjectCommands[] = {
    {"object put",
     "put",
     {"FILE|DIRECTORY|-... BUCKET[/NAME]", 1, kUnlimited, {ValueKind::kFile, ValueKind::kObjectOrFile}},
     "Store files as objects.",
     kPutDetails,
     kPutFlags,
     {{"ais put -r train ais://imagenet/train/ --include '*.jpg' --skip-existing", "a directory, sending only what is new or changed"},
      {"ais put 'shard-{000..099}.tar' ais://imagenet/shards/ --dry-run", "show which objects a hundred files would become"}},
     put},
    {"object get",
     "get",
     {"BUCKET/OBJECT|BUCKET[/PREFIX/] [FILE|DIRECTORY|-]", 1, 2, {ValueKind::kObject, ValueKind::kFile}},
     "Fetch objects into files.",
     kGetDetails,
     kGetFlags,
     {{"ais get ais://imagenet/dataset.tar data/ --check", "into a directory, verifying the checksum"},
      {"ais get ais://imagenet/train/ ./train --skip-existing", "everything under train/ that is not here yet"}},
     get},
    {"object cat",
     "cat",
     {"BUCKET/OBJECT...", 1, kUnlimited, {ValueKind::kObject}},
     "Write objects to standard output.",
     "Objects are written one after the other; names may be templates.",
     kCatFlags,
     {{"ais cat ais://logs/today | less", "read an object"}, {"ais cat ais://logs/today --offset 1MiB --length 4KiB", "part of an object"}},
     cat},
    {"object rm",
     "rmo",
     {"BUCKET/OBJECT...|BUCKET/PREFIX/", 1, kUnlimited, {ValueKind::kObject}},
     "Remove objects.",
     "Names may be templates such as shard-{000..999}.tar. Asks first when objects are named by a template, PREFIX/, --prefix or --all.",
     kRemoveFlags,
     {{"ais rmo ais://logs --prefix 2024- --dry-run", "show what would be removed"},
      {"ais rmo 'ais://imagenet/shard-{000..099}.tar' --yes", "a hundred objects without confirmation"}},
     remove_objects},
    {"object cp",
     "cp",
     {"BUCKET/OBJECT|BUCKET[/PREFIX/]... BUCKET[/NAME]", 2, kUnlimited, {ValueKind::kObject}},
     "Copy objects within the cluster.",
     "A bucket without a name means everything in it. When a whole bucket or prefix is copied to a bucket that does not "
     "exist, that bucket is made, with the properties of the first one. Names may be templates. Without a new name, or with "
     "one that ends with /, objects keep their own names: a single object the last component, several objects their whole "
     "names without the PREFIX/ that was given after the bucket.\n"
     "An object that already has the new name is replaced, unless --no-clobber or --skip-existing is given; on a terminal "
     "you are asked before a single object is replaced.",
     kCopyFlags,
     {{"ais cp ais://a ais://a-copy", "a whole bucket; the copy is made when it does not exist"},
      {"ais cp ais://a/train/ ais://b/ --skip-existing", "everything under train/ that the other bucket does not have"}},
     copy_objects},
    {"object mv",
     "mv",
     {"BUCKET/OBJECT|BUCKET/PREFIX/... NAME", 2, kUnlimited, {ValueKind::kObject}},
     "Rename objects within their bucket.",
     "Names may be templates, with as many new names as old ones; a NAME that ends with / is a prefix. Asks first when it "
     "renames more than one.\n"
     "An object that already has the new name is replaced, unless --no-clobber is given; on a terminal you are asked before "
     "a single object is replaced. The command is refused when new names could be those of other objects that it renames.",
     kRenameFlags,
     {{"ais mv ais://a/model.tmp model.bin", "give an object a new name"},
      {"ais mv ais://a/incoming/ ais://a/checked/ --dry-run", "show the new names under another prefix"}},
     rename_objects},
    {"object append",
     "append",
     {"FILE|DIRECTORY|-... BUCKET/OBJECT", 2, kUnlimited, {ValueKind::kFile, ValueKind::kObjectOrFile}},
     "Append files, or standard input, to an object.",
     "The object is made when it does not exist. Everything is added at once, at the end; until then readers see the old "
     "content. Of several concurrent appends to one object one succeeds; the others fail and may be repeated. Files of a "
     "directory, or that match a pattern, are appended in the order of their names.",
     kAppendFlags,
     {{"ais object append today.log ais://logs/all", "add a file to the end of an object"},
      {"ais append - ais://logs/journal < journal.txt", "add standard input"}},
     append_object},
    {"object show",
     "show object",
     {"BUCKET/OBJECT", 1, 1, {ValueKind::kObject}},
     "Show the stored attributes of an object.",
     "",
     kShowFlags,
     {{"ais show object ais://imagenet/dataset.tar", "size, checksum, version, location, custom properties"},
      {"ais object show ais://imagenet/dataset.tar --json", "the same as JSON"}},
     show_object},
    {"object set-custom",
     "",
     {"BUCKET/OBJECT NAME=VALUE...", 2, kUnlimited, {ValueKind::kObject, ValueKind::kText}},
     "Attach custom properties to an object.",
     "",
     kCustomFlags,
     {{"ais object set-custom ais://imagenet/dataset.tar source=web license=mit", "add or change two pairs"},
      {"ais object set-custom ais://imagenet/dataset.tar source=web --replace", "set this pair and remove all others"}},
     set_object_custom},
    {"object check-lock",
     "advanced check-lock",
     {"BUCKET/OBJECT", 1, 1, {ValueKind::kObject}},
     "Show whether an object is being read or written.",
     "Prints unlocked, read-locked or write-locked.",
     {},
     {{"ais object check-lock ais://imagenet/dataset.tar", "the state of its lock now"},
      {"ais object check-lock ais://imagenet/dataset.tar --json", "the same as JSON"}},
     check_object_lock},
};

}  // namespace

std::span<const Command> object_commands() { return kObjectCommands; }

}  // namespace ais::cli
