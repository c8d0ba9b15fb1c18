#include "aisloader/options.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "base/strings.h"

namespace ais::loader {
namespace {

constexpr uint64_t kWorkersMax = 10000;
constexpr uint64_t kThreadsMax = 256;

std::string default_endpoint() {
  for (const char* name : {"AIS_ENDPOINT", "AIS_URL"})
    if (const char* value = std::getenv(name); value && *value) return value;
  return "http://127.0.0.1:8080";
}

/// Options as they are typed, before they are understood.
struct Typed {
  std::string bucket, subdirectory;
  std::string duration, interval = "10s";
  std::string size_min, size_max, put_bytes_max, read_offset, read_length;
};

void add_flags(CLI::App& app, Options& options, Typed& typed) {
  app.add_option("--endpoint", options.endpoint, "gateway (default: $AIS_ENDPOINT, $AIS_URL, http://127.0.0.1:8080)");
  app.add_option("--bucket", typed.bucket, "bucket, made when it does not exist: ais://name")->required();
  app.add_option("--subdir", typed.subdirectory, "put and get objects below this prefix only");
  app.add_option("--duration", typed.duration, "how long to measure, e.g. 1m (default 30s; no limit with --numepochs)");
  app.add_option("--numworkers", options.workers, "requests in flight, each on its own connections (default 16)");
  app.add_option("--threads", options.threads, "event loops to spread the workers over (default 1)");
  app.add_option("--pctput", options.put_percent, "percentage of PUTs, the rest are GETs (default 0)");
  app.add_option("--minsize", typed.size_min, "smallest object that is put (default 4KiB)");
  app.add_option("--maxsize", typed.size_max, "largest object that is put (default --minsize)");
  app.add_option("--totalputsize", typed.put_bytes_max, "stop putting after so many bytes");
  app.add_option("--readoff", typed.read_offset, "GET a range: first byte");
  app.add_option("--readlen", typed.read_length, "GET a range: number of bytes");
  app.add_option("--numobjects", options.preload, "put so many objects before measuring");
  app.add_option("--numepochs", options.epochs, "read every object so many times, then end");
  app.add_flag("--uniquegets", options.unique_gets, "read no object again before all were read");
  app.add_flag("--verify-hash", options.verify_hash, "compare every object with its checksum");
  app.add_flag("--cleanup", options.cleanup, "at the end remove the objects, or the bucket, that were made");
  app.add_option("--seed", options.seed, "repeat the names, sizes and order of the run with this seed");
  app.add_option("--statsinterval", typed.interval, "time between lines of statistics, 0 for none (default 10s)");
  app.add_flag("--json", options.json, "print the result as one JSON object; lines of statistics go to standard error");
}

Status read_size(const char* flag, const std::string& text, uint64_t& out) {
  if (text.empty()) return {};
  std::optional<uint64_t> value = parse_size(text);
  if (!value) return {Code::kInvalid, std::string(flag) + ": \"" + text + "\" is not a size such as 4KiB"};
  out = *value;
  return {};
}

Status read_sizes(const Typed& typed, Options& options) {
  AIS_RETURN_IF_ERROR(read_size("--minsize", typed.size_min, options.size_min));
  options.size_max = options.size_min;
  AIS_RETURN_IF_ERROR(read_size("--maxsize", typed.size_max, options.size_max));
  if (typed.size_min.empty()) options.size_min = std::min(options.size_min, options.size_max);
  AIS_RETURN_IF_ERROR(read_size("--totalputsize", typed.put_bytes_max, options.put_bytes_max));
  AIS_RETURN_IF_ERROR(read_size("--readoff", typed.read_offset, options.read_offset));
  AIS_RETURN_IF_ERROR(read_size("--readlen", typed.read_length, options.read_length));
  if (options.size_max < options.size_min) return {Code::kInvalid, "--maxsize is smaller than --minsize"};
  if (options.size_max > kTiB) return {Code::kInvalid, "--maxsize is larger than 1TiB"};
  if (options.read_offset > 0 && options.read_length == 0) return {Code::kInvalid, "--readoff needs --readlen"};
  if (options.read_length > UINT64_MAX - options.read_offset) return {Code::kInvalid, "--readoff and --readlen are too large together"};
  return {};
}

Status read_times(const Typed& typed, Options& options) {
  if (!typed.duration.empty()) {
    options.duration = parse_duration(typed.duration);
    if (!options.duration || options.duration->count() <= 0)
      return {Code::kInvalid, "--duration: \"" + typed.duration + "\" is not a time such as 1m30s"};
  } else if (options.epochs == 0) {
    options.duration = std::chrono::seconds(30);
  }
  std::optional<Nanoseconds> interval = parse_duration(typed.interval);
  if (!interval || interval->count() < 0) return {Code::kInvalid, "--statsinterval: \"" + typed.interval + "\" is not a time such as 10s"};
  options.statistics_interval = *interval;
  return {};
}

Status check(const Options& options) {
  if (options.workers == 0 || options.workers > kWorkersMax)
    return make_status(Code::kInvalid, "--numworkers must be from 1 to %d", static_cast<int>(kWorkersMax));
  if (options.threads == 0 || options.threads > kThreadsMax)
    return make_status(Code::kInvalid, "--threads must be from 1 to %d", static_cast<int>(kThreadsMax));
  if (options.threads > options.workers) return {Code::kInvalid, "--threads must not be more than --numworkers"};
  if (options.put_percent > 100) return {Code::kInvalid, "--pctput must be from 0 to 100"};
  if (options.epochs > 0 && options.put_percent == 100)
    return {Code::kInvalid, "--numepochs counts GETs, there are none with --pctput 100"};
  if (options.verify_hash && options.read_length > 0) return {Code::kInvalid, "--verify-hash needs whole objects, not --readlen"};
  return {};
}

Status understand(const Typed& typed, Options& options) {
  Result<meta::ObjectUri> uri = meta::parse_object_uri(typed.bucket);
  if (!uri.ok()) return uri.status().with_context("--bucket");
  if (!uri->object.empty()) return {Code::kInvalid, "--bucket names an object; a prefix belongs to --subdir"};
  options.bucket = uri->bucket;
  AIS_TRY(options.subdirectory, meta::clean_prefix(typed.subdirectory));
  if (!options.subdirectory.empty() && !options.subdirectory.ends_with('/')) options.subdirectory += '/';
  AIS_RETURN_IF_ERROR(read_sizes(typed, options));
  AIS_RETURN_IF_ERROR(read_times(typed, options));
  return check(options);
}

}  // namespace

std::optional<Options> parse_options(int argc, const char* const* argv, int* exit_status) {
  Options options;
  options.endpoint = default_endpoint();
  Typed typed;
  CLI::App app("Measures an AIStore cluster: closed-loop PUTs and GETs through a gateway.", "aisloader");
  app.footer(
      "Examples:\n"
      "  aisloader --bucket ais://bench --numobjects 10000 --duration 1m          4 KiB GETs, 16 at a time\n"
      "  aisloader --bucket ais://bench --pctput 100 --minsize 1MiB --cleanup     1 MiB PUTs, and remove them");
  add_flags(app, options, typed);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    bool help = error.get_exit_code() == 0;
    app.exit(error);
    *exit_status = help ? 0 : 2;
    return std::nullopt;
  }
  if (Status status = understand(typed, options); !status.ok()) {
    std::fprintf(stderr, "error: %s\n", status.message().c_str());
    *exit_status = 2;
    return std::nullopt;
  }
  return options;
}

}  // namespace ais::loader
