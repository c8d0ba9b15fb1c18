// The tables and the JSON of `ais show storage`.
#pragma once

#include <string>
#include <vector>

#include "ais/cluster/node_report.h"
#include "base/units.h"
#include "cli/table.h"
#include "codec/json.h"

namespace ais::cli {

/// A disk between two looks (what=disk).
struct DiskReport {
  std::string name;
  uint64_t read_per_second = 0, read_average = 0, write_per_second = 0, write_average = 0;  // bytes
  uint64_t utilization_percent = 0;
};

/// A target's answer to what=mountpaths and what=disk, as far as it was asked for.
struct StorageReport {
  NodeReport node;
  std::vector<std::string> disabled;  // mountpaths
  std::vector<DiskReport> disks;
};

/// Members that are not there or not as they should be are left out.
void read_disabled(StorageReport& report, codec::JsonView mountpaths);
void read_disks(StorageReport& report, codec::JsonView disk);

Table mountpath_table(const std::vector<StorageReport>& reports, SizeUnits units);
/// One row a disk, or with `summary` one a target: rates added, utilisation averaged.
Table disk_table(const std::vector<StorageReport>& reports, SizeUnits units, bool summary);
/// {"time", "targets": [{"id", "state", "mountpaths": [...], "disks": [...], "disk_used", "disk_available", "error"}]}
std::string storage_json(const std::vector<StorageReport>& reports, std::string_view time);

}  // namespace ais::cli
