#include "ais-proxy/join_queue.h"

#include <utility>

#include "ais-proxy/cluster_map_edits.h"

namespace ais::proxy {

std::shared_ptr<JoinQueue::Join> JoinQueue::add(meta::Node node) {
  auto join = std::make_shared<Join>();
  join->node = std::move(node);
  waiting_.push_back(join);
  return join;
}

std::optional<meta::ClusterMap> JoinQueue::take(Batch& batch, const meta::ClusterMap& current) {
  for (std::shared_ptr<Join>& join : std::exchange(waiting_, {})) batch.push_back(std::move(join));
  meta::ClusterMap map = current;
  for (const auto& join : batch) join->outcome = add_node(map, join->node);
  if (map.version == current.version) return std::nullopt;
  map.version = current.version + 1;
  return map;
}

void JoinQueue::finish(Batch& batch, const Status& stored) {
  for (const auto& join : batch) {
    if (join->outcome.ok()) join->outcome = stored;
    join->done = true;
  }
}

}  // namespace ais::proxy
