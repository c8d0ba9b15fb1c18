#include "api/system_info.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "api/cgroup.h"
#include "base/strings.h"

namespace ais::api {
namespace {

// "MemTotal:  123 kB" of /proc/meminfo, in bytes.
uint64_t meminfo_bytes(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(name)) continue;
    line = trim(line.substr(name.size()));
    return parse_uint(line.substr(0, line.find(' '))).value_or(0) * 1024;
  }
  return 0;
}

// "file 123" of a control group's memory.stat or cpu.stat.
uint64_t stat_value(std::string_view text, std::string_view name) {
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ' ')
      return parse_uint(trim(line.substr(name.size()))).value_or(0);
  }
  return 0;
}

uint64_t minus(uint64_t a, uint64_t b) { return a - std::min(a, b); }

double percent(double part, double whole) { return whole > 0 ? 100.0 * part / whole : 0; }

MemoryInfo host_memory() {
  const std::string text = read_kernel_file("/proc/meminfo");
  MemoryInfo memory;
  memory.total = meminfo_bytes(text, "MemTotal:");
  memory.free = meminfo_bytes(text, "MemFree:");
  memory.cached = meminfo_bytes(text, "Cached:") + meminfo_bytes(text, "Buffers:");
  memory.available = meminfo_bytes(text, "MemAvailable:");
  memory.swap_total = meminfo_bytes(text, "SwapTotal:");
  memory.swap_free = meminfo_bytes(text, "SwapFree:");
  memory.used = minus(memory.total, memory.free);
  memory.in_use = minus(memory.total, memory.available);
  memory.swap_used = minus(memory.swap_total, memory.swap_free);
  return memory;
}

MemoryInfo read_memory(const CgroupLimits& limits) {
  MemoryInfo memory = host_memory();
  if (!limits.memory_max || *limits.memory_max >= memory.total) return memory;
  const std::string text = read_kernel_file(limits.memory_group + "/memory.stat");
  const uint64_t host_available = memory.available;
  memory.total = *limits.memory_max;
  memory.used = std::min(memory.total, limits.memory_current.value_or(0));
  memory.free = memory.total - memory.used;
  // Dirty pages must be written before the kernel can take them back.
  memory.cached = minus(stat_value(text, "file"), stat_value(text, "file_dirty") + stat_value(text, "file_writeback"));
  memory.in_use = minus(memory.used, memory.cached);
  memory.available = std::min(memory.total - memory.in_use, host_available);
  return memory;
}

// Fields of /proc/self/stat behind the program's name, which may hold blanks: index 0 is the state, the third field of the line.
std::vector<std::string_view> process_fields(std::string_view text) {
  const size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 > text.size()) return {};
  return split(text.substr(name_end + 2), ' ');
}

ProcessCpu process_cpu() {
  constexpr size_t kUserTime = 11, kSystemTime = 12, kStartTime = 19;
  const std::string text = read_kernel_file("/proc/self/stat"), uptime_text = read_kernel_file("/proc/uptime");
  const std::vector<std::string_view> fields = process_fields(text);
  ProcessCpu cpu;
  if (fields.size() <= kStartTime) return cpu;
  const auto ticks = static_cast<double>(std::max(sysconf(_SC_CLK_TCK), 1L));
  const auto seconds = [&](size_t field) { return static_cast<double>(parse_uint(fields[field]).value_or(0)) / ticks; };
  const double user = seconds(kUserTime), system = seconds(kSystemTime);
  cpu.user = static_cast<uint64_t>(user * 1000);
  cpu.system = static_cast<uint64_t>(system * 1000);
  cpu.total = cpu.user + cpu.system;
  const double uptime = parse_double(std::string_view(uptime_text).substr(0, uptime_text.find(' '))).value_or(0);
  cpu.percent = percent(user + system, (uptime - seconds(kStartTime)) * static_cast<double>(usable_cpus()));
  return cpu;
}

