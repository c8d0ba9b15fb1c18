// What the user asked the loader to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aisloader/bodies.h"
#include "aisloader/loader_id.h"
#include "base/status.h"
#include "base/units.h"
#include "cli/command_line.h"
#include "codec/checksum.h"
#include "meta/bucket.h"

namespace ais::loader {

struct Options {
  std::string command_line;  // all of it, as a shell would take it

  // Where
  std::string endpoint;
  bool random_gateway = false;                     // spread requests over all gateways
  meta::Bucket bucket;                             // without a name: a new one of the run's own
  std::string bucket_props;                        // JSON of properties for a bucket that is made; "" for none
  std::string subdirectory;                        // "" or "dir/": below it objects are made and listed
  Nanoseconds timeout = std::chrono::minutes(10);  // of one request

  // How much and how long
  std::optional<Nanoseconds> duration;  // nullopt = no limit
  uint64_t workers = 16;                // requests in flight
  uint64_t threads = 1;                 // event loops
  double rate = 0;                      // operations a second, all workers together; 0 = closed loop
  bool exponential_arrivals = false;
  uint64_t put_bytes_max = 0, puts_max = 0;  // the run ends after them; 0 = no limit
  uint64_t epochs = 0;                       // every object is read so often, then the loader ends; 0 = no limit
  uint64_t preload = 0;                      // objects to put before the measurement
  bool only_clean_up = false;                // measure nothing, destroy the bucket

  // What
  unsigned put_percent = 0, list_percent = 0;  // the rest are GETs
  unsigned update_percent = 0;                 // of GETs, followed by a PUT of the same object
  uint64_t size_min = 4 * kKiB, size_max = 4 * kKiB;
  ReaderType reader = ReaderType::kMemory;
  std::string temporary_directory;
  codec::ChecksumType put_checksum = codec::ChecksumType::kNone;  // sent with PUTs
  uint64_t read_offset = 0, read_length = 0;                      // 0 length = the whole object
  bool verify_hash = false;
  bool unique_gets = true;  // no object is read again before all were
  std::string list_props = "name";
  uint64_t page_size = 0;  // of listings; 0 = the most that a page may have
  bool list_cached = false;
  std::string names_path;  // a file of names to read; "" = the bucket is listed

  // Names and bytes that it makes
  uint64_t subdirectories = 0;  // spread over so many; 0 = none
  std::string name_id;          // "" or the hex id that tells loaders apart
  LoaderId loader_id;
  bool numbered_names = false;   // names are numbers that end with the id, as the original makes them; else they have the seed in them
  std::optional<uint64_t> seed;  // repeats the names, sizes, bytes and order of an earlier run

  // Output
  bool cleanup = false;
  bool json = false;
  bool quiet = false;
  bool trace_http = false;                                     // where the time of requests goes
  bool stoppable = true;                                       // the first SIGINT ends the measurement with its result
  Nanoseconds statistics_interval = std::chrono::seconds(10);  // 0 = none
  std::string statistics_path;                                 // lines of statistics go there
  std::string report_path;                                     // an HTML page goes there
};

/// What the command line wants done.
struct Request {
  enum class Kind { kRun, kPrint, kCompare } kind = Kind::kRun;
  Options options;       // kRun
  bool dry_run = false;  // kRun: show the parameters only
  std::string text;      // kPrint: help, manual page, ...
  cli::ParsedLine line;  // kCompare
};

/// `words` without the program's name. Errors are kInvalid with a text for people. Pure but for the environment (AIS_ENDPOINT,
/// AIS_URL, TMPDIR) and the user's settings.
Result<Request> parse_command_line(const std::vector<std::string>& words);

/// The parameters of a run in words, in a fixed order: for people, --dry-run and the report.
using Parameters = std::vector<std::pair<std::string, std::string>>;
Parameters describe(const Options& options);

}  // namespace ais::loader
