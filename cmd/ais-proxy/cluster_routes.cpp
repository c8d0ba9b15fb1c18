#include "ais-proxy/cluster_routes.h"

#include <map>
#include <utility>
#include <vector>

#include "ais-proxy/cluster_config_edits.h"
#include "ais-proxy/node_call.h"
#include "ais-proxy/relay.h"
#include "api/missing.h"
#include "api/names.h"
#include "api/query.h"
#include "async/parallel.h"
#include "codec/utf8.h"

namespace ais::proxy {
namespace {
constexpr std::string_view kActions = "set-config, reset-config, rotate-logs, reset-stats";
}

async::Task<void> ClusterRoutes::handle(net::HttpExchange& exchange) {
  if (exchange.request().method == net::Method::kGet) {
    co_await info_.handle(exchange);
    co_return;
  }
  if (!editor_.is_primary()) {
    co_await forward_to_primary(context_, exchange);
    co_return;
  }
  bool changes_config = false;
  const Status outcome = co_await change(exchange, changes_config);
  if (outcome.ok()) {
    co_await acknowledge(exchange, changes_config);
    co_return;
  }
  context_.count(ProxyMetric::kErrHttp);
  co_await answer(api::respond_error(exchange, outcome, context_.name));
}

// A change is the cluster's will; a node that cannot have both it and a setting of its own is named in the answer.
async::Task<void> ClusterRoutes::acknowledge(net::HttpExchange& exchange, bool changed_config) {
  std::string lost;
  if (changed_config) lost = co_await editor_.lost_overrides();
  net::ResponseHead head = exchange.start(200);
  if (!lost.empty()) head.add(api::header::kLostOverrides, codec::printable(lost));
  co_await answer(exchange.send(""));
}

async::Task<Status> ClusterRoutes::change(net::HttpExchange& exchange, bool& changes_config) {
  AIS_CO_TRY(const std::vector<std::string> items, api::parse_path_items(exchange.request().path, api::path::kCluster));
  if (items.empty() && exchange.request().method != net::Method::kPut)
    co_return Status(Code::kBadRequest, "invalid URL path \"" + std::string(exchange.request().path) + "\"");
  if (items.empty()) co_return co_await put_action(exchange, changes_config);
  const net::Method method = exchange.request().method;
  if (method == net::Method::kPut && items.size() == 1 && items.front() == api::action::kSetConfig) {
    changes_config = true;
    co_return co_await set_config(exchange.request().query, codec::JsonView());
  }
  co_return api::refuse_action(api::ActionOn::kCluster, method, items.front(), method == net::Method::kPut ? kActions : "");
}

async::Task<Status> ClusterRoutes::put_action(net::HttpExchange& exchange, bool& changes_config) {
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  AIS_CO_TRY(const api::ActionMessage message, api::ActionMessage::read(exchange.request(), body));
  AIS_CO_RETURN_IF_ERROR(message.check_utf8());
  if (message.action == api::action::kSetConfig) {
    if (message.value.is_null()) co_return Status(Code::kInvalid, "set-config without a configuration");
    changes_config = true;
    co_return co_await set_config(exchange.request().query, message.value);
  }
  if (message.action == api::action::kResetConfig) co_return co_await reset_config();
  const bool passed_on = message.action == api::action::kRotateLogs || message.action == api::action::kResetStats;
  if (!passed_on) co_return api::refuse_action(api::ActionOn::kCluster, net::Method::kPut, message.action, kActions);
  co_return co_await tell_nodes(api::action_message(message.action, message.name, message.value.to_text()));
}

async::Task<Status> ClusterRoutes::set_config(std::string_view raw_query, codec::JsonView document) {
  AIS_CO_TRY(const ConfigChange change, ConfigChange::from_query(raw_query));
  if (document.is_null() && change.values.empty()) co_return Status(Code::kInvalid, "set-config names no knob");
  if (change.transient) {
    auto edit = [&change, document](const app::ClusterSnapshot& snapshot) {
      return apply_config_change(*snapshot.cluster_config, change, document);
    };
    co_return co_await editor_.apply_transient(std::move(edit));
  }
  DocumentEdit edit = [this, &change, document](const app::ClusterSnapshot& snapshot) -> Result<api::ClusterDocuments> {
    api::ClusterDocuments next;
    AIS_TRY(next.config, apply_config_change(*snapshot.cluster_config, change, document));
    stamp_config(*next.config, context_.clock.wall_ns());
    return next;
  };
  co_return co_await editor_.apply(std::move(edit), Distribution::kWait);
}

// The cluster's document and the overrides of every node: afterwards all nodes run with the defaults.
async::Task<Status> ClusterRoutes::reset_config() {
  DocumentEdit edit = [this](const app::ClusterSnapshot& snapshot) -> Result<api::ClusterDocuments> {
    api::ClusterDocuments next;
    next.config = proxy::reset_config(*snapshot.cluster_config);
    stamp_config(*next.config, context_.clock.wall_ns());
    return next;
  };
  AIS_CO_RETURN_IF_ERROR(co_await editor_.apply(std::move(edit), Distribution::kWait));
  // A node that is away learns of the new document when it is back, but keeps its own overrides: somebody must ask again.
  co_return co_await tell_nodes(api::action_message(api::action::kResetConfig, ""));
}

async::Task<Status> ClusterRoutes::tell_nodes(std::string body) {
  const meta::ClusterMapPtr smap = context_.daemon.cluster().copy().smap;
  std::map<std::string, Status> outcomes;
  std::vector<async::Task<void>> calls;
  for (const auto* side : {&smap->proxies, &smap->targets}) {
    for (const auto& [id, node] : *side) calls.push_back(tell_node(node, body, outcomes[node.display_name()]));
  }
  co_await async::when_all(std::move(calls));
  std::string failed;
  for (const auto& [name, outcome] : outcomes) {
    if (!outcome.ok()) failed.append(failed.empty() ? "" : "; ").append(name).append(": ").append(outcome.message());
  }
  if (failed.empty()) co_return Status();
  co_return Status(Code::kNodeUnavailable, "some nodes failed: " + failed);
}

async::Task<void> ClusterRoutes::tell_node(const meta::Node& node, const std::string& body, Status& outcome) {
  NodeCall call;
  call.method = net::Method::kPut;
  call.target = api::path::kDaemon;
  call.headers = "Content-Type: application/json\r\n";
  call.body = body;
  call.timeout = context_.daemon.cluster().snapshot().config->timeout.cplane_operation.value;
  outcome = (co_await call_node_ok(context_, node.control_net, std::move(call))).status();
  if (!outcome.ok())
    AIS_WARN("cluster", "%s did not carry out %s: %s", node.display_name().c_str(), body.c_str(), outcome.message().c_str());
}

}  // namespace ais::proxy
