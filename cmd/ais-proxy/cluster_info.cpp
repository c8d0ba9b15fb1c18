#include "ais-proxy/cluster_info.h"

#include <set>
#include <utility>
#include <vector>

#include "ais-proxy/node_call.h"
#include "ais-proxy/relay.h"
#include "api/message.h"
#include "api/missing.h"
#include "api/names.h"
#include "api/query.h"
#include "async/parallel.h"
#include "base/strings.h"
#include "codec/json.h"

namespace ais::proxy {

namespace {

Status unexpected(const std::string& what) { return Status(Code::kInvalid, "unexpected query [what=" + what + "]"); }

std::string target_addresses(const meta::ClusterMap& smap) {
  std::set<std::string> hosts;
  for (const auto& [id, node] : smap.targets) hosts.insert({node.public_net.host, node.control_net.host, node.data_net.host});
  std::string text;
  for (const std::string& host : hosts) text.append(text.empty() ? "" : ",").append(host);
  return text;
}

std::string config_json(const meta::ClusterConfig& config) {
  codec::JsonWriter out;
  out.begin_object();
  meta::write_config_members(out, config, meta::Secrets::kMask);
  out.end_object();
  return out.take();
}

// Statistics by kind: every target is there, with an empty list while it runs nothing.
std::string no_snaps(const meta::ClusterMap& smap) {
  codec::JsonWriter out;
  out.begin_object();
  for (const auto& [id, node] : smap.targets) {
    if (node.active()) out.key(id).begin_array().end_array();
  }
  out.end_object();
  return out.take();
}

bool is_job_query(const std::string& what) {
  return what == "status" || what == "status_all" || what == "qryxstats" || what == "running_all";
}

}  // namespace

async::Task<void> ClusterInfo::handle(net::HttpExchange& exchange) {
  const Result<api::QueryParameters> query = api::QueryParameters::parse(exchange.request().query);
  Result<std::string> json(query.ok() ? Status(Code::kInvalid, "no query") : query.status());
  if (query.ok()) {
    const std::string what = query->get_or_empty(api::query::kWhat);
    if (what == "smap" || what == "bmd" || what == "snode" || what == "smapvote") {
      co_await context_.daemon.handle_daemon_get(exchange);
      co_return;
    }
    if (what == "target_ips") {
      co_await answer(api::respond_text(exchange, target_addresses(*context_.daemon.cluster().snapshot().smap)));
      co_return;
    }
    const bool of_primary = what == "suspects" && !context_.named_primary();
    if (of_primary) {
      co_await forward_to_primary(context_, exchange);
      co_return;
    }
    json = co_await json_of(exchange, what);
  }
  if (json.ok()) co_await answer(api::respond_json(exchange, std::move(*json)));
  else co_await answer(api::respond_error(exchange, json.status(), context_.name));
}

async::Task<Result<std::string>> ClusterInfo::json_of(net::HttpExchange& exchange, const std::string& what) {
  const app::ClusterSnapshot snapshot = context_.daemon.cluster().copy();
  if (what == "cluster_config") co_return config_json(*snapshot.cluster_config);
  if (what == "backends") co_return std::string("[]");
  if (what == "remote") co_return std::string(R"({"a":null,"ver":0})");
  if (what == "suspects") co_return co_await membership_.suspects_json();
  if (is_job_query(what)) co_return co_await job_query(exchange, what);
  if (what != "mountpaths" && what != "sysinfo" && what != "node_stats") co_return unexpected(what);
  std::string proxies;
  if (what == "sysinfo") proxies = co_await gather(snapshot.smap->proxies, what);
  if (what == "node_stats") proxies = encode<api::NodeStats>(context_.daemon.node_status(), api::WireFormat::kJson);
  const std::string targets = co_await gather(snapshot.smap->targets, what);
  codec::JsonWriter out;
  out.begin_object();
  if (!proxies.empty()) out.key("proxy").raw(proxies);
  out.key(what == "mountpaths" ? "targets" : "target").raw(targets).end_object();
  co_return out.take();
}

// No job runs in this cluster, so a query by id knows none, and lists are empty.
async::Task<Result<std::string>> ClusterInfo::job_query(net::HttpExchange& exchange, const std::string& what) {
  AIS_CO_TRY(const std::string body, co_await exchange.read_whole_body(api::kControlBodyMax));
  std::string id, kind;
  if (!body.empty()) {
    AIS_CO_TRY(const codec::JsonDocument document, codec::JsonDocument::parse(body));
    id = document.root()["id"].string_or("");
    kind = document.root()["kind"].string_or("");
  }
  const Status unknown(Code::kXactionNotFound, "xaction " + kind + "[" + id + "] not found");
  if (!kind.empty() && !api::is_job_kind(kind)) co_return Status(Code::kInvalid, "invalid xaction (job) kind \"" + kind + "\"");
  if (what == "running_all" || what == "status_all") co_return std::string("[]");
  if (what == "qryxstats") {
    if (!id.empty()) co_return unknown;
    co_return no_snaps(*context_.daemon.cluster().snapshot().smap);
  }
  if (id.empty() && kind.empty()) co_return Status(Code::kInvalid, "what=status needs a job id or a kind");
  co_return unknown;
}

async::Task<std::string> ClusterInfo::gather(const std::map<std::string, meta::Node>& nodes, const std::string& what) {
  std::map<std::string, std::string> answers;
  std::vector<async::Task<void>> tasks;
  for (const auto& [id, node] : nodes) tasks.push_back(gather_one(node, what, answers[id]));
  co_await async::when_all(std::move(tasks));
  codec::JsonWriter out;
  out.begin_object();
  for (const auto& [id, json] : answers) {
    if (!json.empty()) out.key(id).raw(json);
  }
  out.end_object();
  co_return out.take();
}

async::Task<void> ClusterInfo::gather_one(const meta::Node& node, const std::string& what, std::string& json) {
  NodeCall call;
  call.target = std::string(api::path::kDaemon) + "?what=" + what;
  call.timeout = context_.daemon.cluster().snapshot().config->timeout.cplane_operation.value;
  call.answer_bytes_max = api::kControlBodyMax;
  Result<std::string> body = co_await call_node_ok(context_, node.control_net, std::move(call));
  // What goes into an answer unread must be JSON for sure.
  const Status status = body.ok() ? codec::JsonDocument::parse(*body).status() : body.status();
  if (status.ok()) json = trim(*body);
  else AIS_WARN("cluster", "%s did not answer what=%s: %s", node.display_name().c_str(), what.c_str(), status.message().c_str());
}

}  // namespace ais::proxy
