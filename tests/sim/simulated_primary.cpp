// What the primary of a simulated cluster does: the order of its decisions, as Membership, MetadataEditor and DocumentDistributor keep it.
#include <gtest/gtest.h>

#include <algorithm>

#include "ais-proxy/first_documents.h"
#include "sim/simulated_cluster_impl.h"

namespace ais::sim {

using proxy::AdmissionStep;
using proxy::DistributionPlan;
using std::chrono::seconds;

namespace {

constexpr Nanoseconds kWatchInterval = seconds(1);  // as ais-proxy
// Between a node's death and its last word's arrival at the primary, when that has to ask another node before it counts.
constexpr Nanoseconds kLastWord = seconds(5);

}  // namespace

async::Task<void> SimulatedCluster::Impl::run_primary(Process& process) {
  PrimaryPart& primary = *process.primary;
  primary.began = simulation_.now();
  Edit first = [&process](const app::ClusterSnapshot& stored) {
    return proxy::first_documents(stored, process.self, "simulated", 1'700'000'000'000'000'000);
  };
  Status stored(Code::kUnavailable, "");
  while (process.alive && !stored.ok()) stored = co_await edit(process, first);
  if (!process.alive) co_return;
  spawn(watch(process));
  spawn(retry_laggards(process));
}

async::Task<void> SimulatedCluster::Impl::watch(Process& process) {
  PrimaryPart& primary = *process.primary;
  bool slept = true;
  while (slept) {
    const auto changes = primary.detector.look(*process.view.smap, *process.view.config, simulation_.now());
    for (const std::string& id : changes.suspect) simulation_.note(process.host.loop, "suspect " + id);
    for (const std::string& id : changes.recovered) simulation_.note(process.host.loop, "recovered " + id);
    check_suspects(process);
    slept = co_await async::sleep_for(kWatchInterval, process.stop.token());
  }
}

void SimulatedCluster::Impl::check_suspects(Process& process) {
  PrimaryPart& primary = *process.primary;
  const Nanoseconds now = simulation_.now();
  const auto suspects = primary.detector.suspects(*process.view.smap, *process.view.config, now);
  for (const auto& host : hosts_) {
    if (&process.host == host.get() || process.view.smap->find(host->id) == nullptr) continue;
    const Nanoseconds patience = proxy::FailureDetector::patience(*process.view.config, host->type);
    const auto heard = primary.heard.find(host->id);
    const Nanoseconds last = heard == primary.heard.end() ? primary.began : heard->second;
    EXPECT_TRUE(!suspects.contains(host->id) || now - last > patience) << host->id << " was heard, and is suspect";
    const bool gone = host->process == nullptr && now - std::max(host->killed_at, primary.began) > patience + kWatchInterval + kLastWord;
    EXPECT_TRUE(!gone || suspects.contains(host->id)) << host->id << " is gone, and not suspect";
  }
}

async::Task<void> SimulatedCluster::Impl::retry_laggards(Process& process) {
  bool slept = true;
  while (slept) {
    start_pushes(process, process.primary->plan.retry(process.view));
    slept = co_await async::sleep_for(process.view.config->periodic.retry_sync_time.value, process.stop.token());
  }
}

async::Task<Status> SimulatedCluster::Impl::admit(Process& process, proxy::Admission admission) {
  const app::ClusterSnapshot view = process.view;
  AdmissionStep step = admission.begin(view);
  while (step.kind == AdmissionStep::Kind::kAsk) {
    const auto request = std::make_shared<Request>();
    request->what = step.what;
    Reply reply = co_await call(process, step.from.port, request, view.config->timeout.cplane_operation.value);
    const Result<std::string> shown = reply.status.ok() ? Result<std::string>(std::move(reply.text)) : Result<std::string>(reply.status);
    step = admission.answered(shown);
  }
  if (step.kind == AdmissionStep::Kind::kQuarantine) {
    simulation_.note(process.host.loop, "quarantine");
    process.primary->quarantine = step.why.message();
  }
  co_return step.why;
}

async::Task<Status> SimulatedCluster::Impl::edit(Process& process, Edit& edit) {
  async::Mutex::Lock turn = co_await process.primary->turn.lock();
  if (!process.alive || !process.primary->quarantine.empty()) co_return Status(Code::kUnavailable, "gone or in quarantine");
  AIS_CO_TRY(api::ClusterDocuments next, edit(process.view));
  if (!next.smap && !next.bmd && !next.config) co_return Status();
  if (happens(store_failure_percent_)) {
    ++counts_.store_failures;
    co_await async::sleep_for(random_between(Nanoseconds(1), kDiskMax));
    co_return Status(Code::kCapacityExceeded, "the disk is full");
  }
  if (next.smap) ++counts_.maps;
  co_return co_await install(process, std::move(next));
}

async::Task<void> SimulatedCluster::Impl::apply(Process& process, Edit change) {
  const Status stored = co_await edit(process, change);
  if (stored.ok() && process.alive) co_await distribute(process);
}

async::Task<Status> SimulatedCluster::Impl::enter(Process& process, meta::Node node) {
  proxy::JoinQueue& joins = process.primary->joins;
  const auto own = joins.add(std::move(node));
  proxy::JoinQueue::Batch batch;
  Edit take = [&](const app::ClusterSnapshot& view) -> Result<api::ClusterDocuments> {
    api::ClusterDocuments next;
    next.smap = joins.take(batch, *view.smap);
    return next;
  };
  Status stored = co_await edit(process, take);
  proxy::JoinQueue::finish(batch, stored);
  if (stored.ok() && process.alive) spawn(distribute(process));
  if (own->done) co_return own->outcome;
  joins.withdraw(own);
  co_return stored;
}

void SimulatedCluster::Impl::heard(Process& process, const std::string& id, const api::DocumentVersions& versions) {
  process.primary->detector.heard(id, simulation_.now());
  process.primary->heard[id] = simulation_.now();
  process.primary->plan.told(id, versions);
}

async::Task<void> SimulatedCluster::Impl::register_node(Process& process, const Request& request, Reply& reply) {
  const api::JoinRequest& join = request.join;
  reply.status = check_primary(process);
  if (reply.status.ok()) reply.status = co_await admit(process, proxy::Admission::of_join(process.self.id, join.node, join.versions));
  if (reply.status.ok()) reply.status = co_await enter(process, join.node);
  if (!reply.status.ok() || !process.alive) co_return;
  heard(process, join.node.id, join.versions);
  reply.documents = DistributionPlan::newer_documents(process.view, join.versions);
}

async::Task<void> SimulatedCluster::Impl::keep_alive(Process& process, const Request& request, Reply& reply) {
  const api::JoinRequest& from = request.join;
  reply.status = check_primary(process);
  if (reply.status.ok())
    reply.status = co_await admit(process, proxy::Admission::of_keepalive(process.self.id, from.node.id, from.versions));
  if (!reply.status.ok() || !process.alive) co_return;
  ++counts_.keepalives;
  heard(process, from.node.id, from.versions);
  reply.documents = DistributionPlan::newer_documents(process.view, from.versions);
}

async::Task<void> SimulatedCluster::Impl::distribute(Process& process) {
  PrimaryPart& primary = *process.primary;
  DistributionPlan::Started started = primary.plan.begin(process.view);
  if (started.over) co_return;
  PrimaryPart::Waiting waiting;
  primary.waiting.emplace(started.round, &waiting);
  start_pushes(process, std::move(started.pushes));
  co_await waiting.over.wait();
}

void SimulatedCluster::Impl::start_pushes(Process& process, std::vector<DistributionPlan::Push> pushes) {
  for (DistributionPlan::Push& next : pushes) spawn(push(process, std::move(next)));
}

// Also of a process that is gone: whoever waits for its rounds must end.
async::Task<void> SimulatedCluster::Impl::push(Process& process, DistributionPlan::Push push) {
  PrimaryPart& primary = *process.primary;
  const auto request = std::make_shared<Request>();
  request->ask = Ask::kPush;
  request->documents = push.documents();
  Reply reply;
  reply.status = Status(Code::kUnavailable, "gone");
  if (process.alive) reply = co_await call(process, push.node.control_net.port, request, push.view.config->timeout.cplane_operation.value);
  const Result<api::DocumentVersions> held =
      reply.status.ok() ? Result<api::DocumentVersions>(std::move(reply.versions)) : Result<api::DocumentVersions>(reply.status);
  DistributionPlan::Ended ended = primary.plan.ended(push.node.id, held, process.view);
  start_pushes(process, std::move(ended.next));
  for (const auto& [round, laggards] : ended.over) primary.waiting.extract(round).mapped()->over.set();
}

}  // namespace ais::sim
