#include "ais-target/node/capacity_guard.h"

#include <algorithm>

namespace ais::target {

CapacityGuard::CapacityGuard(store::ObjectStore& store) : store_(store), used_percent_(store.mountpaths().size()) { refresh(); }

void CapacityGuard::refresh() {
  std::vector<store::MountpathInfo> mountpaths = store_.mountpaths();
  for (size_t i = 0; i < mountpaths.size() && i < used_percent_.size(); ++i)
    used_percent_[i].store(mountpaths[i].used_percent, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  mountpaths_.swap(mountpaths);
}

std::vector<store::MountpathInfo> CapacityGuard::mountpaths() const {
  const std::lock_guard lock(mutex_);
  return mountpaths_;
}

Status CapacityGuard::check(uint32_t mountpath_index, int64_t out_of_space) const {
  if (mountpath_index >= used_percent_.size()) return {};
  const int used = used_percent_[mountpath_index].load(std::memory_order_relaxed);
  if (used < out_of_space) return {};
  return make_status(Code::kCapacityExceeded, "out of space: used %d%% of the mountpath (limit %lld%%)", used,
                     static_cast<long long>(out_of_space));
}

int CapacityGuard::highest_percent() const {
  int highest = 0;
  for (const std::atomic<int>& percent : used_percent_) highest = std::max(highest, percent.load(std::memory_order_relaxed));
  return highest;
}

void CapacityGuard::judge(int64_t low, int64_t high) {
  const int used = highest_percent();
  if (used >= high) low_on_space_.store(true, std::memory_order_relaxed);
  else if (used < low) low_on_space_.store(false, std::memory_order_relaxed);
}

}  // namespace ais::target
