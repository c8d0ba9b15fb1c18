#include "aisloader/coming_from_original.h"

namespace ais::loader {
namespace {

constexpr cli::Flag absent(const char* name, const char* value) {
  return {name, value, "the original loader's", 0, true, cli::ValueKind::kAbsent};
}
constexpr cli::Flag kAbsent[] = {
    absent("arch.format", "VALUE"),
    absent("arch.list", nullptr),
    absent("arch.maxsize", "VALUE"),
    absent("arch.minsize", "VALUE"),
    absent("arch.num-files", "VALUE"),
    absent("arch.pct", "VALUE"),
    absent("arch.prefix", "VALUE"),
    absent("cont-on-err", nullptr),
    absent("etl", "VALUE"),
    absent("etl-spec", "VALUE"),
    absent("get-batchsize", "VALUE"),
    absent("list-dirs", nullptr),
    absent("mpdstream-chunk-size", "VALUE"),
    absent("mpdstream-workers", "VALUE"),
    absent("multipart-chunks", "VALUE"),
    absent("nbi", nullptr),
    absent("pctmpdstream", "VALUE"),
    absent("pctmultipart", "VALUE"),
    absent("s3-use-path-style", nullptr),
    absent("s3endpoint", "VALUE"),
    absent("s3profile", "VALUE"),
    absent("tokenfile", "VALUE"),
};

constexpr DifferentDefault kDifferent[] = {
    {"numworkers", "16", "10"},
    {"minsize", "4KiB", "1MiB"},
    {"maxsize", "--minsize", "1GiB"},
    {"duration", "1m, no limit with --totalputsize, --maxputs, --numepochs", "1m, no limit with `-totalputsize`, `-epochs`"},
    {"cksum-type", "none", "xxhash2"},
    {"stoppable", "on", "off"},
    {"tmpdir", "$TMPDIR, /tmp", "/tmp/ais"},
    {"cleanup", "off, on without --bucket", "none: it must be said; and it destroys buckets that were there before, too"},
};

constexpr JsonKey kJsonKeys[] = {
    {"get.count", "get.ops", "there a string"},
    {"get.bytes", "get.bytes", "there a string"},
    {"get.errors", "get.errors", ""},
    {"get.latency", "get.latency_us.mean", "there in nanoseconds"},
    {"get.min_latency", "get.latency_us.min", "there in nanoseconds"},
    {"get.max_latency", "get.latency_us.max", "there in nanoseconds"},
    {"get.throughput", "get.bytes_per_s", "there a string"},
    {"get.duration", "seconds", "there in nanoseconds"},
    {"get.start_time", "", ""},
    {"get_batch", "", ""},
};

}  // namespace

std::span<const cli::Flag> absent_flags() { return kAbsent; }
std::span<const DifferentDefault> different_defaults() { return kDifferent; }
std::span<const JsonKey> json_keys() { return kJsonKeys; }

std::string coming_from_original_page() {
  std::string out =
      "## Coming from the original loader\n\nFlags have its names and meanings, with one dash or two. "
      "`-loaderid` with `-loadernum` or `-loaderidhashlen` makes the same ids and names of objects; ids that the original takes and that "
      "would make loaders meet are refused: `-loaderid` equal to `-loadernum`, and other than 0 with `-randomname=false` alone. `-bprops` "
      "sets every property that differs, not only `ec` and `mirror`. "
      "There `AIS_ENDPOINT` outranks `-port` and excludes `-ip`; here the command line outranks the environment. Its `AIS_CRT`, "
      "`AIS_CRT_KEY`, `AIS_CLIENT_CA` and `AIS_SKIP_VERIFY_CRT` are for HTTPS, `AIS_AUTHN_TOKEN` and `AIS_AUTHN_TOKEN_FILE` for "
      "authentication: neither is part of this version, an `https` endpoint is refused, and the variables are not read.\n\n"
      "Defaults that differ:\n\n"
      "| flag | default here | in the original |\n|---|---|---|\n";
  for (const DifferentDefault& row : kDifferent) out += "| `--" + std::string(row.flag) + "` | " + row.here + " | " + row.original + " |\n";
  out += "\nNot part of this version, refused unless the value is `false`, `0` or empty:";
  for (const cli::Flag& flag : kAbsent) out += (&flag == kAbsent ? " `-" : ", `-") + std::string(flag.name) + "`";
  out +=
      ".\n\nThe original's `-json` is an array with an object for each interval and one for the run at its end. Here the result is one "
      "object, and `--stats-output FILE` has one a line for each interval and the result. The numbers (of `put` likewise):\n\n"
      "| original | here | |\n|---|---|---|\n";
  for (const JsonKey& key : kJsonKeys)
    out +=
        "| `" + std::string(key.original) + "` | " + (*key.here ? "`" + std::string(key.here) + "`" : "-") + " | " + key.comment + " |\n";
  return out;
}

}  // namespace ais::loader
