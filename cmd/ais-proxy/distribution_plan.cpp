#include "ais-proxy/distribution_plan.h"

#include <iterator>
#include <utility>

namespace ais::proxy {
namespace {

bool lacks_nothing(const app::ClusterSnapshot& view, const api::DocumentVersions& versions) {
  return versions.smap >= view.smap->version && versions.bmd >= view.bmd->version &&
         versions.config >= static_cast<uint64_t>(view.cluster_config->version);
}

template <typename Visit>
void for_each_node(const meta::ClusterMap& smap, Visit visit) {
  for (const auto* side : {&smap.proxies, &smap.targets})
    for (const auto& [id, node] : *side) visit(node);
}

}  // namespace

api::ClusterDocuments DistributionPlan::newer_documents(const app::ClusterSnapshot& view, const api::DocumentVersions& versions) {
  api::ClusterDocuments documents;
  if (view.smap->version > versions.smap) documents.smap = *view.smap;
  if (view.bmd->version > versions.bmd) documents.bmd = *view.bmd;
  if (static_cast<uint64_t>(view.cluster_config->version) > versions.config) documents.config = *view.cluster_config;
  return documents;
}

const api::DocumentVersions& DistributionPlan::known_of(const std::string& node_id) const {
  static const api::DocumentVersions kNothing;
  const auto found = peers_.find(node_id);
  return found == peers_.end() ? kNothing : found->second.versions;
}

DistributionPlan::Push DistributionPlan::start_push(Peer& peer, const meta::Node& node, const app::ClusterSnapshot& view) {
  peer.pushing = true;
  peer.sent = view;
  peer.rounds = std::exchange(peer.waiting, {});
  return {node, view, peer.versions};
}

DistributionPlan::Started DistributionPlan::begin(const app::ClusterSnapshot& view) {
  Started started;
  started.round = ++last_round_;
  Progress progress;
  for_each_node(*view.smap, [&](const meta::Node& node) {
    if (node.id == self_) return;
    Peer& peer = peers_[node.id];
    if (lacks_nothing(view, peer.versions)) return;
    ++progress.left;
    // A push that is under way may carry less than is wanted, the one after it does not.
    peer.waiting.insert(started.round);
    if (!peer.pushing) started.pushes.push_back(start_push(peer, node, view));
  });
  started.over = progress.left == 0;
  if (!started.over) rounds_.emplace(started.round, progress);
  return started;
}

std::vector<DistributionPlan::Push> DistributionPlan::retry(const app::ClusterSnapshot& view) {
  std::erase_if(peers_, [&](const auto& entry) { return !entry.second.pushing && view.smap->find(entry.first) == nullptr; });
  std::vector<Push> pushes;
  for_each_node(*view.smap, [&](const meta::Node& node) {
    if (node.id == self_) return;
    Peer& peer = peers_[node.id];
    if (!peer.pushing && !lacks_nothing(view, peer.versions)) pushes.push_back(start_push(peer, node, view));
  });
  return pushes;
}

DistributionPlan::Ended DistributionPlan::ended(const std::string& node_id, const Result<api::DocumentVersions>& answer,
                                                const app::ClusterSnapshot& view) {
  Ended ended;
  Peer& peer = peers_[node_id];
  peer.pushing = false;
  if (answer.ok()) peer.versions = *answer;
  ended.acknowledged = answer.ok() && lacks_nothing(peer.sent, peer.versions);
  ended.changed = peer.lags == ended.acknowledged;
  peer.lags = !ended.acknowledged;
  end_rounds(std::exchange(peer.rounds, {}), ended.acknowledged, ended.over);
  if (peer.waiting.empty()) return ended;
  const meta::Node* node = view.smap->find(node_id);
  if (node != nullptr && !lacks_nothing(view, peer.versions)) ended.next.push_back(start_push(peer, *node, view));
  else end_rounds(std::exchange(peer.waiting, {}), true, ended.over);  // the push before was enough, or the node has left
  return ended;
}

void DistributionPlan::end_rounds(const std::set<Round>& rounds, bool acknowledged, std::map<Round, size_t>& over) {
  for (const Round round : rounds) {
    const auto found = rounds_.find(round);
    if (found == rounds_.end()) continue;
    found->second.laggards += acknowledged ? 0 : 1;
    if (--found->second.left > 0) continue;
    over.emplace(round, found->second.laggards);
    rounds_.erase(found);
  }
}

}  // namespace ais::proxy
