// JoinQueue: nodes that wait to enter the cluster map. Those that come at the same moment enter it in one new version, so that a cluster
// of a hundred nodes does not begin with a hundred maps. Decisions only; one thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/status.h"
#include "meta/cluster_map.h"

namespace ais::proxy {

class JoinQueue {
 public:
  struct Join {
    meta::Node node;
    bool done = false;
    Status outcome;  // once it is done
  };
  using Batch = std::vector<std::shared_ptr<Join>>;

  std::shared_ptr<Join> add(meta::Node node);
  /// Adds all that wait to `batch` and makes the map with the batch in it; nullopt when it is in `current` already. Called again with
  /// the same batch when the map turned out to be another one.
  std::optional<meta::ClusterMap> take(Batch& batch, const meta::ClusterMap& current);
  /// The map of the batch was stored, or not. An outcome of their own (kAlreadyExists) those have who could not be added.
  static void finish(Batch& batch, const Status& stored);
  /// One that no batch has taken must not enter with somebody else's.
  void withdraw(const std::shared_ptr<Join>& join) { std::erase(waiting_, join); }

 private:
  Batch waiting_;
};

}  // namespace ais::proxy
