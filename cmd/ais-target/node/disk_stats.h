// What the kernel counts about disks: rates between two looks at /proc/diskstats, and which disk a device belongs to.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace ais::target {

/// Counters of one disk since boot.
struct DiskCounters {
  uint64_t reads = 0, sectors_read = 0, writes = 0, sectors_written = 0, busy_ms = 0;
};
/// Lines of /proc/diskstats by disk name; malformed lines are left out.
std::map<std::string, DiskCounters> parse_diskstats(std::string_view text);
/// "/dev/nvme0n1p2" -> "nvme0n1"; "" for what is no block device (tmpfs, overlay).
std::string disk_of_device(const std::string& device);

/// One disk between two looks.
struct DiskRates {
  int64_t read_bytes_per_second = 0, average_read = 0, write_bytes_per_second = 0, average_write = 0, utilization_percent = 0;
};

/// Remembers the last look. Thread-safe.
class DiskSampler {
 public:
  DiskSampler();
  /// Rates since the previous call (or the start), of all disks.
  std::map<std::string, DiskRates> sample();

 private:
  std::mutex mutex_;
  std::map<std::string, DiskCounters> last_;  // guarded by mutex_
  int64_t last_ns_ = 0;                       // guarded by mutex_
};

}  // namespace ais::target
