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

/// "3 (1.2MiB)": files and bytes.
std::string set_aside_text(const MountpathReport& mountpath, SizeUnits units) {
  if (mountpath.damage.set_aside_files == 0) return "0";
  const std::string bytes = format_size(mountpath.damage.set_aside_bytes, mountpath.damage.set_aside_bytes < kKiB ? 0 : 1, units);
  return std::to_string(mountpath.damage.set_aside_files) + " (" + bytes + ")";
}

api::DiskStats sum_of(const std::map<std::string, api::DiskStats>& disks) {
  api::DiskStats out;
  for (const auto& [name, disk] : disks) {
    out.read_bytes_per_second += disk.read_bytes_per_second;
    out.write_bytes_per_second += disk.write_bytes_per_second;
    out.average_read += disk.average_read;
    out.average_write += disk.average_write;
    out.utilization_percent += disk.utilization_percent;
  }
  if (disks.empty()) return out;
  for (int64_t* mean : {&out.average_read, &out.average_write, &out.utilization_percent}) *mean /= static_cast<int64_t>(disks.size());
  return out;
}

Tone tone_of(const api::DiskStats& disk) { return disk.utilization_percent >= 95 ? Tone::kWarning : Tone::kPlain; }

void write_mountpath(codec::JsonWriter& out, const StorageReport& report, const MountpathReport& mountpath) {
  out.begin_object().field("path", mountpath.path).field("state", state_of(report, mountpath)).field("device", mountpath.device);
  out.field("filesystem", mountpath.filesystem).key("disks").begin_array();
  for (const std::string& disk : mountpath.disks) out.value(disk);
  out.end_array().field("used", mountpath.used).field("available", mountpath.available);
  out.field("percent_used", mountpath.percent_used).field("io_errors", mountpath.damage.io_errors);
  out.field("damaged_objects", mountpath.damage.damaged_objects).field("set_aside_files", mountpath.damage.set_aside_files);
  out.field("set_aside_bytes", mountpath.damage.set_aside_bytes).end_object();
}

void write_disk(codec::JsonWriter& out, const std::string& name, const api::DiskStats& disk) {
  out.begin_object().field("name", name).field("read_bytes_per_second", disk.read_bytes_per_second);
  out.field("write_bytes_per_second", disk.write_bytes_per_second).field("average_read_bytes", disk.average_read);
  out.field("average_write_bytes", disk.average_write).field("utilization_percent", disk.utilization_percent).end_object();
}

}  // namespace

void read_disabled(StorageReport& report, const api::MountpathList& mountpaths) {
  report.disabled = mountpaths.disabled;
  for (const std::string& path : report.disabled) {
    const auto same = [&path](const MountpathReport& mountpath) { return mountpath.path == path; };
    if (std::any_of(report.node.mountpaths.begin(), report.node.mountpaths.end(), same)) continue;
    report.node.mountpaths.emplace_back().path = path;
  }
}

Table mountpath_table(const std::vector<StorageReport>& reports, SizeUnits units) {
  Table table({{.title = "TARGET", .whole = true, .key = true},
               {.title = "MOUNTPATH", .key = true},
               {"STATE"},
               {"FILESYSTEM"},
               {"DISKS"},
               {"USED", Align::kRight},
               {"AVAIL", Align::kRight},
               {"USE%", Align::kRight},
               {"IO ERRORS", Align::kRight},
               {"DAMAGED", Align::kRight},
               {"SET ASIDE", Align::kRight}});
  for (const StorageReport& report : reports) {
    if (!report.node.answered()) table.add({report.node.id, "", report.node.state, "", "", "", "", "", "", "", ""}, report.node.tone);
    for (const MountpathReport& mountpath : report.node.mountpaths) {
      const bool alert = is_disabled(report, mountpath.path) || mountpath.damage.any();
      Tone tone = alert ? Tone::kAlert : report.node.tone;
      table.add({report.node.id, mountpath.path, state_of(report, mountpath), filesystem_text(mountpath), join(mountpath.disks, ","),
                 format_size(mountpath.used, 1, units), format_size(mountpath.available, 1, units),
                 percent_text(mountpath.used, mountpath.available), std::to_string(mountpath.damage.io_errors),
                 std::to_string(mountpath.damage.damaged_objects), set_aside_text(mountpath, units)},
                tone);
    }
  }
  return table;
}

Table disk_table(const std::vector<StorageReport>& reports, SizeUnits units, bool summary) {
  Table table({{.title = "TARGET", .whole = true, .key = true},
               {.title = "DISK", .key = true},
               {"READ", Align::kRight},
               {"READ(avg size)", Align::kRight},
               {"WRITE", Align::kRight},
               {"WRITE(avg size)", Align::kRight},
               {"UTIL", Align::kRight}});
  auto size = [&](int64_t rate) {
    const uint64_t bytes = static_cast<uint64_t>(std::max<int64_t>(rate, 0));
    return format_size(bytes, bytes < 1000 ? 0 : 1, units);
  };
  for (const StorageReport& report : reports) {
    if (!report.node.answered()) table.add({report.node.id, report.node.state, "", "", "", "", ""}, report.node.tone);
    std::map<std::string, api::DiskStats> disks = report.disks;
    if (summary && report.node.answered()) disks = {{counted(disks.size(), "disk"), sum_of(disks)}};
    for (const auto& [name, disk] : disks)
      table.add({report.node.id, name, size(disk.read_bytes_per_second) + "/s", size(disk.average_read),
                 size(disk.write_bytes_per_second) + "/s", size(disk.average_write), std::to_string(disk.utilization_percent) + "%"},
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
    for (const auto& [name, disk] : report.disks) write_disk(out, name, disk);
    out.end_array().field("disk_used", report.node.disk_used).field("disk_available", report.node.disk_available);
    out.field("error", report.node.error).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace ais::cli
