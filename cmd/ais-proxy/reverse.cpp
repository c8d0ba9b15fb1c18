#include "ais-proxy/reverse.h"

#include <utility>

#include "ais-proxy/relay.h"
#include "api/message.h"
#include "api/names.h"
#include "api/node_status.h"
#include "api/query.h"

namespace ais::proxy {

namespace {

constexpr std::string_view kReverseDaemon = "/v1/reverse/daemon";

bool is_unreachable(Code code) { return code == Code::kConnectionFailed || code == Code::kConnectionClosed || code == Code::kTimeout; }

std::string asked_for(std::string_view raw_query) {
  const Result<api::QueryParameters> query = api::QueryParameters::parse(raw_query);
  return query.ok() ? query->get_or_empty(api::query::kWhat) : std::string();
}

// A node that is out of service on purpose may not be there to say so.
api::NodeStatus resting_status(const meta::Node& node) {
  api::NodeStatus status;
  status.status = node.flags & meta::kDecommission ? "decommission" : "maintenance";
  status.node = node;
  return status;
}

}  // namespace

async::Task<void> Reverse::handle(net::HttpExchange& exchange) {
  const net::HttpRequest& request = exchange.request();
  const std::string id(request.headers.get_or_empty(api::header::kNodeId));
  const meta::ClusterMapPtr smap = context_.daemon.cluster().copy().smap;
  Status refused;
  if (request.path.substr(0, kReverseDaemon.size()) != kReverseDaemon ||
      (request.path.size() > kReverseDaemon.size() && request.path[kReverseDaemon.size()] != '/'))
    refused = Status(Code::kInvalid, "unexpected path: only /v1/reverse/daemon is relayed");
  else if (id.empty()) refused = Status(Code::kInvalid, "missing node ID");
  else if (id != context_.id && smap->find(id) == nullptr)
    refused =
        make_status(Code::kNodeNotFound, "node %s not present in Smap v%llu", id.c_str(), static_cast<unsigned long long>(smap->version));
  if (!refused.ok()) co_await answer(api::respond_error(exchange, refused, context_.name));
  else if (id == context_.id) co_await to_self(exchange);
  else co_await to_node(exchange, *smap->find(id));
}

async::Task<void> Reverse::to_self(net::HttpExchange& exchange) {
  if (exchange.request().method == net::Method::kGet) co_await context_.daemon.handle_daemon_get(exchange);
  else if (exchange.request().method != net::Method::kDelete) co_await context_.daemon.handle_daemon_change(exchange);
  else co_await answer(api::respond_method(exchange, "GET, PUT, POST"));
}

async::Task<void> Reverse::to_node(net::HttpExchange& exchange, meta::Node node) {
  const net::HttpRequest& request = exchange.request();
  const std::string what = request.method == net::Method::kGet ? asked_for(request.query) : std::string();
  if (!node.active() && what == "node_status") {
    const api::NodeStatus status = resting_status(node);
    if (api::accepts_msgpack(request)) co_await answer(api::respond_msgpack(exchange, encode(status, api::WireFormat::kMsgpack)));
    else co_await answer(api::respond_json(exchange, encode(status, api::WireFormat::kJson)));
    co_return;
  }
  std::string target(api::path::kDaemon);
  target.append(request.target.substr(kReverseDaemon.size()));
  // A silent node is told soon; a log may be long, and is only given up when nothing of it moves.
  Nanoseconds timeout{0};
  if (what != "log") timeout = context_.daemon.cluster().snapshot().config->timeout.max_keepalive.value;
  const Status failure = co_await relay_request(context_, exchange, node.control_net, std::move(target), timeout);
  if (failure.ok()) co_return;
  if (is_unreachable(failure.code())) {
    AIS_WARN("reverse", "%s cannot be reached: %s", node.display_name().c_str(), failure.message().c_str());
    exchange.start(502);
    co_await answer(exchange.send(""));
  } else {
    co_await answer(api::respond_error(exchange, failure, context_.name));
  }
}

}  // namespace ais::proxy
