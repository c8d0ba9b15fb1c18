#include "ais-proxy/membership.h"

#include <optional>
#include <utility>

#include "ais-proxy/cluster_config_edits.h"
#include "ais-proxy/cluster_map_edits.h"
#include "ais-proxy/node_call.h"
#include "ais-proxy/relay.h"
#include "api/message.h"
#include "api/names.h"
#include "api/query.h"
#include "async/loop.h"
#include "base/strings.h"
#include "sys/clock.h"
#include "sys/random.h"

namespace ais::proxy {

namespace {

constexpr size_t kClusterUuidLength = 10;
constexpr Nanoseconds kWatchInterval = std::chrono::seconds(1);

Nanoseconds monotonic() { return Nanoseconds(sys::real_clock().monotonic_ns()); }

Status check_cluster(const std::string& own_uuid, const std::string& other_uuid) {
  if (other_uuid.empty() || other_uuid == own_uuid) return {};
  return Status(Code::kWrongCluster, "node belongs to cluster \"" + other_uuid + "\", this is cluster \"" + own_uuid + "\"");
}

/// A document that a node has newer than the primary, which stores each version before anybody else gets it.
struct Ahead {
  const char* kind;  // as in what=
  uint64_t own_version;
};
std::optional<Ahead> document_ahead(const api::DocumentVersions& theirs, const app::ClusterSnapshot& ours) {
  if (theirs.smap > ours.smap->version) return Ahead{"smap", ours.smap->version};
  if (theirs.bmd > ours.bmd->version) return Ahead{"bmd", ours.bmd->version};
  return std::nullopt;
}

/// The version of a document of this cluster as its node tells it; 0 when it does not.
uint64_t version_shown(const Result<std::string>& answer, const std::string& cluster_uuid) {
  if (!answer.ok()) return 0;
  const Result<codec::JsonDocument> document = codec::JsonDocument::parse(*answer);
  if (!document.ok() || document->root()["uuid"].string_or("") != cluster_uuid) return 0;
  return parse_uint(document->root()["version"].string_or("")).value_or(0);
}

// The documents of a cluster that just came into being, or of one whose primary starts again.
Result<api::ClusterDocuments> with_self(const app::ClusterSnapshot& stored, const meta::Node& self) {
  api::ClusterDocuments next;
  const int64_t now = sys::real_clock().wall_ns();
  std::string uuid = stored.smap->uuid;
  if (stored.smap->version == 0) {
    uuid = !stored.bmd->uuid.empty() ? stored.bmd->uuid : stored.cluster_config->uuid;  // of a first start that was interrupted
    if (uuid.empty()) uuid = sys::Random().identifier(kClusterUuidLength);
    next.smap = first_cluster_map(self, uuid, now);
  } else {
    meta::ClusterMap map = *stored.smap;
    AIS_RETURN_IF_ERROR(add_node(map, self));
    if (map.version > stored.smap->version) next.smap = std::move(map);
  }
  if (stored.bmd->version == 0) {
    next.bmd.emplace();
    next.bmd->uuid = uuid;
    next.bmd->version = 1;
  }
  if (stored.cluster_config->version == 0) {
    next.config = *stored.cluster_config;
    next.config->uuid = uuid;
    next.config->proxy.primary_url = next.config->proxy.original_url = self.public_net.url();
    stamp_config(*next.config, now);
  }
  return next;
}

}  // namespace

// A node that waits to enter the map with the next version.
struct Membership::PendingJoin {
  meta::Node node;
  bool done = false;
  Status outcome;
};

Status Membership::become_primary() {
  const meta::Node self = context_.daemon.node();
  return editor_.apply_blocking([self](const app::ClusterSnapshot& stored) { return with_self(stored, self); });
}

void Membership::start_watch() {
  context_.daemon.control_loop().post([this] { look_for_suspects(); });
}

void Membership::look_for_suspects() {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  if (editor_.is_primary()) {
    const auto silent = watch_.suspects(*snapshot.smap, *snapshot.config, context_.id, monotonic());
    const NodeWatch::Changes changes = watch_.changes(silent);
    for (const std::string& id : changes.suspect) AIS_WARN("membership", "node %s is suspect: no keepalive", id.c_str());
    for (const std::string& id : changes.recovered) AIS_INFO("membership", "node %s is not suspect any more", id.c_str());
  }
  context_.daemon.control_loop().add_timer(kWatchInterval, [this] { look_for_suspects(); });
}

std::string Membership::suspects_json() {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  codec::JsonWriter out;
  out.begin_object();
  for (const auto& [id, silence] : watch_.suspects(*snapshot.smap, *snapshot.config, context_.id, monotonic()))
    out.field(id, static_cast<int64_t>(std::chrono::duration_cast<std::chrono::seconds>(silence).count()));
  out.end_object();
  return out.take();
}

async::Task<void> Membership::handle_join(net::HttpExchange& exchange) {
  if (!editor_.is_primary()) {
    co_await forward_to_primary(context_, exchange);
    co_return;
  }
  Result<std::string> body = co_await exchange.read_whole_body(api::kControlBodyMax);
  Result<api::JoinRequest> request = body.ok() ? api::JoinRequest::from_json(*body) : Result<api::JoinRequest>(body.status());
  Status outcome = request.status();
  if (outcome.ok()) outcome = co_await join(*request);
  if (!outcome.ok()) {
    co_await answer(api::respond_error(exchange, outcome, context_.name));
    co_return;
  }
  const api::ClusterDocuments documents = DocumentDistributor::newer_documents(context_.daemon.cluster().copy(), request->versions);
  co_await answer(api::respond_json(exchange, documents.to_json()));
}

async::Task<Status> Membership::check_versions(const meta::Node& node, const api::DocumentVersions& versions) {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  const std::string& uuid = snapshot.smap->uuid;
  AIS_CO_RETURN_IF_ERROR(check_cluster(uuid, versions.cluster_uuid));
  const std::optional<Ahead> ahead = versions.cluster_uuid.empty() ? std::nullopt : document_ahead(versions, snapshot);
  if (!ahead) co_return Status();
  NodeCall call;
  call.target = std::string(api::path::kDaemon) + "?what=" + ahead->kind;
  call.timeout = snapshot.config->timeout.cplane_operation.value;
  const uint64_t shown = version_shown(co_await call_node_ok(context_, node.control_net, std::move(call)), uuid);
  if (shown <= ahead->own_version)
    co_return Status(Code::kUnavailable, "node " + node.id + " claims a newer " + ahead->kind + ".json and does not show it");
  context_.daemon.cluster().quarantine(format(
      "node %s has %s.json version %llu, this primary has %llu: the state directory here is older than the cluster's; copy the newer "
      "documents from that node's",
      node.id.c_str(), ahead->kind, static_cast<unsigned long long>(shown), static_cast<unsigned long long>(ahead->own_version)));
  co_return Status(Code::kUnavailable, context_.daemon.unfit_reason());
}

async::Task<Status> Membership::join(const api::JoinRequest& request) {
  AIS_CO_RETURN_IF_ERROR(validate_node(request.node));
  AIS_CO_RETURN_IF_ERROR(co_await check_versions(request.node, request.versions));
  if (request.node.id == context_.id) co_return Status(Code::kAlreadyExists, "id \"" + context_.id + "\" is the primary gateway's");
  AIS_CO_RETURN_IF_ERROR(co_await check_identity(request.node));
  AIS_CO_RETURN_IF_ERROR(co_await enter(request.node));
  watch_.seen(request.node.id, monotonic());
  distributor_.note_versions(request.node.id, request.versions);
  co_return Status();
}

// Two processes with one id (a copied state directory) would take each other's requests: the one that serves already stays.
async::Task<Status> Membership::check_identity(const meta::Node& node) {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  const meta::Node* known = snapshot.smap->find(node.id);
  if (known == nullptr || known->control_net == node.control_net) co_return Status();
  NodeCall call;
  call.target = std::string(api::path::kDaemon) + "?what=snode";
  call.timeout = snapshot.config->timeout.cplane_operation.value;
  const Result<std::string> body = co_await call_node_ok(context_, known->control_net, std::move(call));
  if (!body.ok()) co_return Status();  // gone, as expected of a node that restarts on other ports
  const Result<codec::JsonDocument> document = codec::JsonDocument::parse(*body);
  if (!document.ok() || document->root()["daemon_id"].string_or("") != node.id) co_return Status();
  co_return Status(Code::kAlreadyExists, known->display_name() + " is alive at " + known->control_net.url());
}

async::Task<Status> Membership::enter(meta::Node node) {
  async::Loop& home = *async::Loop::current();
  co_await async::resume_on(context_.daemon.control_loop());
  const auto own = std::make_shared<PendingJoin>();
  own->node = std::move(node);
  pending_.push_back(own);
  Status outcome = co_await flush_joins();
  if (own->done) outcome = own->outcome;
  else std::erase(pending_, own);  // refused before its turn: it must not enter with somebody else's
  co_await async::resume_on(home);
  co_return outcome;
}

// The first of the nodes that join together takes all of them into one new version; for the others nothing is left to do when their
// turn comes.
async::Task<Status> Membership::flush_joins() {
  std::vector<std::shared_ptr<PendingJoin>> taken;
  DocumentEdit edit = [this, &taken](const app::ClusterSnapshot& snapshot) -> Result<api::ClusterDocuments> {
    for (auto& join : std::exchange(pending_, {})) taken.push_back(std::move(join));
    meta::ClusterMap map = *snapshot.smap;
    for (const auto& join : taken) join->outcome = add_node(map, join->node);
    api::ClusterDocuments next;
    if (map.version == snapshot.smap->version) return next;
    map.version = snapshot.smap->version + 1;
    next.smap = std::move(map);
    return next;
  };
  const Status stored = co_await editor_.apply(std::move(edit), Distribution::kBackground);
  for (const auto& join : taken) {
    if (join->outcome.ok()) join->outcome = stored;
    join->done = true;
    if (join->outcome.ok())
      AIS_INFO("membership", "%s at %s is in the cluster map", join->node.display_name().c_str(), join->node.public_net.url().c_str());
  }
  co_return stored;
}

async::Task<Status> Membership::keepalive(net::HttpExchange& exchange, std::string& answer_json) {
  AIS_CO_TRY(const std::vector<std::string> items, api::parse_path_items(exchange.request().path, api::path::kKeepalive));
  if (items.size() != 1) co_return Status(Code::kInvalid, "keepalive takes one node id");
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  AIS_CO_TRY(api::DocumentVersions versions, api::DocumentVersions::from_json(body));
  if (!editor_.is_primary()) co_return Status(Code::kNotPrimary, context_.name + " is not the primary gateway");
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  const meta::Node* member = snapshot.smap->find(items.front());
  if (member == nullptr) {
    AIS_CO_RETURN_IF_ERROR(check_cluster(snapshot.smap->uuid, versions.cluster_uuid));
    co_return make_status(Code::kNodeNotFound, "node %s not present in Smap v%llu", items.front().c_str(),
                          static_cast<unsigned long long>(snapshot.smap->version));
  }
  AIS_CO_RETURN_IF_ERROR(co_await check_versions(*member, versions));
  watch_.seen(items.front(), monotonic());
  answer_json = DocumentDistributor::newer_documents(snapshot, versions).to_json();
  distributor_.note_versions(items.front(), std::move(versions));
  co_return Status();
}

async::Task<void> Membership::handle_keepalive(net::HttpExchange& exchange) {
  const Nanoseconds began = monotonic();
  std::string json;
  const Status outcome = co_await keepalive(exchange, json);
  if (outcome.ok()) co_await answer(api::respond_json(exchange, std::move(json)));
  else co_await answer(api::respond_error(exchange, outcome, context_.name));
  context_.count(ProxyMetric::kKeepaliveNs, (monotonic() - began).count());
}

async::Task<void> Membership::handle_remove(net::HttpExchange& exchange) {
  if (!editor_.is_primary()) {
    co_await forward_to_primary(context_, exchange);
    co_return;
  }
  const Result<std::vector<std::string>> items = api::parse_path_items(exchange.request().path, "/v1/cluster/daemon");
  Status outcome = items.status();
  if (outcome.ok() && items->size() != 1) outcome = Status(Code::kInvalid, "the path names no node to remove");
  if (outcome.ok()) {
    DocumentEdit edit = [id = items->front()](const app::ClusterSnapshot& snapshot) -> Result<api::ClusterDocuments> {
      meta::ClusterMap map = *snapshot.smap;
      AIS_RETURN_IF_ERROR(remove_node(map, id));
      api::ClusterDocuments next;
      next.smap = std::move(map);
      return next;
    };
    outcome = co_await editor_.apply(std::move(edit), Distribution::kWait);
  }
  if (outcome.ok()) AIS_INFO("membership", "node %s removed from the cluster map", items->front().c_str());
  if (outcome.ok()) co_await answer(api::respond_text(exchange, std::string()));
  else co_await answer(api::respond_error(exchange, outcome, context_.name));
}

}  // namespace ais::proxy
