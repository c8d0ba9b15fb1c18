#include "ais-target/node/node_info.h"

#include <algorithm>
#include <set>

namespace ais::target {

api::TargetCapacity NodeInfo::capacity() const {
  api::TargetCapacity capacity;
  int sum = 0;
  for (const store::MountpathInfo& info : target_.store.mountpaths()) {
    api::MountpathCapacity one;
    one.path = info.path;
    one.filesystem_device = info.filesystem_device;
    one.filesystem_type = info.filesystem_type;
    std::copy(std::begin(info.filesystem_id), std::end(info.filesystem_id), std::begin(one.filesystem_id));
    const std::string disk = disk_of_device(info.filesystem_device);
    if (!disk.empty()) one.disks.push_back(disk);
    one.used = info.used_bytes;
    one.available = info.available_bytes;
    one.percent_used = info.used_percent;
    capacity.total_used += info.used_bytes;
    capacity.total_available += info.available_bytes;
    capacity.percent_max = std::max(capacity.percent_max, info.used_percent);
    capacity.percent_min = capacity.mountpaths.empty() ? info.used_percent : std::min(capacity.percent_min, info.used_percent);
    sum += info.used_percent;
    capacity.mountpaths.push_back(std::move(one));
  }
  if (!capacity.mountpaths.empty()) capacity.percent_average = sum / static_cast<int>(capacity.mountpaths.size());
  const int64_t limit = target_.daemon.cluster().snapshot().config->space.out_of_space;
  if (capacity.percent_max >= limit) capacity.error = "out of space";
  return capacity;
}

uint64_t NodeInfo::state_flags() const {
  const meta::SpaceConfig& space = target_.daemon.cluster().snapshot().config->space;
  if (target_.capacity.highest_percent() >= space.out_of_space) return api::kStateOutOfSpace;
  if (target_.capacity.low_on_space()) return api::kStateLowCapacity;
  return 0;
}

std::optional<std::string> NodeInfo::query(const std::string& what) {
  if (what == "mountpaths") return mountpath_list();
  if (what == "disk") return disks();
  if (what == "remote") return std::string(R"({"a":null,"ver":0})");
  return std::nullopt;
}

std::string NodeInfo::mountpath_list() const {
  codec::JsonWriter out;
  const auto mountpaths = target_.store.mountpaths();
  auto paths = [&](std::string_view key, bool enabled) {
    out.key(key).begin_array();
    for (const store::MountpathInfo& info : mountpaths)
      if (info.enabled == enabled) out.value(info.path);
    out.end_array();
  };
  out.begin_object();
  paths("available", true);
  out.key("waiting_dd").begin_array().end_array();
  paths("disabled", false);
  out.end_object();
  return out.take();
}

std::string NodeInfo::disks() {
  const api::TargetCapacity space = capacity();
  std::set<std::string> mine;
  for (const api::MountpathCapacity& mountpath : space.mountpaths) mine.insert(mountpath.disks.begin(), mountpath.disks.end());
  codec::JsonWriter stats;
  stats.begin_object();
  for (const auto& [name, rates] : sampler_.sample()) {
    if (!mine.contains(name)) continue;
    stats.key(name).begin_object();
    stats.field("RBps", rates.read_bytes_per_second).field("Ravg", rates.average_read);
    stats.field("WBps", rates.write_bytes_per_second).field("Wavg", rates.average_write);
    stats.field("Util", rates.utilization_percent);
    stats.end_object();
  }
  stats.end_object();
  codec::JsonWriter out;
  space.write_json(out);
  // The capacity is an object of its own; the statistics become its last member.
  std::string json = out.take();
  json.pop_back();
  return json + ",\"AllDiskStats\":" + stats.take() + "}";
}

}  // namespace ais::target
