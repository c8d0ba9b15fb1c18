// What the kernel allows this process: limits of its control group (version 2), from the process's group up to the root.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ais::api {

struct CgroupLimits {
  std::optional<uint64_t> memory_max;      // bytes; the lowest on the way up
  std::optional<uint64_t> memory_current;  // of the group that has that limit
  std::string memory_group;                // its folder under /sys
  std::optional<double> cpus;              // quota over period; the lowest on the way up
  std::string cpu_group;                   // the folder of the group that has it
};

/// Limits of the calling process; all empty where version 2 is not mounted. Reads small files of /proc and /sys.
CgroupLimits read_cgroup_limits();
/// CPUs that this process may use: affinity mask and quota, rounded up, at least 1.
size_t usable_cpus();
/// A small text file of /proc or /sys; "" when it cannot be read.
std::string read_kernel_file(const std::string& path);

}  // namespace ais::api
