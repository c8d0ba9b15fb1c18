// The inside of SimulatedCluster: hosts and their processes, the pretended network (simulated_cluster.cpp) and what the primary does
// (simulated_primary.cpp).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ais-proxy/admission.h"
#include "ais-proxy/distribution_plan.h"
#include "ais-proxy/failure_detector.h"
#include "ais-proxy/join_queue.h"
#include "api/membership.h"
#include "app/member_machine.h"
#include "async/cancel.h"
#include "async/event.h"
#include "async/mutex.h"
#include "async/task.h"
#include "base/function.h"
#include "sim/simulated_cluster.h"

namespace ais::sim {

enum class Ask { kJoin, kKeepalive, kPush, kQuery };

struct Request {
  Ask ask = Ask::kQuery;
  api::JoinRequest join;            // kJoin; of a keepalive the node's id and versions
  api::ClusterDocuments documents;  // kPush
  std::string what;                 // kQuery
};

struct Reply {
  Status status;
  api::ClusterDocuments documents;
  api::DocumentVersions versions;
  std::string text;
};

struct Call {
  SimulatedLoop* home;
  async::Event answered;
  Reply reply;
};

struct Host;

/// What the primary's process has in memory.
struct PrimaryPart {
  explicit PrimaryPart(const std::string& self) : detector(self), plan(self) {}
  proxy::JoinQueue joins;
  proxy::FailureDetector detector;
  proxy::DistributionPlan plan;
  async::Mutex turn;
  struct Waiting {
    async::Event over;
  };
  std::map<proxy::DistributionPlan::Round, Waiting*> waiting;
  std::map<std::string, Nanoseconds> heard;  // the truth, beside the detector's
  Nanoseconds began{0};
  std::string quarantine;
};

struct Process {
  Process(Host& on, meta::Node node) : host(on), self(std::move(node)) {}
  Host& host;
  const meta::Node self;
  bool alive = true;
  bool refuses_when_gone = true;
  app::ClusterSnapshot view;
  async::Mutex disk_turn;
  async::CancelSource stop;
  std::optional<app::MemberMachine> member;
  std::optional<PrimaryPart> primary;
};

struct Host {
  Host(SimulatedLoop& on, std::string name, meta::NodeType is) : loop(on), id(std::move(name)), type(is) {}
  SimulatedLoop& loop;
  const std::string id;
  const meta::NodeType type;
  app::ClusterSnapshot disk;
  Process* process = nullptr;  // that runs
  Process* latest = nullptr;   // that runs, or ran last
  Nanoseconds killed_at{0};
};

class SimulatedCluster::Impl {
 public:
  Impl(Simulation& simulation, size_t hosts);

  void start(Host& host);
  void kill(Host& host, bool silently);
  std::string trouble() const;

  using Edit = UniqueFunction<Result<api::ClusterDocuments>(const app::ClusterSnapshot&)>;
  void change(Edit edit) {
    Process* primary = hosts_.front()->process;
    if (primary == nullptr) return;
    primary->host.loop.post([this, primary, asked = std::move(edit)]() mutable { spawn(apply(*primary, std::move(asked))); });
  }

  Simulation& simulation_;
  NetworkFaults faults_;
  unsigned store_failure_percent_ = 0;
  bool history_is_one_ = true;  // until a disk was set back
  std::vector<std::unique_ptr<Host>> hosts_;
  std::set<std::string> removed_;
  Counts counts_;
  size_t under_way_ = 0;

 private:
  /// A write to a disk takes no longer.
  static constexpr Nanoseconds kDiskMax = std::chrono::milliseconds(8);

  Nanoseconds random_between(Nanoseconds least, Nanoseconds most) {
    return least + Nanoseconds(static_cast<int64_t>(simulation_.random().below(static_cast<uint64_t>((most - least).count()) + 1)));
  }
  bool happens(unsigned percent) { return simulation_.random().below(100) < percent; }
  void spawn(async::Task<void> task) {
    ++under_way_;
    async::start_detached(std::move(task), [this] { --under_way_; });
  }

  // --- the network
  void send(SimulatedLoop& from, SimulatedLoop& to, UniqueFunction<void()> arrive);
  async::Task<Reply> call(Process& from, uint16_t port, std::shared_ptr<const Request> request, Nanoseconds timeout);
  void receive(std::shared_ptr<Call> call, uint16_t port, std::shared_ptr<const Request> request);
  async::Task<void> serve(Process& process, std::shared_ptr<Call> call, std::shared_ptr<const Request> request);
  void answer(SimulatedLoop& from, const std::shared_ptr<Call>& call, Reply reply);
  SimulatedLoop& loop_at(uint16_t port, SimulatedLoop& otherwise) const;

  // --- every process
  async::Task<Status> install(Process& process, api::ClusterDocuments offered);
  template <typename Document>
  async::Task<void> write(Process& process, std::optional<Document>& document, std::shared_ptr<const Document> app::ClusterSnapshot::*held);
  void check_map(const Host& host, const meta::ClusterMap& before, const meta::ClusterMap& after);
  async::Task<void> run_member(Process& process);

  // --- the primary
  async::Task<void> run_primary(Process& process);
  async::Task<void> watch(Process& process);
  async::Task<void> retry_laggards(Process& process);
  void check_suspects(Process& process);
  static Status check_primary(const Process& process) {
    if (!process.primary) return Status(Code::kNotPrimary, "not the primary");
    return process.primary->quarantine.empty() ? Status() : Status(Code::kUnavailable, "in quarantine");
  }
  async::Task<Status> admit(Process& process, proxy::Admission admission);
  async::Task<Status> enter(Process& process, meta::Node node);
  async::Task<void> register_node(Process& process, const Request& request, Reply& reply);
  async::Task<void> keep_alive(Process& process, const Request& request, Reply& reply);
  void heard(Process& process, const std::string& id, const api::DocumentVersions& versions);
  async::Task<Status> edit(Process& process, Edit& edit);
  async::Task<void> apply(Process& process, Edit edit);
  async::Task<void> distribute(Process& process);
  void start_pushes(Process& process, std::vector<proxy::DistributionPlan::Push> pushes);
  async::Task<void> push(Process& process, proxy::DistributionPlan::Push push);

  std::vector<std::unique_ptr<Process>> processes_;  // also those that are gone: what is under way still looks at them
  std::map<uint16_t, Process*> at_port_;
  uint16_t last_port_ = 2000;
  std::map<uint64_t, meta::ClusterMap> maps_;  // of each version, as the primary's disk first had it
};

}  // namespace ais::sim
