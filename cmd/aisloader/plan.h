// Plan: what all loops of a run share: options, prepared pieces of requests, names, bytes. Written before the loops start, then
// only read (the stop flag and the PUT budget excepted), so no loop waits for another.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "aisloader/options.h"
#include "aisloader/random_buffer.h"
#include "net/http_types.h"

namespace ais::loader {

struct Plan {
  Plan(Options given, RandomBuffer bytes) : options(std::move(given)), bodies(std::move(bytes)) {}

  const Options options;
  const RandomBuffer bodies;
  net::Url gateway;
  uint64_t seed = 0;
  std::string path_before;          // "/v1/objects/bucket/"
  std::string path_after;           // "" or "?provider=..."
  std::string name_before;          // encoded: what the names of objects that this run makes begin with
  std::string get_headers;          // "" or the Range line
  std::vector<std::string> listed;  // encoded names of objects that existed before
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> put_bytes{0};
};

/// A stretch of work that all loops do together.
struct Phase {
  enum class Kind { kMeasure, kPreload, kRemove };
  Kind kind = Kind::kMeasure;
  uint64_t preload = 0;                 // objects that each loop puts (kPreload)
  std::optional<Nanoseconds> duration;  // kMeasure
};

}  // namespace ais::loader
