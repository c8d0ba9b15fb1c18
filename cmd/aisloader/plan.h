// Plan: what all loops of a run share: options, prepared pieces of requests, names, bytes. Written before the loops start, then
// only read (the flags and the PUT budget excepted), so no loop waits for another.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "aisloader/bodies.h"
#include "aisloader/name_list.h"
#include "aisloader/options.h"
#include "aisloader/put_budget.h"
#include "net/http_types.h"

namespace ais::loader {

struct Plan {
  Plan(Options given, BodyMaker maker) : options(std::move(given)), bodies(std::move(maker)), budget(options.put_bytes_max, 0) {}

  const Options options;
  const BodyMaker bodies;
  std::vector<net::Url> gateways;  // one at least
  uint64_t seed = 0;               // of this loader
  uint64_t shown_seed = 0;         // that repeats the run
  size_t idle_connections = 0;     // that a loop keeps for each peer
  std::string path_before;         // "/v1/objects/bucket/"
  std::string path_after;          // "" or "?provider=..."
  std::string directory;           // encoded: where objects that this run makes are, "" or "dir/"
  std::string name_before;         // encoded: what their names begin with in there
  std::string name_after;          // and end with
  std::string get_headers;         // "" or the Range line
  NameList listed;                 // encoded names of objects that existed before
  uint64_t first_own = 0;          // names of this run begin with this number: lower ones may be taken
  std::atomic<bool> stop{false};
  std::atomic<bool> trace{false};  // where the time of requests goes
  PutBudget budget;                // of bytes; each loop has its part of the number
};

/// A stretch of work that all loops do together.
struct Phase {
  enum class Kind { kMeasure, kPreload, kRemove };
  Kind kind = Kind::kMeasure;
  uint64_t begin_ns = 0;                // monotonic
  uint64_t preload = 0;                 // kPreload: objects that all loops put together
  std::optional<Nanoseconds> duration;  // kMeasure
};

}  // namespace ais::loader
