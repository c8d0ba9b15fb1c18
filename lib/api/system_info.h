// Memory, CPU and load: of this process and of the host, or of the control group that limits the process. Read from /proc and /sys.
#pragma once

#include <cstdint>

#include "base/units.h"

namespace ais::api {

struct LoadAverage {
  double one = 0, five = 0, fifteen = 0;
};

/// Bytes: of the control group where it limits memory, else of the host.
struct MemoryInfo {
  uint64_t total = 0, used = 0, free = 0;  // used and free count the kernel's caches as used
  uint64_t cached = 0;                     // what the kernel can take back
  uint64_t available = 0, in_use = 0;      // the same two with caches counted as free
  uint64_t swap_total = 0, swap_free = 0, swap_used = 0;
};

/// Milliseconds since the process began.
struct ProcessCpu {
  uint64_t user = 0, system = 0, total = 0;
  int64_t last_time = 0;  // not used; always 0
  double percent = 0;     // of all CPUs that it may use, averaged over its life
};

/// Bytes.
struct ProcessMemory {
  uint64_t size = 0, resident = 0, shared = 0;
};

struct ProcessInfo {
  ProcessCpu cpu;
  ProcessMemory memory;
};

/// What a node reports as `sys_info` and what=sysinfo.
struct SystemInfo {
  uint64_t memory_used = 0;                              // resident memory of the process
  uint64_t memory_available = 0;                         // of the host or control group
  double percent_memory_used = 0, percent_cpu_used = 0;  // of the process
  LoadAverage load;
  int64_t cpu_util = 0;       // percent of the CPUs in use by anybody, at the last sample_cpu()
  int64_t cpu_throttled = 0;  // percent of the time that a CPU quota held the control group back
  uint64_t cpus = 0;          // that the process may use; ours, left out by other clients
  MemoryInfo memory;
  ProcessInfo process;
  static SystemInfo read();
};

/// Looks at the use of the CPUs since the previous call; `now` is monotonic. Daemons call it every periodic.stats_time. Thread-safe.
void sample_cpu(Nanoseconds now);

}  // namespace ais::api
