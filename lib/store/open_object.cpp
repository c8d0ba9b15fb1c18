#include "store/open_object.h"

#include <unistd.h>

#include <algorithm>

namespace ais::store {

OpenObject::~OpenObject() {
  if (fd >= 0) ::close(fd);
}

DescriptorCache::DescriptorCache(size_t entries_max, std::function<void(OpenObjectPtr)> evicted)
    : slots_max_(std::max<size_t>(1, entries_max / kShards)), evicted_(std::move(evicted)) {}

OpenObjectPtr DescriptorCache::find(uint64_t digest, std::string_view uname) {
  Shard& shard = shard_of(digest);
  std::lock_guard lock(shard.mutex);
  auto found = shard.index.find(digest);
  if (found == shard.index.end()) return nullptr;
  Slot& slot = shard.slots[found->second];
  if (slot.uname != uname) return nullptr;
  slot.referenced = true;
  return slot.object;
}

uint64_t DescriptorCache::ticket(uint64_t digest) {
  Shard& shard = shard_of(digest);
  std::lock_guard lock(shard.mutex);
  return shard.changes;
}

uint32_t DescriptorCache::make_room(Shard& shard, OpenObjectPtr& out) {
  if (!shard.vacant.empty()) {
    uint32_t slot = shard.vacant.back();
    shard.vacant.pop_back();
    return slot;
  }
  if (shard.slots.size() < slots_max_) {
    shard.slots.emplace_back();
    return static_cast<uint32_t>(shard.slots.size() - 1);
  }
  while (true) {
    shard.hand = (shard.hand + 1) % shard.slots.size();
    Slot& slot = shard.slots[shard.hand];
    if (std::exchange(slot.referenced, false)) continue;
    shard.index.erase(slot.digest);
    out = std::move(slot.object);
    return static_cast<uint32_t>(shard.hand);
  }
}

void DescriptorCache::insert(uint64_t digest, std::string_view uname, OpenObjectPtr object, uint64_t ticket) {
  Shard& shard = shard_of(digest);
  OpenObjectPtr out;
  {
    std::lock_guard lock(shard.mutex);
    if (shard.changes != ticket) return;
    auto found = shard.index.find(digest);
    uint32_t index;
    if (found != shard.index.end()) {
      index = found->second;
      out = std::move(shard.slots[index].object);
    } else {
      index = make_room(shard, out);
      shard.index.emplace(digest, index);
    }
    Slot& slot = shard.slots[index];
    slot.uname = uname;
    slot.digest = digest;
    slot.object = std::move(object);
    slot.referenced = true;
  }
  if (out) evicted_(std::move(out));
}

void DescriptorCache::invalidate(uint64_t digest) {
  Shard& shard = shard_of(digest);
  OpenObjectPtr out;  // closed after the lock is released
  std::lock_guard lock(shard.mutex);
  ++shard.changes;
  auto found = shard.index.find(digest);
  if (found == shard.index.end()) return;
  Slot& slot = shard.slots[found->second];
  out = std::move(slot.object);
  slot.uname.clear();
  slot.referenced = false;
  shard.vacant.push_back(found->second);
  shard.index.erase(found);
}

void DescriptorCache::invalidate_prefix(std::string_view prefix) {
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    ++shard.changes;
    for (auto it = shard.index.begin(); it != shard.index.end();) {
      Slot& slot = shard.slots[it->second];
      if (!slot.uname.starts_with(prefix)) {
        ++it;
        continue;
      }
      slot.object.reset();
      slot.uname.clear();
      slot.referenced = false;
      shard.vacant.push_back(it->second);
      it = shard.index.erase(it);
    }
  }
}

void DescriptorCache::clear() {
  for (Shard& shard : shards_) {
    std::vector<Slot> slots;
    {
      std::lock_guard lock(shard.mutex);
      ++shard.changes;
      slots.swap(shard.slots);
      shard.index.clear();
      shard.vacant.clear();
      shard.hand = 0;
    }
    for (Slot& slot : slots) {
      if (slot.object) evicted_(std::move(slot.object));
    }
  }
}

}  // namespace ais::store
