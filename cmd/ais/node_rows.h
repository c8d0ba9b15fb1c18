// What `ais show cluster` says about one node, read from the node's status document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ais/table.h"
#include "base/status.h"
#include "codec/json.h"
#include "meta/cluster_map.h"

namespace ais::cli {

struct NodeRow {
  std::string role;  // "primary", "proxy", "target"
  std::string id, address;
  std::string state;  // "ready", "starting", "maintenance", "decommission", "unreachable", or what is wrong with it
  std::string version;
  int64_t uptime_ns = -1;  // negative = not known
  double memory_percent = -1;
  uint64_t disk_used = 0, disk_total = 0;
  uint64_t smap_version = 0;
  std::string error;  // why there is no status
};

/// `status` is the document of what=node_status, or says why it could not be had.
NodeRow node_row(const meta::ClusterMap& map, const meta::Node& node, const Result<std::string>& status);
Table node_table(const std::vector<NodeRow>& rows);
/// {"cluster": uuid, "smap_version", "primary", "nodes": [...]}.
std::string nodes_json(const meta::ClusterMap& map, const std::vector<NodeRow>& rows);

}  // namespace ais::cli
