#include "ais-target/node/node_info.h"

#include <algorithm>
#include <set>

#include "base/strings.h"

namespace ais::target {
namespace {

std::string_view alert_of(int used_percent, const meta::SpaceConfig& space) {
  if (used_percent >= space.out_of_space) return api::kDiskOutOfSpace;
  if (used_percent >= space.highwm) return api::kDiskLowSpace;
  return "";
}

std::string capacity_error(int used_percent, const meta::SpaceConfig& space) {
  const std::string_view alert = alert_of(used_percent, space);
  if (alert.empty()) return "";
  const bool out = alert == api::kDiskOutOfSpace;
  return format("%s: %d%% of a mountpath is used (limit %lld%%)", out ? "out of space" : "low on space", used_percent,
                static_cast<long long>(out ? space.out_of_space : space.highwm));
}

api::MountpathCapacity describe_mountpath(const store::MountpathInfo& info, const store::MountpathTrouble& trouble,
                                          const meta::SpaceConfig& space) {
  api::MountpathCapacity one;
  one.filesystem.device = info.filesystem_device;
  one.filesystem.type = info.filesystem_type;
  std::copy(std::begin(info.filesystem_id), std::end(info.filesystem_id), std::begin(one.filesystem.id));
  const std::string disk = disk_of_device(info.filesystem_device);
  if (!disk.empty()) one.disks.push_back(disk + std::string(alert_of(info.used_percent, space)));
  one.capacity = {info.used_bytes, info.available_bytes, info.used_percent};
  one.damage = {trouble.io_errors, trouble.damaged_objects, trouble.set_aside_files, trouble.set_aside_bytes};
  return one;
}

}  // namespace

api::TargetCapacity NodeInfo::capacity() const {
  const meta::SpaceConfig& space = target_.daemon.cluster().snapshot().config->space;
  api::TargetCapacity capacity;
  std::set<uint64_t> filesystems;
  int sum = 0;
  const std::vector<store::MountpathInfo> mountpaths = target_.capacity.mountpaths();
  const std::vector<store::MountpathTrouble> trouble = target_.store.trouble();
  for (size_t i = 0; i < mountpaths.size(); ++i) {
    const store::MountpathInfo& info = mountpaths[i];
    if (!info.enabled) continue;
    capacity.mountpaths[info.path] = describe_mountpath(info, trouble[i], space);
    if (!filesystems.insert(info.device).second) continue;
    capacity.total_used += info.used_bytes;
    capacity.total_available += info.available_bytes;
    capacity.percent_max = std::max(capacity.percent_max, info.used_percent);
    capacity.percent_min = filesystems.size() == 1 ? info.used_percent : std::min(capacity.percent_min, info.used_percent);
    sum += info.used_percent;
  }
  if (!filesystems.empty()) capacity.percent_average = sum / static_cast<int>(filesystems.size());
  capacity.error = capacity_error(capacity.percent_max, space);
  return capacity;
}

uint64_t NodeInfo::state_flags() const {
  const meta::SpaceConfig& space = target_.daemon.cluster().snapshot().config->space;
  if (target_.capacity.highest_percent() >= space.out_of_space) return api::kStateOutOfSpace;
  if (target_.capacity.low_on_space()) return api::kStateLowCapacity;
  return 0;
}

std::optional<app::QueryAnswer> NodeInfo::query(const std::string& what, api::WireFormat format) const {
  if (what == "mountpaths") return app::QueryAnswer{encode(mountpath_list(), api::WireFormat::kJson)};
  if (what == "disk") return app::QueryAnswer{encode(disks(), format), format};
  if (what == "remote") return app::QueryAnswer{R"({"a":null,"ver":0})"};
  return std::nullopt;
}

api::MountpathList NodeInfo::mountpath_list() const {
  api::MountpathList list;
  for (const store::MountpathInfo& info : target_.capacity.mountpaths())
    (info.enabled ? list.available : list.disabled).push_back(info.path);
  return list;
}

api::TargetDisks NodeInfo::disks() const {
  api::TargetDisks answer;
  answer.capacity = capacity();
  for (const auto& [path, mountpath] : answer.capacity.mountpaths)
    for (const std::string& disk : mountpath.disks) answer.disks[disk] = sampler_.rates(disk.substr(0, disk.find('(')));
  return answer;
}

void NodeInfo::add_disk_metrics(app::Metrics& metrics) const {
  using app::MetricKind;
  std::set<std::string> disks;
  for (const store::MountpathInfo& info : target_.capacity.mountpaths()) disks.insert(disk_of_device(info.filesystem_device));
  disks.erase("");
  for (const std::string& disk : disks) {
    const auto add = [&](const char* name, MetricKind kind, const char* help, int64_t api::DiskStats::*value) {
      metrics.add_callback({"disk." + disk + "." + name, kind, help}, [this, disk, value] { return sampler_.rates(disk).*value; });
    };
    add("read.bps", MetricKind::kComputedThroughput, "bytes read from the disk per second", &api::DiskStats::read_bytes_per_second);
    add("avg.rsize", MetricKind::kGauge, "average bytes per read from the disk", &api::DiskStats::average_read);
    add("write.bps", MetricKind::kComputedThroughput, "bytes written to the disk per second", &api::DiskStats::write_bytes_per_second);
    add("avg.wsize", MetricKind::kGauge, "average bytes per write to the disk", &api::DiskStats::average_write);
    add("util", MetricKind::kGauge, "percent of time during which the disk was busy", &api::DiskStats::utilization_percent);
  }
}

}  // namespace ais::target
