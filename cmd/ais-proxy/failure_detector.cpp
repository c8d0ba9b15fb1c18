#include "ais-proxy/failure_detector.h"

#include <algorithm>

namespace ais::proxy {

Nanoseconds FailureDetector::patience(const meta::ClusterConfig& config, meta::NodeType type) {
  const meta::KeepaliveConfig& tracker = config.keepalivetracker;
  const meta::KeepaliveNodeConfig& keepalive = type == meta::NodeType::kProxy ? tracker.proxy : tracker.target;
  return keepalive.interval.value * keepalive.factor;
}

void FailureDetector::heard(const std::string& node_id, Nanoseconds now) {
  Nanoseconds& last = last_heard_.try_emplace(node_id, now).first->second;
  last = std::max(last, now);
}

std::map<std::string, Nanoseconds> FailureDetector::suspects(const meta::ClusterMap& smap, const meta::ClusterConfig& config,
                                                             Nanoseconds now) {
  std::map<std::string, Nanoseconds> silent;
  std::erase_if(last_heard_, [&](const auto& entry) { return smap.find(entry.first) == nullptr; });
  for (const auto* side : {&smap.proxies, &smap.targets}) {
    for (const auto& [id, node] : *side) {
      if (id == self_) continue;
      const Nanoseconds silence = now - last_heard_.try_emplace(id, now).first->second;
      if (silence > patience(config, node.type)) silent.emplace(id, silence);
    }
  }
  return silent;
}

FailureDetector::Changes FailureDetector::look(const meta::ClusterMap& smap, const meta::ClusterConfig& config, Nanoseconds now) {
  Changes changes;
  const auto silent = suspects(smap, config, now);
  for (const auto& [id, silence] : silent) {
    if (reported_.insert(id).second) changes.suspect.insert(id);
  }
  for (const std::string& id : reported_) {
    if (!silent.contains(id)) changes.recovered.insert(id);
  }
  for (const std::string& id : changes.recovered) reported_.erase(id);
  return changes;
}

}  // namespace ais::proxy
