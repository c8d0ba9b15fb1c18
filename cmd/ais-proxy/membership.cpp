#include "ais-proxy/membership.h"

#include <memory>
#include <utility>

#include "ais-proxy/cluster_map_edits.h"
#include "ais-proxy/first_documents.h"
#include "ais-proxy/node_call.h"
#include "ais-proxy/relay.h"
#include "api/message.h"
#include "api/names.h"
#include "api/query.h"
#include "async/loop.h"

namespace ais::proxy {

namespace {

constexpr size_t kClusterUuidLength = 10;
constexpr Nanoseconds kWatchInterval = std::chrono::seconds(1);

}  // namespace

Status Membership::become_primary() {
  const std::string new_uuid = context_.daemon.environment().random.identifier(kClusterUuidLength);
  return editor_.apply_blocking([this, &new_uuid](const app::ClusterSnapshot& stored) {
    return first_documents(stored, context_.daemon.node(), new_uuid, context_.clock.wall_ns());
  });
}

void Membership::start_watch() {
  context_.daemon.control_loop().post([this] { look_for_suspects(); });
}

void Membership::look_for_suspects() {
  if (editor_.is_primary()) {
    const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
    const FailureDetector::Changes changes = detector_.look(*snapshot.smap, *snapshot.config, now());
    for (const std::string& id : changes.suspect) AIS_WARN("membership", "node %s is suspect: no keepalive", id.c_str());
    for (const std::string& id : changes.recovered) AIS_INFO("membership", "node %s is no longer suspect", id.c_str());
    suspect_count_.store(detector_.suspect_count(), std::memory_order_relaxed);
  }
  context_.daemon.control_loop().add_timer(kWatchInterval, [this] { look_for_suspects(); });
}

void Membership::heard(std::string node_id, api::DocumentVersions versions) {
  context_.daemon.control_loop().post([this, id = node_id, at = now()] { detector_.heard(id, at); });
  distributor_.note_versions(std::move(node_id), std::move(versions));
}

async::Task<std::string> Membership::suspects_json() {
  async::Loop& home = *async::Loop::current();
  co_await async::resume_on(context_.daemon.control_loop());
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  codec::JsonWriter out;
  out.begin_object();
  for (const auto& [id, silence] : detector_.suspects(*snapshot.smap, *snapshot.config, now()))
    out.field(id, static_cast<int64_t>(std::chrono::duration_cast<std::chrono::seconds>(silence).count()));
  out.end_object();
  co_await async::resume_on(home);
  co_return out.take();
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
  const api::ClusterDocuments documents = DistributionPlan::newer_documents(context_.daemon.cluster().copy(), request->versions);
  co_await answer(api::respond_json(exchange, documents.to_json()));
}

async::Task<Status> Membership::admit(Admission admission) {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  AdmissionStep step = admission.begin(snapshot);
  while (step.kind == AdmissionStep::Kind::kAsk) {
    NodeCall call;
    call.target = std::string(api::path::kDaemon) + "?what=" + step.what;
    call.timeout = snapshot.config->timeout.cplane_operation.value;
    step = admission.answered(co_await call_node_ok(context_, step.from, std::move(call)));
  }
  if (step.kind != AdmissionStep::Kind::kQuarantine) co_return step.why;
  context_.daemon.cluster().quarantine(step.why.message());
  co_return Status(Code::kUnavailable, context_.daemon.unfit_reason());
}

async::Task<Status> Membership::join(const api::JoinRequest& request) {
  AIS_CO_RETURN_IF_ERROR(co_await admit(Admission::of_join(context_.id, request.node, request.versions)));
  AIS_CO_RETURN_IF_ERROR(co_await enter(request.node));
  heard(request.node.id, request.versions);
  co_return Status();
}

async::Task<Status> Membership::enter(meta::Node node) {
  async::Loop& home = *async::Loop::current();
  co_await async::resume_on(context_.daemon.control_loop());
  const auto own = joins_.add(std::move(node));
  Status outcome = co_await flush_joins();
  if (own->done) outcome = own->outcome;
  else joins_.withdraw(own);  // refused before its turn
  co_await async::resume_on(home);
  co_return outcome;
}

// The first of the nodes that join together takes all of them into one new version; for the others nothing is left to do when their
// turn comes.
async::Task<Status> Membership::flush_joins() {
  JoinQueue::Batch batch;
  DocumentEdit edit = [this, &batch](const app::ClusterSnapshot& snapshot) -> Result<api::ClusterDocuments> {
    api::ClusterDocuments next;
    next.smap = joins_.take(batch, *snapshot.smap);
    return next;
  };
  const Status stored = co_await editor_.apply(std::move(edit), Distribution::kBackground);
  JoinQueue::finish(batch, stored);
  for (const auto& join : batch) {
    if (join->outcome.ok())
      AIS_INFO("membership", "%s at %s is in the cluster map", join->node.display_name().c_str(), join->node.public_net.url().c_str());
  }
  co_return stored;
}

async::Task<Status> Membership::keepalive(net::HttpExchange& exchange, std::string& answer_json) {
  AIS_CO_TRY(const std::vector<std::string> items, api::parse_path_items(exchange.request().path, api::path::kKeepalive));
  if (items.size() != 1) co_return Status(Code::kInvalid, "keepalive needs one node id");
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  AIS_CO_TRY(api::DocumentVersions versions, api::DocumentVersions::from_json(body));
  if (!editor_.is_primary()) co_return Status(Code::kNotPrimary, context_.name + " is not the primary gateway");
  AIS_CO_RETURN_IF_ERROR(co_await admit(Admission::of_keepalive(context_.id, items.front(), versions)));
  answer_json = DistributionPlan::newer_documents(context_.daemon.cluster().copy(), versions).to_json();
  heard(items.front(), std::move(versions));
  co_return Status();
}

async::Task<void> Membership::handle_keepalive(net::HttpExchange& exchange) {
  const Nanoseconds began = now();
  std::string json;
  const Status outcome = co_await keepalive(exchange, json);
  if (outcome.ok()) co_await answer(api::respond_json(exchange, std::move(json)));
  else co_await answer(api::respond_error(exchange, outcome, context_.name));
  context_.count(ProxyMetric::kKeepaliveNs, (now() - began).count());
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
