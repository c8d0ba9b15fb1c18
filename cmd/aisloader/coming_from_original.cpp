#include "aisloader/coming_from_original.h"

namespace ais::loader {
namespace {

constexpr AbsentFlag kAbsent[] = {
    {"arch.format", false},
    {"arch.list", true},
    {"arch.maxsize", false},
    {"arch.minsize", false},
    {"arch.num-files", false},
    {"arch.pct", false},
    {"arch.prefix", false},
    {"cont-on-err", true},
    {"etl", false},
    {"etl-spec", false},
    {"get-batchsize", false},
    {"list-dirs", true},
    {"mpdstream-chunk-size", false},
    {"mpdstream-workers", false},
    {"multipart-chunks", false},
    {"nbi", true},
    {"pctmpdstream", false},
    {"pctmultipart", false},
    {"s3-use-path-style", true},
    {"s3endpoint", false},
    {"s3profile", false},
    {"tokenfile", false},
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

const AbsentFlag* find_absent_flag(std::string_view name) {
  for (const AbsentFlag& flag : kAbsent)
    if (name == flag.name) return &flag;
  return nullptr;
}

Status check_absent_flag(const AbsentFlag& flag, const std::optional<std::string>& value) {
  bool does_without = value && (flag.is_switch ? parse_truth(*value) == false : value->empty() || *value == "0");
  if (does_without) return {};
  return {Code::kInvalid, "the original loader's --" + std::string(flag.name) + " is not part of this version"};
}

std::span<const DifferentDefault> different_defaults() { return kDifferent; }
std::span<const JsonKey> json_keys() { return kJsonKeys; }

std::optional<bool> parse_truth(std::string_view text) {
  for (const char* yes : {"1", "t", "T", "true", "TRUE", "True"})
    if (text == yes) return true;
  for (const char* no : {"0", "f", "F", "false", "FALSE", "False"})
    if (text == no) return false;
  return std::nullopt;
}

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
  for (const AbsentFlag& flag : kAbsent) out += (&flag == kAbsent ? " `-" : ", `-") + std::string(flag.name) + "`";
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
