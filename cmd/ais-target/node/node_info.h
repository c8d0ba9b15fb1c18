// What a target tells about itself beyond what every node does: mountpaths, disks, capacity.
#pragma once

#include <optional>
#include <string>

#include "ais-target/node/disk_stats.h"
#include "ais-target/node/target_context.h"
#include "api/node_status.h"

namespace ais::target {

/// Thread-safe. The store must outlive it.
class NodeInfo {
 public:
  explicit NodeInfo(const TargetContext& target) : target_(target) {}
  /// Space of all mountpaths, asked for now.
  api::TargetCapacity capacity() const;
  /// JSON of what=mountpaths, disk, remote; nullopt for any other.
  std::optional<std::string> query(const std::string& what);
  /// Bits of NodeStateInfo::flags that tell about space.
  uint64_t state_flags() const;

 private:
  std::string mountpath_list() const;
  std::string disks();

  const TargetContext& target_;
  DiskSampler sampler_;
};

}  // namespace ais::target
