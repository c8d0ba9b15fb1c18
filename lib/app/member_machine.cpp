#include "app/member_machine.h"

#include <algorithm>
#include <utility>

namespace ais::app {
namespace {

// A cluster of local processes is whole within a second of its start; one whose primary is away does not drown it on return.
constexpr Nanoseconds kDelayMin = std::chrono::milliseconds(50);
constexpr Nanoseconds kDelayMax = std::chrono::seconds(5);

}  // namespace

MemberMachine::MemberMachine(std::string id, meta::NodeType type, std::vector<std::string> join, sys::Random random)
    : id_(std::move(id)), type_(type), join_(std::move(join)), random_(std::move(random)), delay_(kDelayMin) {}

MemberStep MemberMachine::answered(const Status& outcome, const ClusterSnapshot& view) {
  if (registered_) return outcome.ok() ? wait_for_keepalive(view) : lost(outcome, view);
  ++asked_;
  if (!outcome.ok()) {
    failure_ = outcome;
    if (outcome.code() == Code::kWrongCluster) refused_ = outcome.message();
    return register_with_next();
  }
  registered_ = true;
  keepalive_failing_ = false;
  refusal_.clear();
  last_failure_ = Code::kOk;
  delay_ = kDelayMin;
  MemberStep step = wait_for_keepalive(view);
  step.url = urls_[asked_ - 1];
  step.news = MemberStep::News::kRegistered;
  return step;
}

MemberStep MemberMachine::waited(const ClusterSnapshot& view) {
  if (!registered_) return register_from_the_start(view);
  const meta::Node* primary = view.smap->primary();
  if (primary == nullptr) return lost(Status(Code::kUnavailable, "no primary is known"), view);
  MemberStep step;
  step.kind = MemberStep::Kind::kKeepAlive;
  step.url = primary->control_net.url();
  return step;
}

MemberStep MemberMachine::wait_for_keepalive(const ClusterSnapshot& view) const {
  const meta::KeepaliveConfig& tracker = view.config->keepalivetracker;
  MemberStep step;
  step.delay = (type_ == meta::NodeType::kProxy ? tracker.proxy : tracker.target).interval.value;
  return step;
}

// Asks at once, without a pause: the primary may only have started anew.
MemberStep MemberMachine::lost(const Status& why, const ClusterSnapshot& view) {
  registered_ = false;
  keepalive_failing_ = true;
  MemberStep step = register_from_the_start(view);
  step.news = MemberStep::News::kLost;
  step.why = why;
  return step;
}

MemberStep MemberMachine::register_from_the_start(const ClusterSnapshot& view) {
  urls_ = candidates(view);
  asked_ = 0;
  failure_ = Status(Code::kInvalid, "no gateway to register with is known (--join)");
  refused_.clear();
  return register_with_next();
}

MemberStep MemberMachine::register_with_next() {
  MemberStep step;
  if (asked_ < urls_.size()) {
    step.kind = MemberStep::Kind::kRegister;
    step.url = urls_[asked_];
    return step;
  }
  if (!refused_.empty()) refusal_ = std::exchange(refused_, "");
  step.delay = back_off();
  if (failure_.code() != last_failure_) {
    step.news = MemberStep::News::kNotRegistered;
    step.why = failure_;
  }
  last_failure_ = failure_.code();
  return step;
}

std::vector<std::string> MemberMachine::candidates(const ClusterSnapshot& view) const {
  std::vector<std::string> urls;
  const auto add = [&urls](const std::string& url) {
    if (!url.empty() && std::find(urls.begin(), urls.end(), url) == urls.end()) urls.push_back(url);
  };
  const meta::Node* primary = view.smap->primary();
  if (primary != nullptr && primary->id != id_) add(primary->control_net.url());
  for (const std::string& url : join_) add(url);
  const meta::ProxyConfig& proxy = view.config->proxy;
  add(proxy.primary_url);
  add(proxy.original_url);
  add(proxy.discovery_url);
  return urls;
}

// Half of the delay at least, once and a half at most: the nodes of a cluster do not all come at the same moment.
Nanoseconds MemberMachine::back_off() {
  const Nanoseconds delay = delay_ / 2 + Nanoseconds(static_cast<int64_t>(random_.below(static_cast<uint64_t>(delay_.count()))));
  delay_ = std::min(delay_ * 2, kDelayMax);
  return delay;
}

}  // namespace ais::app
