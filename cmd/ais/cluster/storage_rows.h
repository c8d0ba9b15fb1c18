// The tables and the JSON of `ais show storage`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ais/cluster/node_report.h"
#include "api/node_status.h"
#include "base/units.h"
#include "cli/table.h"

namespace ais::cli {

/// A target's answers to what=node_status, what=mountpaths and what=disk, as far as they were asked for.
struct StorageReport {
  NodeReport node;
  std::vector<std::string> disabled;            // mountpaths
  std::map<std::string, api::DiskStats> disks;  // by name
};

/// A disabled mountpath has no capacity, but a row.
void read_disabled(StorageReport& report, const api::MountpathList& mountpaths);

Table mountpath_table(const std::vector<StorageReport>& reports, SizeUnits units);
/// One row a disk, or with `summary` one a target: rates added, utilisation averaged.
Table disk_table(const std::vector<StorageReport>& reports, SizeUnits units, bool summary);
/// {"time", "targets": [{"id", "state", "mountpaths": [...], "disks": [...], "disk_used", "disk_available", "error"}]}
std::string storage_json(const std::vector<StorageReport>& reports, std::string_view time);

}  // namespace ais::cli
