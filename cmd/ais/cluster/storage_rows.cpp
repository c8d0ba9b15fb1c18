#include "ais/cluster/storage_rows.h"

#include <algorithm>

#include "ais/cluster/node_rows.h"
#include "base/strings.h"
#include "cli/counted.h"

namespace ais::cli {
namespace {

bool is_disabled(const StorageReport& report, const std::string& path) {
  return std::find(report.disabled.begin(), report.disabled.end(), path) != report.disabled.end();
}

std::string filesystem_text(const MountpathReport& mountpath) {
  return mountpath.device.empty() ? mountpath.filesystem : mountpath.device + " (" + mountpath.filesystem + ")";
}

const char* state_of(const StorageReport& report, const MountpathReport& mountpath) {
  return is_disabled(report, mountpath.path) ? "disabled" : "available";
}

DiskReport sum_of(const std::vector<DiskReport>& disks) {
  DiskReport out;
  out.name = counted(disks.size(), "disk");
  for (const DiskReport& disk : disks) {
    out.read_per_second += disk.read_per_second;
    out.write_per_second += disk.write_per_second;
    out.read_average += disk.read_average;
    out.write_average += disk.write_average;
    out.utilization_percent += disk.utilization_percent;
  }
  if (disks.empty()) return out;
  for (uint64_t* mean : {&out.read_average, &out.write_average, &out.utilization_percent}) *mean /= disks.size();
  return out;
}

Tone tone_of(const DiskReport& disk) { return disk.utilization_percent >= 95 ? Tone::kWarning : Tone::kPlain; }

void write_mountpath(codec::JsonWriter& out, const StorageReport& report, const MountpathReport& mountpath) {
  out.begin_object().field("path", mountpath.path).field("state", state_of(report, mountpath)).field("device", mountpath.device);
  out.field("filesystem", mountpath.filesystem).key("disks").begin_array();
  for (const std::string& disk : mountpath.disks) out.value(disk);
  out.end_array().field("used", mountpath.used).field("available", mountpath.available);
  out.field("percent_used", mountpath.percent_used).end_object();
}

void write_disk(codec::JsonWriter& out, const DiskReport& disk) {
  out.begin_object().field("name", disk.name).field("read_bytes_per_second", disk.read_per_second);
  out.field("write_bytes_per_second", disk.write_per_second).field("average_read_bytes", disk.read_average);
  out.field("average_write_bytes", disk.write_average).field("utilization_percent", disk.utilization_percent).end_object();
}

}  // namespace

void read_disabled(StorageReport& report, codec::JsonView mountpaths) {
  codec::JsonView disabled = mountpaths["disabled"];
  for (size_t i = 0; disabled.is_array() && i < disabled.size(); ++i) report.disabled.push_back(disabled.at(i).string_or(""));
}

void read_disks(StorageReport& report, codec::JsonView disk) {
  codec::JsonView all = disk["AllDiskStats"];
  if (!all.is_object()) return;
  Status visited = all.for_each([&](std::string_view name, codec::JsonView stats) {
    DiskReport out;
    out.name = name;
    out.read_per_second = stats["RBps"].uint_or(0);
    out.read_average = stats["Ravg"].uint_or(0);
    out.write_per_second = stats["WBps"].uint_or(0);
    out.write_average = stats["Wavg"].uint_or(0);
    out.utilization_percent = stats["Util"].uint_or(0);
    report.disks.push_back(std::move(out));
    return Status();
  });
  static_cast<void>(visited.ok());  // the visitor never fails
}

Table mountpath_table(const std::vector<StorageReport>& reports, SizeUnits units) {
  Table table({{"TARGET"},
               {"MOUNTPATH"},
               {"STATE"},
               {"FILESYSTEM"},
               {"DISKS"},
               {"USED", Align::kRight},
               {"AVAIL", Align::kRight},
               {"USE%", Align::kRight}});
  for (const StorageReport& report : reports) {
    if (!report.node.answered()) table.add({report.node.id, "", report.node.state, "", "", "", "", ""}, report.node.tone);
    for (const MountpathReport& mountpath : report.node.mountpaths) {
      Tone tone = is_disabled(report, mountpath.path) ? Tone::kAlert : report.node.tone;
      table.add({report.node.id, mountpath.path, state_of(report, mountpath), filesystem_text(mountpath), join(mountpath.disks, ","),
                 format_size(mountpath.used, 1, units), format_size(mountpath.available, 1, units),
                 format("%lld%%", static_cast<long long>(mountpath.percent_used))},
                tone);
    }
  }
  return table;
}

Table disk_table(const std::vector<StorageReport>& reports, SizeUnits units, bool summary) {
  Table table({{"TARGET"},
               {"DISK"},
               {"READ", Align::kRight},
               {"READ(avg size)", Align::kRight},
               {"WRITE", Align::kRight},
               {"WRITE(avg size)", Align::kRight},
               {"UTIL", Align::kRight}});
  auto size = [&](uint64_t bytes) { return format_size(bytes, bytes < 1000 ? 0 : 1, units); };
  for (const StorageReport& report : reports) {
    if (!report.node.answered()) table.add({report.node.id, report.node.state, "", "", "", "", ""}, report.node.tone);
    std::vector<DiskReport> disks = report.disks;
    if (summary && report.node.answered()) disks.assign(1, sum_of(report.disks));
    for (const DiskReport& disk : disks)
      table.add({report.node.id, disk.name, size(disk.read_per_second) + "/s", size(disk.read_average), size(disk.write_per_second) + "/s",
                 size(disk.write_average), std::to_string(disk.utilization_percent) + "%"},
                tone_of(disk));
  }
  return table;
}

std::string storage_json(const std::vector<StorageReport>& reports, std::string_view time) {
  codec::JsonWriter out;
  out.begin_object().field("time", time).key("targets").begin_array();
  for (const StorageReport& report : reports) {
    out.begin_object().field("id", report.node.id).field("state", report.node.state).key("mountpaths").begin_array();
    for (const MountpathReport& mountpath : report.node.mountpaths) write_mountpath(out, report, mountpath);
    out.end_array().key("disks").begin_array();
    for (const DiskReport& disk : report.disks) write_disk(out, disk);
    out.end_array().field("disk_used", report.node.disk_used).field("disk_available", report.node.disk_available);
    out.field("error", report.node.error).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace ais::cli
