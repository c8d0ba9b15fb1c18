// MemberMachine: what a node does to belong to its cluster, decided without I/O, clock or thread. It registers with one gateway after
// the other until one takes it, then keeps alive with the primary, and registers again when that fails.
//
// Whoever drives it carries out one step at a time and tells the outcome, which gives the next step:
//
//   MemberStep step = machine.begin(view);
//   step = machine.answered(outcome, view);  // after kRegister and kKeepAlive, once the documents in the answer are installed
//   step = machine.waited(view);             // after kWait
//
// `view` is what the node knows of its cluster at that moment. The same outcomes, views and seed give the same steps.
#pragma once

#include <string>
#include <vector>

#include "app/cluster_view.h"
#include "base/status.h"
#include "base/units.h"
#include "meta/cluster_map.h"
#include "sys/random.h"

namespace ais::app {

struct MemberStep {
  enum class Kind {
    kRegister,   // ask the gateway at `url` to take this node into the map
    kKeepAlive,  // tell the primary at `url` that this node is there
    kWait,       // for `delay`
  };
  /// What has changed with the outcome that led to this step, and is worth a line in the log. `why` belongs to the last two.
  enum class News { kNone, kRegistered, kNotRegistered, kLost };

  Kind kind = Kind::kWait;
  std::string url;
  Nanoseconds delay{0};
  News news = News::kNone;
  Status why;
};

class MemberMachine {
 public:
  /// `join` are the gateways of the command line.
  MemberMachine(std::string id, meta::NodeType type, std::vector<std::string> join, sys::Random random);

  MemberStep begin(const ClusterSnapshot& view) { return register_from_the_start(view); }
  MemberStep answered(const Status& outcome, const ClusterSnapshot& view);
  MemberStep waited(const ClusterSnapshot& view);

  /// Taken into the map, and no keepalive has failed since.
  bool is_registered() const { return registered_; }
  /// The latest keepalive failed, and the node has not been registered since.
  bool keepalive_failing() const { return keepalive_failing_; }
  /// Why its cluster does not take this node, in the cluster's words; "" when nobody has said so. Only an answer counts: without one the
  /// node goes on with what it knows.
  const std::string& refusal() const { return refusal_; }

 private:
  MemberStep register_from_the_start(const ClusterSnapshot& view);
  MemberStep register_with_next();
  MemberStep wait_for_keepalive(const ClusterSnapshot& view) const;
  MemberStep lost(const Status& why, const ClusterSnapshot& view);
  std::vector<std::string> candidates(const ClusterSnapshot& view) const;
  Nanoseconds back_off();

  const std::string id_;
  const meta::NodeType type_;
  const std::vector<std::string> join_;
  sys::Random random_;
  bool registered_ = false;
  bool keepalive_failing_ = false;
  std::string refusal_;
  // Of the round of gateways that is being asked:
  std::vector<std::string> urls_;
  size_t asked_ = 0;
  Status failure_;
  std::string refused_;
  // Over rounds:
  Nanoseconds delay_;
  Code last_failure_ = Code::kOk;  // so that a failure that goes on is told once
};

}  // namespace ais::app
