// What the kernel counts about disks: rates between two looks at /proc/diskstats, and which disk a device belongs to.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "api/node_status.h"
#include "base/units.h"
#include "sys/environment.h"

namespace ais::target {

/// Counters of one disk since boot.
struct DiskCounters {
  uint64_t reads = 0, sectors_read = 0, writes = 0, sectors_written = 0, busy_ms = 0;
};
/// Lines of /proc/diskstats by disk name; malformed lines are left out.
std::map<std::string, DiskCounters> parse_diskstats(std::string_view text);
/// "/dev/nvme0n1p2" -> "nvme0n1"; "" for what is no block device (tmpfs, overlay).
std::string disk_of_device(const std::string& device);

/// What a disk did between two looks. Counters that went backwards (the device was replaced) count as no activity.
api::DiskStats rates_between(const DiskCounters& before, const DiskCounters& now, int64_t elapsed_ns);

/// Looks at intervals, so that everybody who asks sees the same rates, over the same span. Thread-safe.
class DiskSampler {
 public:
  explicit DiskSampler(const sys::Environment& environment);
  /// Looks again when the last look is at least `interval` ago. Called every second.
  void sample(Nanoseconds interval);
  /// Rates between the two latest looks; zeros for a disk that is not known (yet).
  api::DiskStats rates(const std::string& disk) const;

 private:
  const sys::Environment environment_;
  mutable std::mutex mutex_;
  std::map<std::string, DiskCounters> last_;     // guarded by mutex_
  std::map<std::string, api::DiskStats> rates_;  // guarded by mutex_
  int64_t last_ns_ = 0;                          // guarded by mutex_
};

}  // namespace ais::target
