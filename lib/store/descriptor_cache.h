// DescriptorCache: open objects by name, for reading. Sharded, bounded, evicted by CLOCK. Thread-safe.
//
// Against stale entries: whoever opens a file takes the shard's ticket before it looks, and hands it to insert(); every change
// of a name in that shard makes older tickets void. So a file opened before a change never enters the cache after it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/object_store.h"

namespace ais::store {

class DescriptorCache {
 public:
  /// `evicted` is called (under no lock, on the inserting thread) for entries pushed out by newer ones.
  DescriptorCache(size_t entries_max, std::function<void(OpenObjectPtr)> evicted);

  /// nullptr when absent.
  OpenObjectPtr find(uint64_t digest, std::string_view uname);
  uint64_t ticket(uint64_t digest);
  void insert(uint64_t digest, std::string_view uname, OpenObjectPtr object, uint64_t ticket);
  /// The name changed: drops the entry and voids tickets.
  void invalidate(uint64_t digest);
  /// Drops every entry whose uname begins with `prefix` and voids all tickets.
  void invalidate_prefix(std::string_view prefix);
  /// Drops everything, handing each entry to `evicted`.
  void clear();

 private:
  struct Slot {
    std::string uname;
    uint64_t digest = 0;
    OpenObjectPtr object;
    bool referenced = false;
  };
  struct alignas(64) Shard {
    std::mutex mutex;
    std::unordered_map<uint64_t, uint32_t> index;  // digest -> slot
    std::vector<Slot> slots;
    std::vector<uint32_t> vacant;
    size_t hand = 0;
    uint64_t changes = 0;
  };
  static constexpr size_t kShards = 64;  // also the least that ais_store.fd_cache_objects takes

  Shard& shard_of(uint64_t digest) { return shards_[(digest >> 32) % kShards]; }
  /// A slot to put a new entry into; what had to leave goes to `out`.
  uint32_t make_room(Shard& shard, OpenObjectPtr& out);

  const size_t slots_max_;  // per shard
  const std::function<void(OpenObjectPtr)> evicted_;
  std::array<Shard, kShards> shards_;
};

}  // namespace ais::store
