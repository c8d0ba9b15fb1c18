// /v1/health and /metrics.
#include "api/message.h"
#include "api/names.h"
#include "app/daemon_impl.h"
#include "base/log.h"

namespace ais::app {
namespace {

constexpr size_t kHealthBodyMax = 64 * 1024;

void add_uptimes(const Daemon& daemon, const Daemon::Impl& impl, net::ResponseHead& head) {
  const auto uptime = static_cast<uint64_t>(daemon.uptime_ns());
  head.add(api::header::kNodeUptime, uptime);
  head.add(api::header::kClusterUptime, impl.cluster_started.load(std::memory_order_relaxed) ? uptime : uint64_t{0});
}

async::Task<Status> respond_bare(const Daemon& daemon, const Daemon::Impl& impl, net::HttpExchange& exchange, bool well) {
  auto head = exchange.start(well ? 200 : 503);
  add_uptimes(daemon, impl, head);
  if (!well) head.add("Retry-After", uint64_t{1});
  co_return co_await exchange.send("");
}

// Why the node does not count as ready; "" when it does, or when it is merely starting (`starting`).
std::string unready_reason(const Daemon::Impl& impl, bool& starting) {
  starting = !impl.node_started || !impl.cluster_started;
  // Having joined nothing yet is what starting means.
  if (std::string reason = impl.unfit_reason(); !reason.empty() && (!starting || impl.is_refused())) return reason;
  const meta::Node* self = impl.cluster->snapshot().smap->find(impl.node.id);
  if (self != nullptr && !self->active()) return impl.display_name + " is in maintenance mode";
  return "";
}

async::Task<Status> respond_readiness(const Daemon& daemon, const Daemon::Impl& impl, net::HttpExchange& exchange) {
  bool starting = false;
  const std::string reason = unready_reason(impl, starting);
  if (!reason.empty()) {
    const Status error(Code::kUnavailable, reason);
    co_return co_await api::respond_error(exchange, error, impl.display_name);
  }
  co_return co_await respond_bare(daemon, impl, exchange, !starting);
}

// Asks the primary whether it is ready and relays its answer.
async::Task<Status> relay_to_primary(Daemon& daemon, const Daemon::Impl& impl, net::HttpExchange& exchange) {
  const meta::Node* primary = impl.cluster->snapshot().smap->primary();
  Status error(Code::kUnavailable, impl.display_name + ": no primary is known");
  // A request that was relayed already is not relayed again: two nodes may each believe that the other is primary.
  const bool relayed = exchange.request().headers.get(api::header::kCallerId).has_value();
  if (primary == nullptr || relayed) co_return co_await api::respond_error(exchange, error, impl.display_name);
  net::ClientRequest request;
  request.host = primary->public_net.host;
  request.port = primary->public_net.port;
  request.target = std::string(api::path::kHealth) + "?prr=true";
  request.timeout = impl.cluster->snapshot().config->timeout.cplane_operation.value;
  request.add_header(api::header::kCallerId, impl.node.id);
  auto answer = co_await daemon.client().send(std::move(request));
  if (!answer.ok()) {
    error = Status(Code::kUnavailable, "primary does not answer: " + answer.status().message());
    co_return co_await api::respond_error(exchange, error, impl.display_name);
  }
  auto body = co_await answer->read_all(kHealthBodyMax);
  if (!body.ok()) {
    error = Status(Code::kUnavailable, "primary does not answer: " + body.status().message());
    co_return co_await api::respond_error(exchange, error, impl.display_name);
  }
  auto head = exchange.start(answer->status());
  if (!body->empty()) head.add("Content-Type", "application/json");
  co_return co_await exchange.send(*body);
}

async::Task<Status> respond_primary_ready(Daemon& daemon, const Daemon::Impl& impl, net::HttpExchange& exchange) {
  if (!impl.is_primary()) co_return co_await relay_to_primary(daemon, impl, exchange);
  bool starting = false;
  std::string reason = unready_reason(impl, starting);
  if (reason.empty() && starting) reason = impl.display_name + ": cluster is starting up";
  if (!reason.empty()) {
    const Status error(Code::kUnavailable, reason);
    co_return co_await api::respond_error(exchange, error, impl.display_name);
  }
  co_return co_await respond_bare(daemon, impl, exchange, true);
}

async::Task<Status> respond_state(Daemon& daemon, const Daemon::Impl& impl, net::HttpExchange& exchange, bool from_primary) {
  if (from_primary && !impl.is_primary()) {
    const Status error(Code::kNotPrimary, impl.display_name + " is not primary");
    co_return co_await api::respond_error(exchange, error, impl.display_name);
  }
  std::string json = encode(daemon.state_info(), api::WireFormat::kJson);
  co_return co_await api::respond_json(exchange, std::move(json));
}

async::Task<Status> respond_health(Daemon& daemon, const Daemon::Impl& impl, net::HttpExchange& exchange) {
  const auto parameters = api::QueryParameters::parse(exchange.request().query);
  Status error = parameters.status();
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  const bool primary_ready = parameters->get_bool("prr");
  const bool from_primary = parameters->get_bool("cii-apr");
  const bool state = parameters->get_bool("cii") || from_primary;
  if (primary_ready && state) {
    error = Status(Code::kInvalid, "health query: prr and cii cannot be asked for together");
    co_return co_await api::respond_error(exchange, error, impl.display_name);
  }
  if (primary_ready) co_return co_await respond_primary_ready(daemon, impl, exchange);
  if (state) co_return co_await respond_state(daemon, impl, exchange, from_primary);
  if (parameters->get_bool("readiness")) co_return co_await respond_readiness(daemon, impl, exchange);
  co_return co_await respond_bare(daemon, impl, exchange, impl.node_started);
}

}  // namespace

async::Task<void> handle_health(Daemon& daemon, Daemon::Impl& impl, net::HttpExchange& exchange) {
  const Status sent = co_await respond_health(daemon, impl, exchange);
  if (!sent.ok()) AIS_DEBUG("daemon", "health: answer not sent: %s", sent.message().c_str());
}

async::Task<void> handle_metrics(Daemon::Impl& impl, net::HttpExchange& exchange) {
  const std::map<std::string, std::string> labels = {{"node_id", impl.node.id}};
  const std::string text = impl.metrics->prometheus_text(impl.metrics_prefix, labels);
  exchange.start(200).add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  const Status sent = co_await exchange.send(text);
  if (!sent.ok()) AIS_DEBUG("daemon", "metrics: answer not sent: %s", sent.message().c_str());
}

}  // namespace ais::app
