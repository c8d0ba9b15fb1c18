#include "ais-target/node/disk_stats.h"

#include <climits>
#include <cstdlib>
#include <vector>

#include "app/cluster_view.h"
#include "base/strings.h"
#include "base/units.h"
#include "sys/clock.h"

namespace ais::target {
namespace {

constexpr uint64_t kSectorBytes = 512;

std::map<std::string, DiskCounters> read_counters() {
  const Result<std::string> text = app::read_small_file("/proc/diskstats", 4 * kMiB);
  return text.ok() ? parse_diskstats(*text) : std::map<std::string, DiskCounters>();
}

DiskRates rates_between(const DiskCounters& before, const DiskCounters& now, int64_t elapsed_ns) {
  const double seconds = static_cast<double>(elapsed_ns) / 1e9;
  const uint64_t reads = now.reads - before.reads, writes = now.writes - before.writes;
  const uint64_t read_bytes = (now.sectors_read - before.sectors_read) * kSectorBytes;
  const uint64_t written_bytes = (now.sectors_written - before.sectors_written) * kSectorBytes;
  DiskRates rates;
  rates.read_bytes_per_second = static_cast<int64_t>(static_cast<double>(read_bytes) / seconds);
  rates.write_bytes_per_second = static_cast<int64_t>(static_cast<double>(written_bytes) / seconds);
  rates.average_read = reads > 0 ? static_cast<int64_t>(read_bytes / reads) : 0;
  rates.average_write = writes > 0 ? static_cast<int64_t>(written_bytes / writes) : 0;
  const double busy = static_cast<double>(now.busy_ms - before.busy_ms) / (seconds * 10);
  rates.utilization_percent = static_cast<int64_t>(busy > 100 ? 100 : busy);
  return rates;
}

}  // namespace

std::map<std::string, DiskCounters> parse_diskstats(std::string_view text) {
  std::map<std::string, DiskCounters> disks;
  for (const std::string_view line : split(text, '\n')) {
    std::vector<std::string_view> fields;
    for (const std::string_view field : split(line, ' '))
      if (!field.empty()) fields.push_back(field);
    if (fields.size() < 13) continue;
    // major minor name reads merged sectors ms writes merged sectors ms in-flight busy-ms ...
    const auto reads = parse_uint(fields[3]), sectors_read = parse_uint(fields[5]), writes = parse_uint(fields[7]);
    const auto sectors_written = parse_uint(fields[9]), busy = parse_uint(fields[12]);
    if (!reads || !sectors_read || !writes || !sectors_written || !busy) continue;
    disks[std::string(fields[2])] = DiskCounters{*reads, *sectors_read, *writes, *sectors_written, *busy};
  }
  return disks;
}

std::string disk_of_device(const std::string& device) {
  if (!device.starts_with("/dev/")) return "";
  // Device-mapper and by-id names are links to the kernel's own name, which /sys knows as part of its disk's folder.
  char resolved[PATH_MAX];
  const char* real = ::realpath(device.c_str(), resolved);
  std::string name = real != nullptr ? resolved : device;
  name = name.substr(name.rfind('/') + 1);
  const char* in_sys = ::realpath(("/sys/class/block/" + name).c_str(), resolved);
  if (in_sys == nullptr) return name;
  const std::vector<std::string_view> parts = split(in_sys, '/');
  for (size_t i = 0; i + 1 < parts.size(); ++i)
    if (parts[i] == "block") return std::string(parts[i + 1]);
  return name;
}

DiskSampler::DiskSampler() : last_(read_counters()), last_ns_(sys::real_clock().monotonic_ns()) {}

std::map<std::string, DiskRates> DiskSampler::sample() {
  std::lock_guard lock(mutex_);
  std::map<std::string, DiskCounters> now = read_counters();
  const int64_t now_ns = sys::real_clock().monotonic_ns();
  const int64_t elapsed = now_ns > last_ns_ ? now_ns - last_ns_ : 1;
  std::map<std::string, DiskRates> rates;
  for (const auto& [name, counters] : now) {
    const auto before = last_.find(name);
    if (before != last_.end()) rates[name] = rates_between(before->second, counters, elapsed);
  }
  last_.swap(now);
  last_ns_ = now_ns;
  return rates;
}

}  // namespace ais::target
