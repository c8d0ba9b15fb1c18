// SystemInfo: memory, CPU and load of the node.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <mutex>

#include "api/cgroup.h"
#include "api/node_status.h"
#include "base/strings.h"

namespace ais::api {
namespace {

uint64_t meminfo_bytes(std::string_view text, std::string_view name) {
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(name)) continue;
    line = trim(line.substr(name.size()));
    return parse_uint(line.substr(0, line.find(' '))).value_or(0) * 1024;
  }
  return 0;
}

void read_memory(SystemInfo& info) {
  const std::string text = read_kernel_file("/proc/meminfo");
  uint64_t total = meminfo_bytes(text, "MemTotal:");
  info.memory_available = meminfo_bytes(text, "MemAvailable:");
  info.memory_used = total - std::min(total, info.memory_available);
  const CgroupLimits limits = read_cgroup_limits();
  if (limits.memory_max && *limits.memory_max < total) {
    total = *limits.memory_max;
    info.memory_used = std::min(total, limits.memory_current.value_or(0));
    info.memory_available = std::min(info.memory_available, total - info.memory_used);
  }
  if (total > 0) info.percent_memory_used = 100.0 * static_cast<double>(info.memory_used) / static_cast<double>(total);
}

struct CpuTicks {
  uint64_t busy = 0;
  uint64_t total = 0;
};

CpuTicks read_ticks() {
  const std::string text = read_kernel_file("/proc/stat");
  CpuTicks ticks;
  size_t column = 0;
  for (std::string_view field : split(std::string_view(text).substr(0, text.find('\n')), ' ')) {
    const auto value = parse_uint(field);
    if (!value) continue;
    const bool idle = column == 3 || column == 4;  // idle, iowait
    if (column < 8) ticks.total += *value;         // guest time is part of user time
    if (column < 8 && !idle) ticks.busy += *value;
    column++;
  }
  return ticks;
}

// Use since the previous call of this process (since boot at first).
double cpu_percent() {
  static std::mutex mutex;
  static CpuTicks last;
  static double percent = 0;
  const CpuTicks now = read_ticks();
  const std::lock_guard lock(mutex);
  const uint64_t total = now.total - std::min(now.total, last.total);
  if (total > 0) {
    percent = 100.0 * static_cast<double>(now.busy - std::min(now.busy, last.busy)) / static_cast<double>(total);
    last = now;
  }
  return std::min(percent, 100.0);
}

uint64_t resident_bytes() {
  const std::string text = read_kernel_file("/proc/self/statm");
  const auto fields = split(trim(text), ' ');
  if (fields.size() < 2) return 0;
  return parse_uint(fields[1]).value_or(0) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

void write_members(const SystemInfo& info, codec::JsonWriter& out) {
  out.field("mem_used", info.memory_used).field("mem_avail", info.memory_available);
  out.field("pct_mem_used", info.percent_memory_used).field("pct_cpu_used", info.percent_cpu_used);
  out.key("load_avg").begin_object().field("One", info.load_1).field("Five", info.load_5).field("Fifteen", info.load_15).end_object();
  out.field("cpu_util", info.cpu_util);
  out.key("proc").begin_object().key("mem").begin_object().field("resident", info.process_resident).end_object().end_object();
}

}  // namespace

SystemInfo SystemInfo::read() {
  SystemInfo info;
  read_memory(info);
  info.percent_cpu_used = cpu_percent();
  info.cpu_util = static_cast<int64_t>(info.percent_cpu_used);
  info.process_resident = resident_bytes();
  const std::string load = read_kernel_file("/proc/loadavg");
  if (const auto fields = split(load, ' '); fields.size() >= 3) {
    info.load_1 = parse_double(fields[0]).value_or(0);
    info.load_5 = parse_double(fields[1]).value_or(0);
    info.load_15 = parse_double(fields[2]).value_or(0);
  }
  return info;
}

void SystemInfo::write_json(codec::JsonWriter& out) const {
  out.begin_object();
  write_members(*this, out);
  out.end_object();
}

void SystemInfo::write_json_with_capacity(codec::JsonWriter& out, uint64_t used, uint64_t capacity) const {
  out.begin_object();
  write_members(*this, out);
  out.key("fs_used").quoted(used).key("fs_capacity").quoted(capacity);
  out.field("pct_fs_used", capacity == 0 ? 0.0 : 100.0 * static_cast<double>(used) / static_cast<double>(capacity));
  out.end_object();
}

}  // namespace ais::api
