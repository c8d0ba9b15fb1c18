#include "ais-target/node/disk_stats.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <vector>

#include "base/strings.h"
#include "base/units.h"
#include "sys/whole_file.h"

namespace ais::target {
namespace {

constexpr uint64_t kSectorBytes = 512;

std::map<std::string, DiskCounters> read_counters(sys::FileSystem& files) {
  const Result<std::string> text = sys::read_file(files, "/proc/diskstats", 4 * kMiB);
  return text.ok() ? parse_diskstats(*text) : std::map<std::string, DiskCounters>();
}

}  // namespace

api::DiskStats rates_between(const DiskCounters& before, const DiskCounters& now, int64_t elapsed_ns) {
  const double seconds = static_cast<double>(elapsed_ns) / 1e9;
  const auto gained = [](uint64_t from, uint64_t to) { return to - std::min(from, to); };
  const auto per_second = [&](uint64_t count) { return static_cast<int64_t>(static_cast<double>(count) / seconds); };
  const uint64_t reads = gained(before.reads, now.reads), writes = gained(before.writes, now.writes);
  const uint64_t read_bytes = gained(before.sectors_read, now.sectors_read) * kSectorBytes;
  const uint64_t written_bytes = gained(before.sectors_written, now.sectors_written) * kSectorBytes;
  api::DiskStats rates;
  rates.read_bytes_per_second = per_second(read_bytes);
  rates.write_bytes_per_second = per_second(written_bytes);
  rates.average_read = reads > 0 ? static_cast<int64_t>(read_bytes / reads) : 0;
  rates.average_write = writes > 0 ? static_cast<int64_t>(written_bytes / writes) : 0;
  const double busy = static_cast<double>(gained(before.busy_ms, now.busy_ms)) / (seconds * 10);
  rates.utilization_percent = static_cast<int64_t>(std::min(busy, 100.0));
  return rates;
}

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

DiskSampler::DiskSampler(const sys::Environment& environment)
    : environment_(environment), last_(read_counters(environment.files)), last_ns_(environment.clock.monotonic_ns()) {}

void DiskSampler::sample(Nanoseconds interval) {
  const std::lock_guard lock(mutex_);
  const int64_t now_ns = environment_.clock.monotonic_ns(), elapsed = now_ns - last_ns_;
  if (elapsed <= 0 || elapsed < interval.count()) return;
  std::map<std::string, DiskCounters> now = read_counters(environment_.files);
  rates_.clear();
  for (const auto& [name, counters] : now) {
    const auto before = last_.find(name);
    if (before != last_.end()) rates_[name] = rates_between(before->second, counters, elapsed);
  }
  last_.swap(now);
  last_ns_ = now_ns;
}

api::DiskStats DiskSampler::rates(const std::string& disk) const {
  const std::lock_guard lock(mutex_);
  const auto found = rates_.find(disk);
  return found == rates_.end() ? api::DiskStats() : found->second;
}

}  // namespace ais::target
