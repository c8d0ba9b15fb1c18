// What nodes tell about themselves: state, statistics, capacity, disks. The shapes on the wire are AIStore's (docs/rest_api.md); they
// are defined here once for both ends, in JSON and in MessagePack.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/system_info.h"
#include "base/status.h"
#include "meta/cluster_map.h"

namespace ais::api {

/// The protocol's version, which AIStore clients parse; base/version.h.
std::string software_version();
/// "2026-08-21": the day, so that programs which were built together say the same. Clients take differing times for a mixed cluster.
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

struct Filesystem {
  std::string device, type;
  int32_t id[2] = {0, 0};
};

struct Capacity {
  uint64_t used = 0, available = 0;  // bytes
  int percent_used = 0;
};

/// What is wrong with a mountpath. An extension of ours (docs/metrics.md): AIStore's clients pass over members that they do not know.
struct MountpathDamage {
  uint64_t io_errors = 0, damaged_objects = 0;  // since the target's start
  uint64_t set_aside_files = 0, set_aside_bytes = 0;
  bool any() const { return io_errors + damaged_objects + set_aside_files > 0; }
};

/// A disk that wants attention carries a word behind its name, as clients of AIStore look for it: "sda(out-of-space)".
constexpr std::string_view kDiskOutOfSpace = "(out-of-space)", kDiskLowSpace = "(low-free-space)";

struct MountpathCapacity {
  std::string label;
  Filesystem filesystem;
  std::vector<std::string> disks;
  Capacity capacity;
  MountpathDamage damage;
};

/// A filesystem that several mountpaths share counts once in the sums.
struct TargetCapacity {
  std::map<std::string, MountpathCapacity> mountpaths;  // by path; available ones
  std::string error;                                    // out of space, or soon
  uint64_t total_used = 0, total_available = 0;         // bytes
  int percent_max = 0, percent_average = 0, percent_min = 0;
};

/// One disk over the latest span between two readings.
struct DiskStats {
  int64_t read_bytes_per_second = 0, average_read = 0, write_bytes_per_second = 0, average_write = 0;  // bytes
  int64_t utilization_percent = 0;
};

/// what=disk.
struct TargetDisks {
  std::map<std::string, DiskStats> disks;  // by name
  TargetCapacity capacity;
};

/// what=mountpaths. JSON only.
struct MountpathList {
  std::vector<std::string> available, waiting, disabled;  // waiting: until it can be detached
};

/// what=sysinfo of a target; a gateway answers with SystemInfo alone. JSON only.
struct TargetSystemInfo {
  SystemInfo system;
  uint64_t disk_used = 0, disk_capacity = 0;  // bytes
  double percent_disk_used = 0;
};

/// `cluster` of NodeStatus and the answer to health?cii=true.
struct NodeStateInfo {
  struct Primary {
    std::string public_url, control_url, id;
  } primary;
  std::string smap_uuid, bmd_uuid;
  uint64_t smap_version = 0, bmd_version = 0, rmd_version = 0, config_version = 0, etl_version = 0;
  uint64_t flags = 0;  // StateFlags
};

/// what=node_stats.
struct NodeStats {
  meta::Node node;
  std::map<std::string, int64_t> tracker;  // metric name -> value (docs/metrics.md)
  TargetCapacity capacity;
};

/// what=node_status.
struct NodeStatus : NodeStats {
  std::string status;      // "", "maintenance", "decommission"
  std::string deployment;  // "K8s", "dev" (a playground), or the name of the operating system
  std::string version, build, pod;
  NodeStateInfo cluster;
  SystemInfo system;
  uint64_t smap_version = 0;

  /// With what is the same for every node that runs this program here.
  static NodeStatus of_this_program();
};

enum class WireFormat { kJson, kMsgpack };

/// For all structs above but parts of others.
template <class T>
std::string encode(const T& value, WireFormat format);
/// Members that are missing or mistyped keep their defaults; kInvalid when the bytes are malformed or no object.
template <class T>
Result<T> decode(std::string_view bytes, WireFormat format);

}  // namespace ais::api
