#include "ais-proxy/document_distributor.h"

#include <utility>

#include "ais-proxy/node_call.h"
#include "api/names.h"
#include "async/parallel.h"
#include "base/strings.h"

namespace ais::proxy {

namespace {

bool lacks_nothing(const app::ClusterSnapshot& snapshot, const api::DocumentVersions& versions) {
  return versions.smap >= snapshot.smap->version && versions.bmd >= snapshot.bmd->version &&
         versions.config >= static_cast<uint64_t>(snapshot.cluster_config->version);
}

}  // namespace

// Counts a push from before its first call to a node until after its last.
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

api::ClusterDocuments DocumentDistributor::newer_documents(const app::ClusterSnapshot& snapshot, const api::DocumentVersions& versions) {
  api::ClusterDocuments documents;
  if (snapshot.smap->version > versions.smap) documents.smap = *snapshot.smap;
  if (snapshot.bmd->version > versions.bmd) documents.bmd = *snapshot.bmd;
  if (static_cast<uint64_t>(snapshot.cluster_config->version) > versions.config) documents.config = *snapshot.cluster_config;
  return documents;
}

void DocumentDistributor::start() {
  context_.daemon.control_loop().post([this] { retry(); });
}

void DocumentDistributor::note_versions(std::string node_id, api::DocumentVersions versions) {
  context_.daemon.control_loop().post(
      [this, id = std::move(node_id), held = std::move(versions)]() mutable { peers_[id].versions = std::move(held); });
}

std::vector<meta::Node> DocumentDistributor::peers_of(const meta::ClusterMap& smap) const {
  std::vector<meta::Node> nodes;
  for (const auto* side : {&smap.proxies, &smap.targets}) {
    for (const auto& [id, node] : *side) {
      if (id != context_.id) nodes.push_back(node);
    }
  }
  return nodes;
}

async::Task<size_t> DocumentDistributor::distribute() {
  const meta::ClusterMapPtr smap = context_.daemon.cluster().copy().smap;
  size_t laggards = 0;
  std::vector<async::Task<void>> pushes;
  for (meta::Node& node : peers_of(*smap)) pushes.push_back(bring_up_to_date(std::move(node), laggards));
  co_await async::when_all(std::move(pushes));
  co_return laggards;
}

async::Task<void> DocumentDistributor::bring_up_to_date(meta::Node node, size_t& laggards) {
  const UnderWay under_way(*this);
  const app::ClusterSnapshot wanted = context_.daemon.cluster().copy();
  if (under_way.stopping()) co_return;
  Peer& peer = peers_[node.id];  // map nodes do not move; one with a push to come or under way is never erased
  if (lacks_nothing(wanted, peer.versions)) co_return;
  // A push that is under way may carry less than is wanted, the one after it does not.
  auto next_push = [&] { return push(node, peer); };
  const bool acknowledged = co_await peer.pushes.run(next_push);
  if (!acknowledged) ++laggards;
}

async::Task<bool> DocumentDistributor::push(const meta::Node& node, Peer& peer) {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  if (lacks_nothing(snapshot, peer.versions)) co_return true;  // the push before was enough
  context_.count(ProxyMetric::kMetasyncPush);
  NodeCall call;
  call.method = net::Method::kPut;
  call.target = api::path::kMetasync;
  call.body = newer_documents(snapshot, peer.versions).to_json();
  call.timeout = snapshot.config->timeout.cplane_operation.value;
  Result<std::string> answer = co_await call_node_ok(context_, node.control_net, std::move(call));
  Status outcome = answer.status();
  if (answer.ok()) {
    Result<api::DocumentVersions> held = api::DocumentVersions::from_json(*answer);
    outcome = held.status();
    if (held.ok()) peer.versions = std::move(held).value();
  }
  const bool acknowledged = outcome.ok() && lacks_nothing(snapshot, peer.versions);
  if (!acknowledged) {
    context_.count(ProxyMetric::kMetasyncError);
    if (!peer.logged_failure) {
      AIS_WARN("metasync", "%s does not acknowledge cluster documents, retrying: %s", node.display_name().c_str(),
               outcome.ok() ? "still has older versions" : outcome.message().c_str());
    }
  } else if (peer.logged_failure) {
    AIS_INFO("metasync", "%s acknowledged cluster documents", node.display_name().c_str());
  }
  peer.logged_failure = !acknowledged;
  co_return acknowledged;
}

async::Task<size_t> DocumentDistributor::distribute_transient(app::ConfigPtr config) {
  api::ClusterDocuments documents;
  documents.config = *config;
  const std::string body = documents.to_json();
  const meta::ClusterMapPtr smap = context_.daemon.cluster().copy().smap;
  size_t laggards = 0;
  std::vector<async::Task<void>> pushes;
  for (meta::Node& node : peers_of(*smap)) pushes.push_back(push_transient(std::move(node), body, laggards));
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
    if (held.ok()) peers_[node.id].versions.lost_overrides = std::move(held->lost_overrides);
  }
  if (outcome.ok()) co_return;
  ++laggards;
  AIS_WARN("metasync", "%s did not take a transient configuration: %s", node.display_name().c_str(), outcome.message().c_str());
}

async::Task<std::string> DocumentDistributor::lost_overrides() {
  async::Loop* home = async::Loop::current();
  co_await async::resume_on(context_.daemon.control_loop());
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  std::string text;
  for (const auto* side : {&snapshot.smap->proxies, &snapshot.smap->targets}) {
    for (const auto& [id, node] : *side) {
      const std::vector<std::string>& lost = id == context_.id ? snapshot.lost_overrides : peers_[id].versions.lost_overrides;
      if (!lost.empty()) text.append(text.empty() ? "" : "; ").append(node.display_name()).append(": ").append(join(lost, ", "));
    }
  }
  co_await async::resume_on(*home);
  co_return text;
}

void DocumentDistributor::forget_departed(const meta::ClusterMap& smap) {
  for (auto it = peers_.begin(); it != peers_.end();) {
    const bool keep = !it->second.pushes.is_idle() || smap.find(it->first) != nullptr;
    it = keep ? std::next(it) : peers_.erase(it);
  }
}

void DocumentDistributor::arm_retry() {
  const Nanoseconds pause = context_.daemon.cluster().snapshot().config->periodic.retry_sync_time.value;
  context_.daemon.control_loop().add_timer(pause, [this] { retry(); });
}

void DocumentDistributor::retry() {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  forget_departed(*snapshot.smap);
  if (snapshot.smap->primary_id == context_.id) {
    for (meta::Node& node : peers_of(*snapshot.smap)) {
      const Peer& peer = peers_[node.id];
      if (!peer.pushes.is_idle() || lacks_nothing(snapshot, peer.versions)) continue;
      async::start_detached([](DocumentDistributor& self, meta::Node laggard) -> async::Task<void> {
        size_t unused = 0;
        co_await self.bring_up_to_date(std::move(laggard), unused);
      }(*this, std::move(node)));
    }
  }
  arm_retry();
}

}  // namespace ais::proxy
