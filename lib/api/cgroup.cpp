#include "api/cgroup.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/strings.h"

namespace ais::api {
namespace {

constexpr const char* kRoot = "/sys/fs/cgroup";

// "0::/system.slice/x" of /proc/self/cgroup -> "/system.slice/x".
std::string own_group() {
  const std::string text = read_kernel_file("/proc/self/cgroup");
  for (std::string_view line : split(text, '\n')) {
    if (line.starts_with("0::")) return std::string(trim(line.substr(3)));
  }
  return "/";
}

void lower_memory(const std::string& group, CgroupLimits& limits) {
  const auto max = parse_uint(trim(read_kernel_file(group + "/memory.max")));  // "max" does not parse: no limit here
  if (!max || (limits.memory_max && *limits.memory_max <= *max)) return;
  limits.memory_max = max;
  limits.memory_group = group;
  limits.memory_current = parse_uint(trim(read_kernel_file(group + "/memory.current")));
}

void lower_cpus(const std::string& group, CgroupLimits& limits) {
  const std::string text = read_kernel_file(group + "/cpu.max");
  const auto fields = split(trim(text), ' ');
  if (fields.size() != 2) return;
  const auto quota = parse_uint(fields[0]);
  const auto period = parse_uint(fields[1]);
  if (!quota || !period || *period == 0) return;
  const double cpus = static_cast<double>(*quota) / static_cast<double>(*period);
  if (limits.cpus && *limits.cpus <= cpus) return;
  limits.cpus = cpus;
  limits.cpu_group = group;
}

}  // namespace

std::string read_kernel_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return "";
  std::string text;
  char buffer[4096];
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<size_t>(n));
  close(fd);
  return text;
}

CgroupLimits read_cgroup_limits() {
  CgroupLimits limits;
  std::string group = own_group();
  while (true) {
    const std::string directory = kRoot + (group == "/" ? std::string() : group);
    lower_memory(directory, limits);
    lower_cpus(directory, limits);
    const size_t slash = group.rfind('/');
    if (group.size() <= 1 || slash == std::string::npos) return limits;
    group.resize(std::max<size_t>(slash, 1));
  }
}

size_t usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  size_t cpus = sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<size_t>(CPU_COUNT(&set)) : 1;
  if (const auto quota = read_cgroup_limits().cpus) cpus = std::min(cpus, static_cast<size_t>(std::ceil(*quota)));
  return std::max<size_t>(cpus, 1);
}

}  // namespace ais::api
