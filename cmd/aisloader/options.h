// What the user asked the loader to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"
#include "base/units.h"
#include "meta/bucket.h"

namespace ais::loader {

struct Options {
  std::string endpoint;
  meta::Bucket bucket;
  std::string subdirectory;             // "" or "dir/": below it objects are made and listed
  std::optional<Nanoseconds> duration;  // nullopt = no limit
  uint64_t workers = 16;                // connections that are busy at once
  uint64_t threads = 1;                 // event loops
  unsigned put_percent = 0;
  uint64_t size_min = 4 * kKiB, size_max = 4 * kKiB;
  uint64_t put_bytes_max = 0;                 // 0 = no limit
  uint64_t read_offset = 0, read_length = 0;  // 0 length = the whole object
  uint64_t epochs = 0;                        // every object is read so often, then the loader ends; 0 = no limit
  uint64_t preload = 0;                       // objects to put before the measurement
  bool unique_gets = false;                   // no object is read again before all were
  bool cleanup = false;
  bool verify_hash = false;
  bool json = false;
  std::optional<uint64_t> seed;                                // repeats the names, sizes, bytes and order of an earlier run
  Nanoseconds statistics_interval = std::chrono::seconds(10);  // 0 = none
};

/// Reads the command line and the environment. Without a value the program is to end with `*exit_status` (help was printed: 0,
/// wrong usage was explained on standard error: 2).
std::optional<Options> parse_options(int argc, const char* const* argv, int* exit_status);

}  // namespace ais::loader
