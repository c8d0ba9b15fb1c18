// CapacityGuard: refuses new bytes before the disk does, so that deletes, metadata and other tenants of it keep room.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/status.h"
#include "store/object_store.h"

namespace ais::target {

/// How full each mountpath was at the last refresh. Thread-safe; only the constructor and refresh() touch the disk.
class CapacityGuard {
 public:
  /// Asks the filesystems once; `store` must outlive this.
  explicit CapacityGuard(store::ObjectStore& store);

  /// kCapacityExceeded when the mountpath is at or above `out_of_space` percent.
  Status check(uint32_t mountpath_index, int64_t out_of_space) const;
  /// Asks the filesystems now; blocks. Called every second.
  void refresh();
  /// Highest percentage of the last refresh.
  int highest_percent() const;
  /// The mountpaths as they were at the last refresh.
  std::vector<store::MountpathInfo> mountpaths() const;
  /// Judges the last refresh: low on space from when the fullest mountpath has reached `high` percent until it is below `low` again, so
  /// that a target at the limit does not go back and forth. Called after each refresh.
  void judge(int64_t low, int64_t high);
  bool low_on_space() const { return low_on_space_.load(std::memory_order_relaxed); }

 private:
  store::ObjectStore& store_;
  std::vector<std::atomic<int>> used_percent_;
  std::atomic<bool> low_on_space_{false};
  mutable std::mutex mutex_;
  std::vector<store::MountpathInfo> mountpaths_;  // guarded by mutex_
};

}  // namespace ais::target
