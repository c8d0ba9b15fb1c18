// What a cluster is made of, as its gateway tells it before a measurement: a result that does not say on what it was measured cannot be
// compared. Nodes with one host name in their addresses share a host. Best effort: what is not told is left out, and the run goes on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"
#include "meta/cluster_map.h"

namespace ais::loader {

struct NodeFacts {
  std::string id, kind, url;         // kind: "gateway", "target"
  uint64_t cpus = 0, memory = 0;     // memory in bytes that is free for programs; 0 = not told
  uint64_t used = 0, available = 0;  // bytes of its mountpaths
  std::vector<std::string> disks;    // names of block devices, each once
  size_t mountpaths = 0;
};

/// What a cluster has; CPUs and disks that several nodes of one host share are counted once.
struct ClusterCounts {
  size_t gateways = 0, targets = 0, disks = 0;
  uint64_t cpus = 0;
  /// "1 gateway, 3 targets with 6 disks, 48 CPUs"; what is not known is left out.
  std::string text() const;
};
ClusterCounts count_nodes(const std::vector<NodeFacts>& nodes);
/// A node as ClusterFacts::write_json() writes it.
NodeFacts read_node_facts(codec::JsonView node);

struct ClusterFacts {
  std::string version;  // of the gateway's software; "" = not told
  std::string uuid;
  std::vector<NodeFacts> nodes;  // gateways first; by id
  std::string missing;           // why something is not told; "" = nothing is missing
  /// "5.0.0: 1 gateway, 3 targets with 6 disks, 48 CPUs" in one line.
  std::string text() const;
  void write_json(codec::JsonWriter& out) const;
};

/// From the answers to what=node_status of the gateway, what=sysinfo and what=node_stats of the cluster; each may be "".
ClusterFacts read_cluster_facts(const meta::ClusterMap& map, std::string_view gateway, std::string_view system, std::string_view nodes);

}  // namespace ais::loader
