// What a target tells about itself beyond what every node does: mountpaths, disks, capacity.
#pragma once

#include <optional>
#include <string>

#include "ais-target/node/disk_stats.h"
#include "ais-target/node/target_context.h"
#include "api/node_status.h"

namespace ais::target {

/// Thread-safe. `target` must outlive it.
class NodeInfo {
 public:
  explicit NodeInfo(const TargetContext& target) : target_(target), sampler_(target.daemon.environment()) {}
  /// Space of all mountpaths, at most some seconds old: no disk is asked, one that hangs must not take a loop with it.
  api::TargetCapacity capacity() const;
  /// The answers to what=mountpaths, disk, remote; nullopt for any other.
  std::optional<app::QueryAnswer> query(const std::string& what, api::WireFormat format) const;
  /// Bits of NodeStateInfo::flags that tell about space.
  uint64_t state_flags() const;
  /// "disk.<name>.read.bps" and the like, for each disk below a mountpath. This must outlive the metrics.
  void add_disk_metrics(app::Metrics& metrics) const;
  /// Called every second: looks at the disks when disk.iostat_time_long has passed.
  void sample_disks(Nanoseconds interval) { sampler_.sample(interval); }

 private:
  api::MountpathList mountpath_list() const;
  api::TargetDisks disks() const;

  const TargetContext& target_;
  DiskSampler sampler_;
};

}  // namespace ais::target
