// NodeReport: what a node says about itself (what=node_status), read into plain fields, or why it says nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ais/command/invocation.h"
#include "api/node_status.h"
#include "base/status.h"
#include "cli/table.h"
#include "meta/cluster_map.h"

namespace ais::cli {

struct MountpathReport {
  std::string path, device, filesystem;
  std::vector<std::string> disks;
  uint64_t used = 0, available = 0;
  int64_t percent_used = 0;
  api::MountpathDamage damage;
};

struct NodeReport {
  std::string role;  // "primary", "proxy", "target"
  std::string id, address;
  std::string state;                // "ready", "starting", "maintenance", "decommission", "offline", "unknown"
  std::vector<std::string> alerts;  // "out of space", ...: what an operator should look at
  Tone tone = Tone::kPlain;
  std::string version, build_time, deployment;
  int64_t uptime_ns = -1;  // negative = not known
  double memory_percent = -1, cpu_percent = -1;
  double load_1 = -1, load_5 = -1, load_15 = -1;
  uint64_t memory_available = 0;
  uint64_t disk_used = 0, disk_available = 0;  // bytes of all mountpaths; 0 and 0 on a gateway
  uint64_t smap_version = 0, flags = 0;
  std::map<std::string, int64_t> tracker;  // metric name -> value
  std::vector<MountpathReport> mountpaths;
  std::string error;  // why there is no status; "" when there is

  bool answered() const { return error.empty(); }
  bool is_target() const { return role == "target"; }
};

/// `status` is the document of what=node_status, or says why it could not be had.
NodeReport read_node_report(const meta::ClusterMap& map, const meta::Node& node, const Result<std::string>& status);

/// All nodes of the map, gateways first.
std::vector<const meta::Node*> all_nodes(const meta::ClusterMap& map);
std::vector<const meta::Node*> targets_of(const meta::ClusterMap& map);

/// How many nodes a command waits for at a time: each costs a connection here and one of the gateway.
constexpr size_t kNodesAskedAtOnce = 64;

/// Asks the nodes side by side, through the gateway. The reports are in the order of `nodes`; one that does not answer says so in its own.
async::Task<std::vector<NodeReport>> ask_nodes(Invocation& invocation, const meta::ClusterMap& map, std::vector<const meta::Node*> nodes);

/// For calls that one node answers at once, through the gateway: they end with kTimeout when it stays silent for some seconds.
api::ClusterClient cluster_of_one_node(Invocation& invocation);
/// The same error, but one that says only that the gateway had no answer becomes kUnavailable: it is the node that is silent.
Status of_node(Status status);
/// GET /v1/reverse/daemon?<query> of one node, kUnavailable when it stays silent for some seconds: a node that hangs is offline, too.
async::Task<Result<std::string>> ask_node(Invocation& invocation, std::string node_id, std::string query);
/// The same for commands about one node: the error of a silent one begins with its id.
async::Task<Result<std::string>> ask_one_node(Invocation& invocation, std::string node_id, std::string query);

/// One line for each node that did not answer: "t[id] does not answer: why".
std::vector<std::string> silent_nodes(const std::vector<NodeReport>& reports);

/// When a node's version differs from this program's in its first two numbers: a line that says so, else "".
std::string version_skew(const std::vector<NodeReport>& reports);

}  // namespace ais::cli
