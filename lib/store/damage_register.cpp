#include "store/damage_register.h"

#include <utility>

namespace ais::store {

DamageRegister::Telling DamageRegister::note(uint64_t what, Kind kind, int64_t now_ns, meta::Generation generation) {
  const std::lock_guard lock(mutex_);
  if (auto known = entries_.find(key_of(what, kind)); known != entries_.end()) {
    Entry& entry = known->second;
    const bool again = entry.generation != generation || now_ns - entry.told_ns >= kRepeatNs;
    if (again) entry = {.told_ns = now_ns, .generation = generation};
    return again ? Telling::kAgain : Telling::kNothing;
  }
  if (entries_.size() >= kEntriesMax) return std::exchange(full_told_, true) ? Telling::kNothing : Telling::kFull;
  entries_[key_of(what, kind)] = {.told_ns = now_ns, .generation = generation};
  if (kind == Kind::kContent) bad_contents_.fetch_add(1, std::memory_order_release);
  if (kind != Kind::kInputOutput) damaged_objects_.fetch_add(1, std::memory_order_relaxed);
  return Telling::kFirst;
}

void DamageRegister::forget(uint64_t what) {
  const std::lock_guard lock(mutex_);
  entries_.erase(key_of(what, Kind::kDamaged));
  if (entries_.erase(key_of(what, Kind::kContent)) > 0) bad_contents_.fetch_sub(1, std::memory_order_release);
}

bool DamageRegister::is_content_bad(uint64_t what, meta::Generation generation) const {
  if (bad_contents_.load(std::memory_order_acquire) == 0) return false;
  const std::lock_guard lock(mutex_);
  auto known = entries_.find(key_of(what, Kind::kContent));
  return known != entries_.end() && known->second.generation == generation;
}

}  // namespace ais::store
