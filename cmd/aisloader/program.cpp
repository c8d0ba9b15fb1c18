#include "aisloader/program.h"

#include <vector>

#include "aisloader/coming_from_original.h"
#include "base/version.h"

namespace ais::loader {
namespace {

using cli::Flag;
using cli::ValueKind;
using cli::with_synonyms;

constexpr Flag kClusterFlags[] = {
    {"endpoint", "URL", "gateway (default: $AIS_ENDPOINT, $AIS_URL, the setting cluster.url, http://127.0.0.1:8080)", 0, false,
     ValueKind::kText},
    {"ip", "HOST", "the gateway's address, instead of --endpoint", 0, false, ValueKind::kText},
    {"port", "N", "the gateway's port, with --ip (default 8080)", 0, false, ValueKind::kText},
    {"randomproxy", nullptr, "send each request to a gateway chosen at random from the cluster map"},
    {"timeout", "TIME", "time limit for an operation and for each request of the preparation; 0 for none (default 10m)", 0, false,
     ValueKind::kText},
};

constexpr Flag kBucketFlags[] = {
    {"bucket", "BUCKET",
     "ais://name; made if it does not exist and something is put (default: a new bucket with a name of its own, destroyed at the end)", 0,
     false, ValueKind::kBucket},
    {"provider", "NAME", "provider of a --bucket without a scheme (default ais)", 0, false, ValueKind::kChoice, "ais,aws,gcp,azure,oci"},
    {"bprops", "JSON",
     "properties of the bucket: a new one is made with them; an existing one is given those that it does not have, and keeps them", 0,
     false, ValueKind::kText},
    {"subdir", "PREFIX", "only put, get and list objects below this prefix", 0, false, ValueKind::kText},
    with_synonyms({"num-subdirs", "N", "distribute the objects that are put over N virtual directories", 0, false, ValueKind::kText},
                  "putshards"),
    {"filelist", "FILE", "read the objects named in this file, one per line, instead of listing the bucket", 0, false, ValueKind::kFile},
    {"skiplist", nullptr, "do not list the bucket first; for PUTs only"},
    {"cached", nullptr, "list only objects that are in the cluster, for a remote bucket"},
};

constexpr Flag kLoadFlags[] = {
    {"duration", "TIME", "how long to measure; 0 for no limit (default 1m, no limit with --totalputsize, --maxputs, --numepochs)", 0, false,
     ValueKind::kText},
    {"numworkers", "N", "requests in flight (default 16)", 0, false, ValueKind::kText},
    {"threads", "N", "event loops that the workers share (default one per CPU, at most 4)", 0, false, ValueKind::kText},
    {"rate", "N", "open loop: begin N operations a second, whatever the cluster does; latency is measured from when each was due", 0, false,
     ValueKind::kText},
    {"arrivals", "HOW", "with --rate: at equal intervals, or at random as from many independent clients (default even)", 0, false,
     ValueKind::kChoice, "even,exponential"},
    with_synonyms({"numepochs", "N", "read every object N times, then end", 0, false, ValueKind::kText}, "epochs"),
    {"totalputsize", "SIZE", "end when this many bytes have been put", 0, false, ValueKind::kText},
    {"maxputs", "N", "end when this many objects have been put", 0, false, ValueKind::kText},
    {"numobjects", "N", "before measuring, put objects until there are N", 0, false, ValueKind::kText},
    {"stoppable", nullptr, "Ctrl-C ends the measurement and prints its result; with =false it ends the program (default on)"},
};

constexpr Flag kOperationFlags[] = {
    {"pctput", "N", "percentage of PUTs (default 0)", 0, false, ValueKind::kText},
    {"pctlist", "N", "percentage of operations that fetch a page of a listing (default 0)", 0, false, ValueKind::kText},
    {"pctupdate", "N", "percentage of GETs that are followed by a PUT of the same object (default 0)", 0, false, ValueKind::kText},
    with_synonyms({"list-objects", nullptr, "list instead of reading: every operation that is not a PUT fetches a page of a listing"},
                  "list"),
    {"list-props", "NAMES", "properties that listings ask for (default name)", 0, false, ValueKind::kChoiceList, kListProps},
    {"pagesize", "N", "names per page of a listing (default 10000)", 0, false, ValueKind::kText},
    {"uniquegets", nullptr, "read every object once before reading any again; with =false choose each at random (default on)"},
    {"readoff", "SIZE", "GET a range: first byte", 0, false, ValueKind::kText},
    {"readlen", "SIZE", "GET a range: number of bytes", 0, false, ValueKind::kText},
    with_synonyms({"verify-hash", nullptr, "verify the checksum of every object that is read"}, "verifyhash"),
};

constexpr Flag kBodyFlags[] = {
    {"minsize", "SIZE", "smallest object that is put (default 4KiB)", 0, false, ValueKind::kText},
    {"maxsize", "SIZE", "largest object that is put (default --minsize)", 0, false, ValueKind::kText},
    {"readertype", "TYPE", "source of the bytes of PUTs: memory, a file, new random bytes for each, or TAR archives (default sg)", 0, false,
     ValueKind::kChoice, "sg,file,rand,tar"},
    {"tmpdir", "DIRECTORY", "where --readertype file keeps its file (default $TMPDIR, /tmp)", 0, false, ValueKind::kDirectory},
    {"cksum-type", "TYPE", "send a checksum with every PUT, which the target verifies; computing it is part of the latency (default none)",
     0, false, ValueKind::kChoice, kChecksumTypes},
    {"seed", "N",
     "repeat the names, sizes, bytes and order of the run that had this seed and as many --threads; what that run put is "
     "left alone (default 0: a new seed)",
     0, false, ValueKind::kText},
    {"loaderid", "ID", "a number that distinguishes this loader from others running at the same time; part of its object names (default 0)",
     0, false, ValueKind::kText},
    {"loadernum", "N", "number of loaders running at the same time: --loaderid is below it, and names are hex numbers that end with the id",
     0, false, ValueKind::kText},
    {"loaderidhashlen", "BITS", "--loaderid is any text; this many bits of its digest, in whole hex digits, are the id that names end with",
     0, false, ValueKind::kText},
    {"randomname", nullptr, "names contain the seed; with =false they are 0, 1, 2, ... in hex (default on without --loadernum)"},
    {"getloaderid", nullptr, "print the id and exit"},
};

constexpr Flag kOutputFlags[] = {
    {"cleanup", nullptr, "at the end remove the objects, or destroy the bucket, that this run made (default off, on without --bucket)"},
    {"json", nullptr, "print the result as one JSON object; lines of statistics go to standard error"},
    {"report", "FILE", "write a page with tables and plots, one HTML file that needs no network", 0, false, ValueKind::kFile},
    {"statsinterval", "TIME",
     "time between lines of statistics, each for a whole interval, 0 for none (default 10s; a bare number is seconds)", 0, false,
     ValueKind::kText},
    {"stats-output", "FILE", "write lines of statistics and the result to this file", 0, false, ValueKind::kFile},
    {"trace-http", nullptr,
     "show which part of a GET or PUT takes how long: connecting, gateway, first byte from the target, rest; SIGHUP toggles it"},
    {"quiet", nullptr, "print only the result"},
    {"dry-run", nullptr, "print the parameters of the run and exit"},
};

constexpr Flag kCommonFlags[] = {
    with_synonyms({"help", nullptr, "print this help", 'h'}, "usage"),
    {"version", nullptr, "print the version"},
};

constexpr Flag kCompareFlags[] = {
    {"worse-than", "PERCENT", "exit with 3 when b is worse than a by more than PERCENT: in operations a second, or in p50 or p99", 0, false,
     ValueKind::kText},
    {"json", nullptr, "print one JSON object"},
};

constexpr cli::Command kCommands[] = {
    {"compare",
     "",
     {"A.json B.json", 2, 2, {ValueKind::kFile}},
     "Compare two results of aisloader --json.",
     "RATIO is b divided by a. BETTER names the better one where they differ by more than a 64th, the precision with which latencies are\n"
     "stored. A warning names important differences between the runs: load, sizes, nodes, versions. The files are what --json printed,\n"
     "or what --stats-output wrote with --json.\n\n"
     "Exit status: 0 when the results were compared, whichever is better; 1 when a file cannot be read or is not a result, or the results\n"
     "have no operation in common; 2 when the command line is wrong; 3 when b is worse than --worse-than allows.",
     kCompareFlags,
     {{"aisloader compare before.json after.json", "what became faster and what slower"},
      {"aisloader compare --worse-than 10 before.json after.json", "for scripts: exit status 3 if b is more than a tenth worse"}}},
    {"completion",
     "",
     {"bash|zsh|fish", 1, 1, {ValueKind::kChoice}},
     "Print the script for TAB completion in a shell.",
     "\"make install\" puts the scripts where the shells look for them. For the current session only: source <(aisloader completion bash), "
     "or zsh.",
     {},
     {{"aisloader completion bash > ~/.local/share/bash-completion/completions/aisloader", "for bash"},
      {"aisloader completion fish > ~/.config/fish/completions/aisloader.fish", "for fish"}}},
};

constexpr Flag kIgnoredFlags[] = {
    {"perm-shuffle-max", "N", "without effect: the order of GETs is new in each round, for any number of names", 0, false,
     ValueKind::kText},
    {"evict-batchsize", "N", "for remote buckets", 0, false, ValueKind::kText},
    {"latest", nullptr, "only with =false: for remote buckets"},
    {"statsdip", "HOST", "without effect: nothing is sent to StatsD", 0, false, ValueKind::kText},
    {"statsdport", "N", "without effect: nothing is sent to StatsD", 0, false, ValueKind::kText},
};

constexpr cli::FlagGroup kGroups[] = {
    {"Cluster", kClusterFlags},
    {"Bucket", kBucketFlags},
    {"Load", kLoadFlags},
    {"Operations", kOperationFlags},
    {"Objects put", kBodyFlags},
    {"Output", kOutputFlags},
    {"For scripts of the original loader: accepted, but without effect", kIgnoredFlags},
};

constexpr cli::Example kExamples[] = {
    {"aisloader --bucket ais://bench --numobjects 10000 --duration 1m", "4 KiB GETs, 16 at a time, of 10,000 objects"},
    {"aisloader --bucket ais://bench --pctput 100 --minsize 1MiB --duration 30s --cleanup",
     "1 MiB PUTs; what the run made is removed at the end"},
    {"aisloader --bucket ais://bench --rate 5000 --numworkers 500 --report run.html", "5,000 GETs a second in open loop, with a report"},
    {"aisloader --pctput 100 --duration 10s --trace-http", "PUTs into a bucket of its own, and how long each part takes"},
    {"aisloader --bucket ais://bench --numepochs 2 --verify-hash --json", "every object twice, with its checksum verified"},
    {"aisloader --bucket ais://bench --pctput 100 --loadernum 20 --loaderid 11", "one of twenty loaders with distinct names"},
};

constexpr cli::Meaning kEnvironment[] = {
    {"AIS_ENDPOINT", "gateway, when none of --endpoint, --ip and --port is given"},
    {"AIS_URL", "the same, by its older name"},
    {"TMPDIR", "where --readertype file keeps its file"},
    {"XDG_CONFIG_HOME", "directory of ais/cli/cli.json (default ~/.config)"},
};

constexpr cli::Meaning kFiles[] = {
    {"~/.config/ais/cli/cli.json", "your own settings, of which only cluster.url, the gateway, is read; see \"ais config cli\""},
};

constexpr cli::Meaning kExitStatuses[] = {
    {"0", "the measurement was made; errors of single operations are in its result"},
    {"1", "it could not be made, no operation succeeded, or a requested file could not be written"},
    {"2", "the command line is wrong"},
};

constexpr char kDetails[] =
    "Each of --numworkers workers asks a gateway, follows its redirect to a target and waits for the answer. In closed loop it then\n"
    "begins the next operation; with --rate operations begin at times fixed in advance, so that a stalled cluster shows in the latency. "
    "In\n"
    "closed loop a worker that got no answer, or an answer with status 429 or 500 and above, waits 10 ms, then twice as long each time, "
    "at\n"
    "most 1 s.\n\n"
    "The size and bytes of a PUT follow from the seed and its number. With several --threads, --maxputs is divided among them, so that\n"
    "names can be repeated too; which thread puts the last bytes of --totalputsize is not determined.\n\n"
    "Flags may have one dash or two; a switch may be given a value (--cleanup=false). Sizes are bytes or end in K, M, G, T (1024s);\n"
    "times are like 1m30s.\n\n"
    "The command line overrides the environment, which overrides your settings (\"ais config cli\"), of which cluster.url is read; they\n"
    "override the defaults.\n\n"
    "Signals: the first SIGINT or SIGTERM ends the measurement: operations in flight finish, the result is printed, and --cleanup is "
    "carried\n"
    "out. The second one ends the program at once and leaves what was put. SIGHUP switches --trace-http on and off.\n";

constexpr const char* kSeeAlso[] = {"ais(1)"};

cli::Program make_program() {
  static std::vector<Flag> hidden;
  for (std::span<const Flag> table : {cli::packaging_flags(), absent_flags()}) hidden.insert(hidden.end(), table.begin(), table.end());
  cli::Program out{.name = "aisloader", .version = kVersionText};
  out.help = "Measures an AIStore cluster: PUTs, GETs and listings through a gateway.";
  out.introduction = kDetails;
  out.runs = true;
  out.flags = kGroups;
  out.rules.switch_values = true;
  out.commands = kCommands;
  out.common = kCommonFlags;
  out.hidden = hidden;
  out.examples = kExamples;
  out.environment = kEnvironment;
  out.files = kFiles;
  out.exit_statuses = kExitStatuses;
  out.see_also = kSeeAlso;
  return out;
}

}  // namespace

const cli::Program& program() {
  static const cli::Program made = make_program();
  return made;
}

}  // namespace ais::loader
