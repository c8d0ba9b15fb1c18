#include "ais-proxy/document_distributor.h"

#include <utility>

#include "ais-proxy/node_call.h"
#include "api/names.h"
#include "async/parallel.h"
#include "base/strings.h"

namespace ais::proxy {

// Counts what must not be cut off half way: a push, and who waits for pushes.
class DocumentDistributor::UnderWay {
 public:
  explicit UnderWay(DocumentDistributor& owner) : owner_(owner) {
    const std::lock_guard guard(owner_.mutex_);
    ++owner_.under_way_;
    stopping_ = owner_.stopping_;
  }
  UnderWay(const UnderWay&) = delete;
  ~UnderWay() {
    const std::lock_guard guard(owner_.mutex_);
    if (--owner_.under_way_ == 0) owner_.idle_.notify_all();
  }
  bool stopping() const { return stopping_; }

 private:
  DocumentDistributor& owner_;
  bool stopping_ = false;
};

void DocumentDistributor::stop(Nanoseconds patience) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  idle_.wait_for(lock, patience, [this] { return under_way_ == 0; });
}

void DocumentDistributor::start() {
  context_.daemon.control_loop().post([this] { retry(); });
}

void DocumentDistributor::note_versions(std::string node_id, api::DocumentVersions versions) {
  context_.daemon.control_loop().post(
      [this, id = std::move(node_id), held = std::move(versions)]() mutable { plan_.told(id, std::move(held)); });
}

async::Task<size_t> DocumentDistributor::distribute() {
  const UnderWay under_way(*this);
  if (under_way.stopping()) co_return 0;
  DistributionPlan::Started started = plan_.begin(context_.daemon.cluster().copy());
  if (started.over) co_return 0;
  Waiting waiting;
  waiting_.emplace(started.round, &waiting);
  start_pushes(std::move(started.pushes));
  co_await waiting.over.wait();
  co_return waiting.laggards;
}

void DocumentDistributor::start_pushes(std::vector<DistributionPlan::Push> pushes) {
  for (DistributionPlan::Push& next : pushes) async::start_detached(send(std::move(next)));
}

async::Task<void> DocumentDistributor::send(DistributionPlan::Push push) {
  const UnderWay under_way(*this);
  context_.count(ProxyMetric::kMetasyncPush);
  NodeCall call;
  call.method = net::Method::kPut;
  call.target = api::path::kMetasync;
  call.body = push.documents().to_json();
  call.timeout = push.view.config->timeout.cplane_operation.value;
  const Result<std::string> answer = co_await call_node_ok(context_, push.node.control_net, std::move(call));
  const Result<api::DocumentVersions> held =
      answer.ok() ? api::DocumentVersions::from_json(*answer) : Result<api::DocumentVersions>(answer.status());
  DistributionPlan::Ended ended = plan_.ended(push.node.id, held, context_.daemon.cluster().copy());
  const std::string name = push.node.display_name();
  if (!ended.acknowledged) context_.count(ProxyMetric::kMetasyncError);
  if (ended.changed && ended.acknowledged) AIS_INFO("metasync", "%s acknowledged cluster documents", name.c_str());
  if (ended.changed && !ended.acknowledged) {
    AIS_WARN("metasync", "%s does not acknowledge cluster documents, retrying: %s", name.c_str(),
             held.ok() ? "still has older versions" : held.status().message().c_str());
  }
  start_pushes(std::move(ended.next));
  for (const auto& [round, laggards] : ended.over) {
    const auto waiting = waiting_.extract(round);
    waiting.mapped()->laggards = laggards;
    waiting.mapped()->over.set();
  }
}

async::Task<size_t> DocumentDistributor::distribute_transient(app::ConfigPtr config) {
  api::ClusterDocuments documents;
  documents.config = *config;
  const std::string body = documents.to_json();
  const meta::ClusterMapPtr smap = context_.daemon.cluster().copy().smap;
  size_t laggards = 0;
  std::vector<async::Task<void>> pushes;
  for (const auto* side : {&smap->proxies, &smap->targets}) {
    for (const auto& [id, node] : *side)
      if (id != context_.id) pushes.push_back(push_transient(node, body, laggards));
  }
  co_await async::when_all(std::move(pushes));
  co_return laggards;
}

async::Task<void> DocumentDistributor::push_transient(meta::Node node, const std::string& body, size_t& laggards) {
  NodeCall call;
  call.method = net::Method::kPut;
  call.target = std::string(api::path::kMetasync) + "?transient=true";
  call.body = body;
  call.timeout = context_.daemon.cluster().snapshot().config->timeout.cplane_operation.value;
  const Result<std::string> answer = co_await call_node_ok(context_, node.control_net, std::move(call));
  Status outcome = answer.status();
  if (answer.ok()) {
    Result<api::DocumentVersions> held = api::DocumentVersions::from_json(*answer);
    outcome = held.status();
    if (held.ok()) plan_.told_lost(node.id, std::move(held->lost_overrides));
  }
  if (outcome.ok()) co_return;
  ++laggards;
  AIS_WARN("metasync", "%s did not accept a transient configuration: %s", node.display_name().c_str(), outcome.message().c_str());
}

async::Task<std::string> DocumentDistributor::lost_overrides() {
  async::Loop* home = async::Loop::current();
  co_await async::resume_on(context_.daemon.control_loop());
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  std::string text;
  for (const auto* side : {&snapshot.smap->proxies, &snapshot.smap->targets}) {
    for (const auto& [id, node] : *side) {
      const std::vector<std::string>& lost = id == context_.id ? snapshot.lost_overrides : plan_.known_of(id).lost_overrides;
      if (!lost.empty()) text.append(text.empty() ? "" : "; ").append(node.display_name()).append(": ").append(join(lost, ", "));
    }
  }
  co_await async::resume_on(*home);
  co_return text;
}

void DocumentDistributor::retry() {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  const bool stopping = [this] {
    const std::lock_guard guard(mutex_);
    return stopping_;
  }();
  if (!stopping && snapshot.smap->primary_id == context_.id) start_pushes(plan_.retry(snapshot));
  context_.daemon.control_loop().add_timer(snapshot.config->periodic.retry_sync_time.value, [this] { retry(); });
}

}  // namespace ais::proxy
