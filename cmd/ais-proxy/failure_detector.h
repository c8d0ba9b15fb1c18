// FailureDetector: when the primary heard from each node last, and who is suspect. A suspect node stays in the cluster map: to drop it
// would give its names to nodes that lack its data. An administrator removes it (DELETE /v1/cluster/daemon/<id>).
// Decisions only: it is told the time. One thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/units.h"
#include "meta/cluster_config.h"
#include "meta/cluster_map.h"

namespace ais::proxy {

class FailureDetector {
 public:
  /// Who became suspect, and who is no more, since the last look. One that has left the map is no more.
  struct Changes {
    std::set<std::string> suspect, recovered;
  };

  /// `self` is not watched.
  explicit FailureDetector(std::string self) : self_(std::move(self)) {}

  /// How long a node may be silent: keepalive interval * factor.
  static Nanoseconds patience(const meta::ClusterConfig& config, meta::NodeType type);

  /// A node was heard at `now` (monotonic).
  void heard(const std::string& node_id, Nanoseconds now);
  /// Nodes of the map that are silent for longer than the patience with them, and for how long. A node never heard counts from the first
  /// call that saw it in the map. Nodes that left the map are forgotten.
  std::map<std::string, Nanoseconds> suspects(const meta::ClusterMap& smap, const meta::ClusterConfig& config, Nanoseconds now);
  /// The same, as what has changed.
  Changes look(const meta::ClusterMap& smap, const meta::ClusterConfig& config, Nanoseconds now);
  /// As of the last look().
  size_t suspect_count() const { return reported_.size(); }

 private:
  const std::string self_;
  std::map<std::string, Nanoseconds> last_heard_;
  std::set<std::string> reported_;
};

}  // namespace ais::proxy
