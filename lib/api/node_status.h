// What nodes tell about themselves (rest-api 2.3, 2.10): plain structs with both encodings.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "codec/json.h"
#include "meta/cluster_map.h"

namespace ais::api {

/// Version text that AIStore clients parse; major.minor must stay 5.0.
std::string software_version();
std::string build_time();

enum StateFlags : uint64_t {
  kStateClusterStarted = 1 << 1,
  kStateNodeStarted = 1 << 2,
  kStateRestarted = 1 << 7,
  kStateOutOfSpace = 1 << 8,
  kStateMaintenance = 1 << 10,
  kStateLowCapacity = 1 << 11,
  kStateDiskFault = 1 << 13,
  kStateKeepaliveErrors = 1 << 19,
};

struct MountpathCapacity {
  std::string path, label, filesystem_device, filesystem_type;
  int32_t filesystem_id[2] = {0, 0};
  std::vector<std::string> disks;
  uint64_t used = 0, available = 0;
  int percent_used = 0;
};

struct TargetCapacity {
  std::vector<MountpathCapacity> mountpaths;
  std::string error;
  uint64_t total_used = 0, total_available = 0;
  int percent_max = 0, percent_average = 0, percent_min = 0;
  void write_json(codec::JsonWriter& out) const;
};

/// Memory, CPU and load of the node, read from /proc and the process's cgroup.
struct SystemInfo {
  uint64_t memory_used = 0, memory_available = 0;
  double percent_memory_used = 0, percent_cpu_used = 0;
  double load_1 = 0, load_5 = 0, load_15 = 0;
  int64_t cpu_util = 0;
  uint64_t process_resident = 0;
  static SystemInfo read();
  void write_json(codec::JsonWriter& out) const;                                                  // MemCPUInfo
  void write_json_with_capacity(codec::JsonWriter& out, uint64_t used, uint64_t capacity) const;  // TSysInfo
};

/// `cluster` of NodeStatus and the answer to health?cii=true.
struct NodeStateInfo {
  std::string primary_public_url, primary_control_url, primary_id;
  std::string smap_uuid, bmd_uuid, config_uuid;
  uint64_t smap_version = 0, bmd_version = 0, rmd_version = 0, config_version = 0;
  uint64_t flags = 0;
  void write_json(codec::JsonWriter& out) const;
};

struct NodeStatus {
  std::string status;  // "", "maintenance", "decommission"
  meta::Node node;
  std::map<std::string, int64_t> tracker;  // metric name -> value
  TargetCapacity capacity;
  NodeStateInfo cluster;
  SystemInfo system;
  uint64_t smap_version = 0;
  std::string to_json() const;     // NodeStatus
  std::string stats_json() const;  // {snode, tracker, capacity} of what=node_stats
};

}  // namespace ais::api
