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
    {"timeout", "TIME", "give an operation up after so long, and each question of the preparation; 0 for never (default 10m)", 0, false,
     ValueKind::kText},
};

constexpr Flag kBucketFlags[] = {
    {"bucket", "BUCKET",
     "ais://name; made when it does not exist and something is put (default a new one with a name of its own, which goes at the end)", 0,
     false, ValueKind::kBucket},
    {"provider", "NAME", "provider of a --bucket without a scheme (default ais)", 0, false, ValueKind::kChoice, "ais,aws,gcp,azure,oci"},
    {"bprops", "JSON",
     "properties of the bucket: it is made with them; a bucket that exists is given those that it has not, and keeps them", 0, false,
     ValueKind::kText},
    {"subdir", "PREFIX", "put, get and list objects below this prefix only", 0, false, ValueKind::kText},
    with_synonyms({"num-subdirs", "N", "spread the objects that are put over so many virtual directories", 0, false, ValueKind::kText},
                  "putshards"),
    {"filelist", "FILE", "read the objects named in this file, one a line, instead of listing the bucket", 0, false, ValueKind::kFile},
    {"skiplist", nullptr, "do not list the bucket first; for PUTs only"},
    {"cached", nullptr, "list objects that are in the cluster only, of a bucket that is elsewhere"},
};

constexpr Flag kLoadFlags[] = {
    {"duration", "TIME", "how long to measure; 0 for no limit (default 1m, no limit with --totalputsize, --maxputs, --numepochs)", 0, false,
     ValueKind::kText},
    {"numworkers", "N", "requests in flight (default 16)", 0, false, ValueKind::kText},
    {"threads", "N", "event loops that the workers share (default one a CPU, at most 4)", 0, false, ValueKind::kText},
    {"rate", "N", "open loop: begin N operations a second, whatever the cluster does; latency counts from when each was due", 0, false,
     ValueKind::kText},
    {"arrivals", "HOW", "with --rate: at equal distances, or at random as many independent clients would (default even)", 0, false,
     ValueKind::kChoice, "even,exponential"},
    with_synonyms({"numepochs", "N", "read every object N times, then end", 0, false, ValueKind::kText}, "epochs"),
    {"totalputsize", "SIZE", "end when so many bytes were put", 0, false, ValueKind::kText},
    {"maxputs", "N", "end when so many objects were put", 0, false, ValueKind::kText},
    {"numobjects", "N", "put what is missing to N objects before measuring", 0, false, ValueKind::kText},
    {"stoppable", nullptr, "Ctrl-C ends the measurement with its result; with =false it ends the program (default on)"},
};

constexpr Flag kOperationFlags[] = {
    {"pctput", "N", "percentage of PUTs (default 0)", 0, false, ValueKind::kText},
    {"pctlist", "N", "percentage of operations that fetch a page of a listing (default 0)", 0, false, ValueKind::kText},
    {"pctupdate", "N", "percentage of GETs that are followed by a PUT of the same object (default 0)", 0, false, ValueKind::kText},
    with_synonyms({"list-objects", nullptr, "list instead of reading: what is not a PUT is a page of a listing"}, "list"),
    {"list-props", "NAMES", "properties that listings ask for (default name)", 0, false, ValueKind::kChoiceList, kListProps},
    {"pagesize", "N", "names of a page of a listing (default 10000)", 0, false, ValueKind::kText},
    {"uniquegets", nullptr, "read no object again before all were read; with =false choose each at random (default on)"},
    {"readoff", "SIZE", "GET a range: first byte", 0, false, ValueKind::kText},
    {"readlen", "SIZE", "GET a range: number of bytes", 0, false, ValueKind::kText},
    with_synonyms({"verify-hash", nullptr, "compare every object that is read with its checksum"}, "verifyhash"),
};

