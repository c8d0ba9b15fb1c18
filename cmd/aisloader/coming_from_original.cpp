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
    {"cleanup", "off, on without --bucket", "none: it must be given; it also destroys buckets that existed before"},
};

constexpr JsonKey kJsonKeys[] = {
    {"get.count", "get.ops", "a string there"},
    {"get.bytes", "get.bytes", "a string there"},
    {"get.errors", "get.errors", ""},
    {"get.latency", "get.latency_us.mean", "nanoseconds there"},
    {"get.min_latency", "get.latency_us.min", "nanoseconds there"},
    {"get.max_latency", "get.latency_us.max", "nanoseconds there"},
    {"get.throughput", "get.bytes_per_s", "a string there"},
    {"get.duration", "seconds", "nanoseconds there"},
    {"get.start_time", "", ""},
    {"get_batch", "", ""},
};

}  // namespace

std::span<const cli::Flag> absent_flags() { return kAbsent; }
std::span<const DifferentDefault> different_defaults() { return kDifferent; }
std::span<const JsonKey> json_keys() { return kJsonKeys; }

std::string coming_from_original_page() {
  std::string out =
      "## Coming from the original loader\n\n"
      "Flags have the original's names and meanings, with one dash or two. `-loaderid` with `-loadernum` or `-loaderidhashlen` makes "
      "the same ids and object names. Ids that the original accepts but that would make loaders use the same names are refused: "
      "`-loaderid` equal to `-loadernum`, and `-loaderid` other than 0 with only `-randomname=false`. `-bprops` sets every property "
      "that differs, not only `ec` and `mirror`. In the original `AIS_ENDPOINT` overrides `-port` and excludes `-ip`; here the command "
      "line overrides the environment. The original's `AIS_CRT`, "
      "`AIS_CRT_KEY`, `AIS_CLIENT_CA` and `AIS_SKIP_VERIFY_CRT` are for HTTPS, `AIS_AUTHN_TOKEN` and `AIS_AUTHN_TOKEN_FILE` for "
      "authentication: neither is part of this version, an `https` endpoint is refused, and the variables are not read.\n\n"
      "Defaults that differ:\n\n"
      "| flag | default here | in the original |\n|---|---|---|\n";
  for (const DifferentDefault& row : kDifferent) out += "| `--" + std::string(row.flag) + "` | " + row.here + " | " + row.original + " |\n";
  out += "\nNot part of this version; refused unless the value is `false`, `0` or empty:";
  for (const cli::Flag& flag : kAbsent) out += (&flag == kAbsent ? " `-" : ", `-") + std::string(flag.name) + "`";
  out +=
      ".\n\n"
      "The original's `-json` is an array with an object for each interval and one for the whole run at the end. Here the result is "
      "one object, and `--stats-output FILE` has one object per line for each interval and for the result. The numbers (the same for "
      "`put`):\n\n"
      "| original | here | |\n|---|---|---|\n";
  for (const JsonKey& key : kJsonKeys)
    out +=
        "| `" + std::string(key.original) + "` | " + (*key.here ? "`" + std::string(key.here) + "`" : "-") + " | " + key.comment + " |\n";
  return out;
}

}  // namespace ais::loader
