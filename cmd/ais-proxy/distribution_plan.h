// DistributionPlan: who has which versions of the cluster's documents, and who must get what now. Decisions only: whoever drives it sends
// the pushes and tells how each has ended. One thread.
//
// A node gets one push at a time, with what it lacks at that moment. A node that did not acknowledge is a laggard: it is asked again
// until it does or leaves the map. Nodes ignore what is not newer, so pushes may cross.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/membership.h"
#include "app/cluster_view.h"
#include "base/status.h"
#include "meta/cluster_map.h"

namespace ais::proxy {

class DistributionPlan {
 public:
  using Round = uint64_t;
  struct Push {
    meta::Node node;
    app::ClusterSnapshot view;  // that the node is to have
    api::DocumentVersions has;  // what it has, as far as is known
    /// What to send: made when it is asked for, since documents are large and nodes are many.
    api::ClusterDocuments documents() const { return newer_documents(view, has); }
  };
  struct Started {
    Round round = 0;
    std::vector<Push> pushes;
    bool over = false;  // nobody lacks anything
  };
  struct Ended {
    bool acknowledged = false;
    bool changed = false;          // it was a laggard and is none any more, or the other way round
    std::vector<Push> next;        // to begin now
    std::map<Round, size_t> over;  // rounds that ended with this push, and how many laggards each has
  };

  /// `self` is the node that distributes; it has everything.
  explicit DistributionPlan(std::string self) : self_(std::move(self)) {}

  /// The documents of `view` that are newer than `versions`.
  static api::ClusterDocuments newer_documents(const app::ClusterSnapshot& view, const api::DocumentVersions& versions);

  /// Brings all nodes of the map up to date with `view`. The round is over when each of them has acknowledged, or has failed to once in a
  /// push that began after this call.
  Started begin(const app::ClusterSnapshot& view);
  /// Laggards again. Forgets nodes that have left the map.
  std::vector<Push> retry(const app::ClusterSnapshot& view);
  /// The push to this node has ended with the versions that it has now, or without an answer.
  Ended ended(const std::string& node_id, const Result<api::DocumentVersions>& answer, const app::ClusterSnapshot& view);

  /// A node said what it has (keepalive, join).
  void told(const std::string& node_id, api::DocumentVersions versions) { peers_[node_id].versions = std::move(versions); }
  /// The same, of its own settings alone.
  void told_lost(const std::string& node_id, std::vector<std::string> lost_overrides) {
    peers_[node_id].versions.lost_overrides = std::move(lost_overrides);
  }
  /// What it said last; zeros and "" for one that has said nothing.
  const api::DocumentVersions& known_of(const std::string& node_id) const;

 private:
  struct Peer {
    api::DocumentVersions versions;
    bool pushing = false;
    app::ClusterSnapshot sent;        // the view that the push under way is to bring
    std::set<Round> rounds, waiting;  // that end with this push; that need the one after it
    bool lags = false;
  };
  Push start_push(Peer& peer, const meta::Node& node, const app::ClusterSnapshot& view);
  void end_rounds(const std::set<Round>& rounds, bool acknowledged, std::map<Round, size_t>& over);

  const std::string self_;
  std::map<std::string, Peer> peers_;
  struct Progress {
    size_t left = 0, laggards = 0;
  };
  std::map<Round, Progress> rounds_;
  Round last_round_ = 0;
};

}  // namespace ais::proxy
