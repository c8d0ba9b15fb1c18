// NodeWatch: when the primary heard from each node last, and who is suspect. A suspect node stays in the cluster map: to drop it
// would give its names to nodes that lack its data. An administrator removes it (DELETE /v1/cluster/daemon/<id>).
// Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "base/units.h"
#include "meta/cluster_config.h"
#include "meta/cluster_map.h"

namespace ais::proxy {

class NodeWatch {
 public:
  /// A node was heard at `now` (monotonic).
  void seen(const std::string& node_id, Nanoseconds now);
  /// Nodes of the map other than `self` that were silent for longer than keepalive interval * factor, and for how long. A node never
  /// heard counts from the first call that saw it in the map. Nodes that left the map are forgotten.
  std::map<std::string, Nanoseconds> suspects(const meta::ClusterMap& smap, const meta::ClusterConfig& config, const std::string& self,
                                              Nanoseconds now);
  /// Who became suspect, and who is no more, since the last call.
  struct Changes {
    std::set<std::string> suspect, recovered;
  };
  Changes changes(const std::map<std::string, Nanoseconds>& suspects);
  size_t suspect_count() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Nanoseconds> last_seen_;
  std::set<std::string> reported_;
};

}  // namespace ais::proxy