constexpr Flag kBodyFlags[] = {
    {"minsize", "SIZE", "smallest object that is put (default 4KiB)", 0, false, ValueKind::kText},
    {"maxsize", "SIZE", "largest object that is put (default --minsize)", 0, false, ValueKind::kText},
    {"readertype", "TYPE", "where bytes of PUTs come from: memory, a file, new random bytes for each, or TAR archives (default sg)", 0,
     false, ValueKind::kChoice, "sg,file,rand,tar"},
    {"tmpdir", "DIRECTORY", "where --readertype file keeps its file (default $TMPDIR, /tmp)", 0, false, ValueKind::kDirectory},
    {"cksum-type", "TYPE", "send a checksum with every PUT, which the target checks; its making counts as latency (default none)", 0, false,
     ValueKind::kChoice, kChecksumTypes},
    {"seed", "N",
     "repeat the names, sizes, bytes and order of the run with this seed and as many --threads; what that put is not touched (default 0: a "
     "new one)",
     0, false, ValueKind::kText},
    {"loaderid", "ID", "a number that tells this loader from others that run at once: part of the names that it makes (default 0)", 0,
     false, ValueKind::kText},
    {"loadernum", "N", "so many loaders run at once: --loaderid is below it, and names are hex numbers that end with it", 0, false,
     ValueKind::kText},
    {"loaderidhashlen", "BITS", "--loaderid is any text: so many bits of its digest, in whole hex digits, are the id that names end with",
     0, false, ValueKind::kText},
    {"randomname", nullptr, "names with the seed in them; with =false they are 0, 1, 2, ... in hex (default on without --loadernum)"},
    {"getloaderid", nullptr, "print the id and end"},
};

constexpr Flag kOutputFlags[] = {
    {"cleanup", nullptr, "at the end remove the objects, or the bucket, that this run made (default off, on without --bucket)"},
    {"json", nullptr, "print the result as one JSON object; lines of statistics go to standard error"},
    {"report", "FILE", "write a page with tables and plots, one HTML file that needs no network", 0, false, ValueKind::kFile},
    {"statsinterval", "TIME",
     "time between lines of statistics, of a whole interval each, 0 for none (default 10s; a bare number is seconds)", 0, false,
     ValueKind::kText},
    {"stats-output", "FILE", "write lines of statistics and the result to this file", 0, false, ValueKind::kFile},
    {"trace-http", nullptr,
     "tell where the time of GETs and PUTs goes: connecting, gateway, first byte of the target, rest; SIGHUP switches it"},
    {"quiet", nullptr, "print the result only"},
    {"dry-run", nullptr, "print the parameters of the run and end"},
};

constexpr Flag kCommonFlags[] = {
    with_synonyms({"help", nullptr, "print this", 'h'}, "usage"),
    {"version", nullptr, "print the version"},
};

constexpr Flag kCompareFlags[] = {
    {"worse-than", "PERCENT", "end with 3 when b is worse than a by more than so many percent: in operations a second, or p50 or p99", 0,
     false, ValueKind::kText},
    {"json", nullptr, "print one JSON object"},
};

constexpr cli::Command kCommands[] = {
    {"compare",
     "",
     {"A.json B.json", 2, 2, {ValueKind::kFile}},
     "Compare two results of aisloader --json.",
     "RATIO is b to a; BETTER says which of them is, where they differ by more than a 64th, which is as exact as latencies are kept. A "
     "warning\n"
     "tells what differs in the runs that matters: load, sizes, nodes, versions. The files are those that --json printed or "
     "--stats-output\n"
     "with --json wrote.\n\n"
     "Exit status: 0 when they were compared, whatever came out; 1 when a file cannot be read or is no result, or they have no operation\n"
     "in common; 2 when the command line is wrong; 3 when b is worse than --worse-than allows.",
     kCompareFlags,
     {{"aisloader compare before.json after.json", "what became faster, and what slower"},
      {"aisloader compare --worse-than 10 before.json after.json", "for scripts: an exit status of 3 when it lost more than a tenth"}}},
    {"completion",
     "",
     {"bash|zsh|fish", 1, 1, {ValueKind::kChoice}},
     "Print the script that makes TAB complete aisloader in a shell.",
     "\"make install\" puts the scripts where the shells look for them. For one session: source <(aisloader completion bash), or zsh.",
     {},
     {{"aisloader completion bash > ~/.local/share/bash-completion/completions/aisloader", "for bash"},
      {"aisloader completion fish > ~/.config/fish/completions/aisloader.fish", "for fish"}}},
};

