// ListingWalkers: positions of listings between two pages, so that the next page goes on where the last one ended.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "base/units.h"
#include "store/object_store.h"

namespace ais::target {

/// A bounded set of walkers that stand still. Losing one costs time only: the page starts anew from its token. Thread-safe.
class ListingWalkers {
 public:
  static constexpr size_t kWalkersMax = 64;

  /// The walker kept under `key` if it stands right behind `token`; whoever takes it has it alone. nullptr: make a new one.
  std::unique_ptr<store::ObjectWalker> take(const std::string& key, const std::string& token);
  /// Keeps a walker that just returned `token`. The one not used for longest makes room.
  void put(std::string key, std::string token, std::unique_ptr<store::ObjectWalker> walker);
  /// Drops those not used for `idle_time`. Destroying a walker may block on the disk: not on a loop.
  void drop_idle(Nanoseconds idle_time);
  size_t size() const;

 private:
  struct Kept {
    std::string key;
    std::string token;
    std::unique_ptr<store::ObjectWalker> walker;
    int64_t used_ns = 0;
  };
  mutable std::mutex mutex_;
  std::list<Kept> kept_;  // guarded by mutex_; the least recently used first
};

}  // namespace ais::target
