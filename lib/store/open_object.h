// OpenObject: an object open for reading. DescriptorCache: those kept open, by name. Sharded, bounded, evicted by CLOCK. Thread-safe.
//
// Against stale entries: whoever opens a file takes the shard's ticket before it looks, and hands it to insert(); every change
// of a name in that shard makes older tickets void. So a file opened before a change never enters the cache after it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "meta/object_metadata.h"

namespace ais::store {

/// What a name is: computed once per request, cheap to pass.
struct ObjectName {
  std::string_view bucket_uname;  // "ais/@#/bck/"
  std::string_view uname;         // bucket_uname + object
  std::string_view object;
  uint64_t digest = 0;  // meta::placement_digest(uname)
};

/// An open object: immutable snapshot shared by readers. The descriptor is closed with the last reference.
struct OpenObject {
  int fd = -1;
  meta::ObjectMetadata metadata;
  std::string header_block;  // prepared answer headers (see HeaderBlockMaker), may be ""
  int64_t mtime_ns = 0;
  uint32_t mountpath_index = 0;
  mutable std::atomic<int64_t> last_access_ns{0};  // set by whoever reads the content
  OpenObject() = default;
  OpenObject(const OpenObject&) = delete;
  ~OpenObject();
};
using OpenObjectPtr = std::shared_ptr<const OpenObject>;
/// Prepares the header_block of an object as it is opened; called once per open, on whichever thread opens.
using HeaderBlockMaker = std::function<std::string(const meta::ObjectMetadata&, int64_t mtime_ns)>;

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
