#include "ais-proxy/node_watch.h"

namespace ais::proxy {

void NodeWatch::seen(const std::string& node_id, Nanoseconds now) {
  const std::lock_guard guard(mutex_);
  last_seen_[node_id] = now;
}

std::map<std::string, Nanoseconds> NodeWatch::suspects(const meta::ClusterMap& smap, const meta::ClusterConfig& config,
                                                       const std::string& self, Nanoseconds now) {
  std::map<std::string, Nanoseconds> silent;
  const std::lock_guard guard(mutex_);
  std::erase_if(last_seen_, [&](const auto& entry) { return smap.find(entry.first) == nullptr; });
  const auto look = [&](const std::map<std::string, meta::Node>& nodes, const meta::KeepaliveNodeConfig& keepalive) {
    for (const auto& [id, node] : nodes) {
      if (id == self) continue;
      const auto heard = last_seen_.try_emplace(id, now).first;
      const Nanoseconds silence = now - heard->second;
      if (silence > keepalive.interval.value * keepalive.factor) silent.emplace(id, silence);
    }
  };
  look(smap.proxies, config.keepalivetracker.proxy);
  look(smap.targets, config.keepalivetracker.target);
  return silent;
}

NodeWatch::Changes NodeWatch::changes(const std::map<std::string, Nanoseconds>& suspects) {
  Changes changes;
  const std::lock_guard guard(mutex_);
  for (const auto& [id, silence] : suspects) {
    if (reported_.insert(id).second) changes.suspect.insert(id);
  }
  for (auto it = reported_.begin(); it != reported_.end();) {
    if (suspects.contains(*it)) {
      ++it;
    } else {
      changes.recovered.insert(*it);
      it = reported_.erase(it);
    }
  }
  return changes;
}

size_t NodeWatch::suspect_count() const {
  const std::lock_guard guard(mutex_);
  return reported_.size();
}

}  // namespace ais::proxy
