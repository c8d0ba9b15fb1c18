// Changes by /v1/daemon (this node's configuration, statistics, log) and PUT /v1/metasync (documents from the primary).
#include "api/message.h"
#include "api/missing.h"
#include "api/names.h"
#include "app/daemon_impl.h"
#include "app/log_file.h"
#include "async/offload.h"
#include "base/log.h"
#include "base/strings.h"

namespace ais::app {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kDocumentsBodyMax = 64 << 20;
constexpr std::string_view kMountpaths = "mountpaths";

// What is asked for: the action, and for set-config the dotted names with their values.
struct Change {
  net::Method method = net::Method::kPut;
  std::string action;
  Values values;
  bool transient = false;
  bool errors_only = false;  // reset-stats
};

// {"log":{"level":"4"}} -> {"log.level", "4"}
Status flatten(codec::JsonView in, const std::string& prefix, Values& out) {
  return in.for_each([&](std::string_view key, codec::JsonView value) -> Status {
    const std::string name = prefix.empty() ? std::string(key) : prefix + "." + std::string(key);
    if (value.is_null()) return {};
    if (value.is_object()) return flatten(value, name, out);
    out.emplace_back(name, value.is_string() ? value.string_or("") : value.to_text());
    return {};
  });
}

Result<Change> change_from_query(std::string action, const api::QueryParameters& parameters) {
  Change change;
  change.action = std::move(action);
  change.transient = parameters.get_bool(api::query::kTransient);
  for (auto& [name, value] : parameters.decoded_pairs()) {
    if (name != api::query::kTransient) change.values.emplace_back(std::move(name), std::move(value));
  }
  return change;
}

Result<Change> change_from_body(const net::HttpRequest& request, std::string_view body, const api::QueryParameters& parameters) {
  AIS_TRY(const auto message, api::ActionMessage::read(request, body));
  AIS_RETURN_IF_ERROR(message.check_utf8());
  Change change;
  change.action = message.action;
  change.transient = parameters.get_bool(api::query::kTransient);
  change.errors_only = change.action == api::action::kResetStats && message.value.is_bool() && message.value.bool_or(false);
  if (change.action != api::action::kSetConfig) return change;
  if (!message.value.is_object()) return Status(Code::kInvalid, "set-config: expected an object with the values to set");
  AIS_RETURN_IF_ERROR(flatten(message.value, "", change.values));
  return change;
}

// "/v1/daemon/set-config" and "/v1/reverse/daemon/set-config" -> "set-config".
Result<std::string> action_of_path(std::string_view path) {
  const bool reverse = path.starts_with(api::path::kReverse);
  AIS_TRY(auto items, api::parse_path_items(path, reverse ? api::path::kReverse : api::path::kDaemon));
  if (reverse && !items.empty()) items.erase(items.begin());
  if (items.size() > 1 && items[0] == api::action::kSetConfig)
    return Status(Code::kBadRequest, "invalid URL path \"" + std::string(path) + "\"");
  return items.empty() ? std::string() : items[0];
}

Status refuse_change(const Daemon::Impl& impl, const Change& change) {
  const bool target = impl.node.type == meta::NodeType::kTarget;
  if (target && change.action == kMountpaths) return api::refuse_action(api::ActionOn::kTarget, change.method, change.action, "");
  const bool put = change.method == net::Method::kPut;
  return api::refuse_action(api::ActionOn::kNode, change.method, change.action,
                            put ? "set-config, reset-config, rotate-logs, reset-stats" : "");
}

// Blocks on the disk.
Status apply_change(Daemon::Impl& impl, const Change& change) {
  if (change.method != net::Method::kPut) return refuse_change(impl, change);
  if (change.action == api::action::kSetConfig) {
    if (change.values.empty()) return Status(Code::kInvalid, "set-config: nothing to set");
    AIS_RETURN_IF_ERROR(impl.cluster->set_overrides(change.values, change.transient));
    AIS_INFO("config", "node configuration changed: %zu values, transient=%d", change.values.size(), change.transient);
    return {};
  }
  if (change.action == api::action::kResetConfig) return impl.cluster->reset_overrides();
  if (change.action == api::action::kRotateLogs) return rotate_log_file();
  if (change.action == api::action::kResetStats) {
    impl.metrics->reset(change.errors_only);
    return {};
  }
  return refuse_change(impl, change);
}

async::Task<Result<Change>> read_change(net::HttpExchange& exchange) {
  AIS_CO_TRY(const auto parameters, api::QueryParameters::parse(exchange.request().query));
  AIS_CO_TRY(auto action, action_of_path(exchange.request().path));
  if (action == kMountpaths) {  // its message says what to do with them: nothing, so far
    Change change;
    change.action = std::move(action);
    co_return change;
  }
  if (!action.empty()) co_return change_from_query(std::move(action), parameters);
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  co_return change_from_body(exchange.request(), body, parameters);
}

async::Task<Status> answer_change(Daemon::Impl& impl, net::HttpExchange& exchange) {
  auto change = co_await read_change(exchange);
  Status status = change.status();
  if (status.ok()) {
    change->method = exchange.request().method;
    const Change* asked = &*change;
    auto work = [&impl, asked] { return apply_change(impl, *asked); };
    status = co_await async::offload(*impl.pool, std::move(work));
  }
  if (!status.ok()) co_return co_await api::respond_error(exchange, status, impl.display_name);
  std::string nothing;
  co_return co_await api::respond_text(exchange, std::move(nothing));
}

// A transient change carries the configuration alone, of a version that the node may have already.
Status install_text(Daemon::Impl& impl, const std::string& text, bool transient) {
  AIS_TRY(auto documents, api::ClusterDocuments::from_json(text));
  if (!transient) return impl.cluster->install(std::move(documents));
  if (!documents.config) return Status(Code::kInvalid, "transient change without a configuration");
  return impl.cluster->install_transient_config(std::move(*documents.config));
}

async::Task<Status> answer_metasync(Daemon::Impl& impl, net::HttpExchange& exchange) {
  auto body = co_await exchange.read_whole_body(kDocumentsBodyMax);
  Status status = body.status();
  if (status.ok()) {
    const std::string* text = &*body;
    const bool transient = exchange.request().query == "transient=true";
    auto work = [&impl, text, transient] { return install_text(impl, *text, transient); };
    status = co_await async::offload(*impl.pool, std::move(work));
  }
  if (!status.ok()) {
    AIS_WARN("cluster", "documents from %s not installed: %s", exchange.peer_address().c_str(), status.message().c_str());
    co_return co_await api::respond_error(exchange, status, impl.display_name);
  }
  std::string versions = impl.cluster->versions().to_json();
  co_return co_await api::respond_json(exchange, std::move(versions));
}

}  // namespace

async::Task<void> Daemon::handle_daemon_change(net::HttpExchange& exchange) {
  const Status sent = co_await answer_change(*impl_, exchange);
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

async::Task<void> handle_metasync(Daemon::Impl& impl, net::HttpExchange& exchange) {
  const Status sent = co_await answer_metasync(impl, exchange);
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

}  // namespace ais::app