ProcessMemory process_memory() {
  const std::string text = read_kernel_file("/proc/self/statm");
  const auto fields = split(trim(text), ' ');
  const auto bytes = [&](size_t field) {
    return fields.size() <= field ? 0 : parse_uint(fields[field]).value_or(0) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  };
  return {bytes(0), bytes(1), bytes(2)};
}

LoadAverage read_load() {
  LoadAverage load;
  const std::string text = read_kernel_file("/proc/loadavg");
  const auto fields = split(text, ' ');
  if (fields.size() < 3) return load;
  load.one = parse_double(fields[0]).value_or(0);
  load.five = parse_double(fields[1]).value_or(0);
  load.fifteen = parse_double(fields[2]).value_or(0);
  return load;
}

/// Running totals; `busy` and `all` have one unit, ticks or microseconds.
struct CpuUse {
  double busy = 0, all = 0, throttled_us = 0;
  int64_t at_ns = 0;
};

CpuUse host_cpu_use() {
  const std::string text = read_kernel_file("/proc/stat");
  CpuUse use;
  size_t column = 0;
  for (const std::string_view field : split(std::string_view(text).substr(0, text.find('\n')), ' ')) {
    const auto value = parse_uint(field);
    if (!value) continue;
    const bool idle = column == 3 || column == 4;            // idle, iowait
    if (column < 8) use.all += static_cast<double>(*value);  // guest time is part of user time
    if (column < 8 && !idle) use.busy += static_cast<double>(*value);
    column++;
  }
  return use;
}

CpuUse read_cpu_use(Nanoseconds monotonic) {
  const CgroupLimits limits = read_cgroup_limits();
  const int64_t now_ns = monotonic.count();
  CpuUse use;
  if (limits.cpus) {
    const std::string text = read_kernel_file(limits.cpu_group + "/cpu.stat");
    use.busy = static_cast<double>(stat_value(text, "usage_usec"));
    use.all = static_cast<double>(now_ns) / 1000 * *limits.cpus;
    use.throttled_us = static_cast<double>(stat_value(text, "throttled_usec"));
  } else {
    use = host_cpu_use();
  }
  use.at_ns = now_ns;
  return use;
}

class CpuSampler {
 public:
  void sample(Nanoseconds monotonic) {
    const std::lock_guard lock(mutex_);
    const CpuUse now = read_cpu_use(monotonic);
    if (last_.at_ns != 0) {
      util_ = rounded(percent(now.busy - last_.busy, now.all - last_.all));
      throttled_ = rounded(percent((now.throttled_us - last_.throttled_us) * 1000, static_cast<double>(now.at_ns - last_.at_ns)));
    }
    last_ = now;
  }
  void read(SystemInfo& info) {
    const std::lock_guard lock(mutex_);
    info.cpu_util = util_;
    info.cpu_throttled = throttled_;
  }

 private:
  static int64_t rounded(double percent_value) { return static_cast<int64_t>(std::clamp(percent_value, 0.0, 100.0) + 0.5); }

  std::mutex mutex_;
  CpuUse last_;            // guarded by mutex_
  int64_t util_ = 0;       // guarded by mutex_
  int64_t throttled_ = 0;  // guarded by mutex_
};

CpuSampler& cpu_sampler() {
  static CpuSampler sampler;
  return sampler;
}

}  // namespace

void sample_cpu(Nanoseconds now) { cpu_sampler().sample(now); }

SystemInfo SystemInfo::read() {
  SystemInfo info;
  info.memory = read_memory(read_cgroup_limits());
  info.process = {process_cpu(), process_memory()};
  info.memory_used = info.process.memory.resident;
  info.memory_available = info.memory.available;
  info.percent_memory_used = percent(static_cast<double>(info.memory_used), static_cast<double>(info.memory.total));
  info.percent_cpu_used = info.process.cpu.percent;
  info.load = read_load();
  info.cpus = usable_cpus();
  cpu_sampler().read(info);
  return info;
}

}  // namespace ais::api