constexpr Flag kIgnoredFlags[] = {
    {"perm-shuffle-max", "N", "the order of GETs is made anew in each round, for any number of names", 0, false, ValueKind::kText},
    {"evict-batchsize", "N", "for buckets that are elsewhere", 0, false, ValueKind::kText},
    {"latest", nullptr, "with =false only: for buckets that are elsewhere"},
    {"statsdip", "HOST", "nothing is sent to StatsD", 0, false, ValueKind::kText},
    {"statsdport", "N", "nothing is sent to StatsD", 0, false, ValueKind::kText},
};

constexpr cli::FlagGroup kGroups[] = {
    {"Cluster", kClusterFlags},
    {"Bucket", kBucketFlags},
    {"Load", kLoadFlags},
    {"Operations", kOperationFlags},
    {"Objects put", kBodyFlags},
    {"Output", kOutputFlags},
    {"For scripts of the original loader: taken, and change nothing", kIgnoredFlags},
};

constexpr cli::Example kExamples[] = {
    {"aisloader --bucket ais://bench --numobjects 10000 --duration 1m", "4 KiB GETs, 16 at a time, of 10,000 objects"},
    {"aisloader --bucket ais://bench --pctput 100 --minsize 1MiB --duration 30s --cleanup", "1 MiB PUTs; what was made goes at the end"},
    {"aisloader --bucket ais://bench --rate 5000 --numworkers 500 --report run.html", "5,000 GETs a second in open loop, with a report"},
    {"aisloader --pctput 100 --duration 10s --trace-http", "PUTs into a bucket of its own, and which part of the way takes how long"},
    {"aisloader --bucket ais://bench --numepochs 2 --verify-hash --json", "every object twice, compared with its checksum"},
    {"aisloader --bucket ais://bench --pctput 100 --loadernum 20 --loaderid 11", "one of twenty loaders, whose names do not meet"},
};

constexpr cli::Meaning kEnvironment[] = {
    {"AIS_ENDPOINT", "gateway, when none of --endpoint, --ip and --port is given"},
    {"AIS_URL", "the same, by its older name"},
    {"TMPDIR", "where --readertype file keeps its file"},
    {"XDG_CONFIG_HOME", "directory of ais/cli/cli.json (default ~/.config)"},
};

constexpr cli::Meaning kFiles[] = {
    {"~/.config/ais/cli/cli.json", "settings of your own, of which cluster.url, the gateway, holds here too; see \"ais config cli\""},
};

constexpr cli::Meaning kExitStatuses[] = {
    {"0", "the measurement was made; errors of single operations are part of its result"},
    {"1", "it could not be made, or not an operation succeeded, or a file that was asked for could not be written"},
    {"2", "the command line is wrong"},
};

constexpr char kDetails[] =
    "Each of --numworkers workers asks a gateway, follows its redirect to a target and waits for the answer. In closed loop it then\n"
    "asks again; with --rate operations begin at times that are fixed beforehand, so that a cluster that stalls cannot hide it. In\n"
    "closed loop a worker that got no answer, or one of status 429 or 500 and above, waits 10 ms, then twice as long each time, at\n"
    "most 1 s.\n\n"
    "A PUT's size and bytes follow from the seed and its number. With several --threads --maxputs is divided among them, so that\n"
    "names repeat too; which thread puts the last bytes of --totalputsize is a race.\n\n"
    "Flags may have one dash or two; a switch may be given a value (--cleanup=false). Sizes are bytes or end in K, M, G, T (1024s);\n"
    "times are like 1m30s.\n\n"
    "What the command line says goes before the environment, that before your settings (\"ais config cli\"), of which\n"
    "cluster.url is read, and those before the defaults.\n\n"
    "Signals: the first SIGINT or SIGTERM ends the measurement; what was begun is finished, the result is told, and --cleanup has its\n"
    "way. The second one ends the program at once, and leaves what was put. SIGHUP switches --trace-http on and off.\n";

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
