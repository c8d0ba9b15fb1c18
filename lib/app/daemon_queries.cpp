// GET /v1/daemon?what=...: what a node says about itself and what it knows about the cluster.
#include "api/message.h"
#include "api/missing.h"
#include "api/names.h"
#include "app/daemon_impl.h"
#include "base/log.h"

namespace ais::app {
namespace {

std::string snode_json(const Daemon::Impl& impl) {
  codec::JsonWriter out;
  impl.node.write_json(out);
  return out.take();
}

// Everything that takes part in a vote about the cluster's documents; secrets masked, since clients can ask too.
std::string bundle_json(const Daemon::Impl& impl) {
  const ClusterSnapshot& now = impl.cluster->snapshot();
  codec::JsonWriter out;
  out.begin_object().key("smap").raw(now.smap->to_json()).key("bmd").raw(now.bmd->to_json()).key("config").begin_object();
  meta::write_config_members(out, *now.cluster_config);
  out.end_object().end_object();
  return out.take();
}

std::string system_json(const Daemon::Impl& impl) {
  if (impl.node.type == meta::NodeType::kProxy) return encode(api::SystemInfo::read(), api::WireFormat::kJson);
  const api::TargetCapacity capacity = impl.hooks.capacity ? impl.hooks.capacity() : api::TargetCapacity();
  api::TargetSystemInfo info;
  info.system = api::SystemInfo::read();
  info.disk_used = capacity.total_used;
  info.disk_capacity = capacity.total_used + capacity.total_available;
  info.percent_disk_used = capacity.percent_average;
  return encode(info, api::WireFormat::kJson);
}

std::string metric_kinds_json(const Daemon::Impl& impl) {
  codec::JsonWriter out;
  out.begin_object();
  for (const auto& [name, kind] : impl.metrics->kinds()) out.field(name, kind);
  out.end_object();
  return out.take();
}

// The answer to a `what` that has only a JSON form; nullopt when this node does not know it.
std::optional<std::string> answer_json(const Daemon::Impl& impl, const std::string& what) {
  if (what == "smap") return impl.cluster->snapshot().smap->to_json();
  if (what == "bmd") return impl.cluster->snapshot().bmd->to_json();
  if (what == "config") return node_config_json(impl);
  if (what == "snode") return snode_json(impl);
  if (what == "smapvote") return bundle_json(impl);
  if (what == "sysinfo") return system_json(impl);
  if (what == "metrics") return metric_kinds_json(impl);
  return std::nullopt;
}

std::optional<QueryAnswer> answer_query(const Daemon& daemon, const Daemon::Impl& impl, const std::string& what, api::WireFormat format) {
  if (what == "node_stats") return QueryAnswer{encode<api::NodeStats>(daemon.node_status(), format), format};
  if (what == "node_status") return QueryAnswer{encode(daemon.node_status(), format), format};
  if (std::optional<std::string> json = answer_json(impl, what)) return QueryAnswer{std::move(*json)};
  return impl.hooks.daemon_query ? impl.hooks.daemon_query(what, format) : std::nullopt;
}

async::Task<Status> respond_query(const Daemon& daemon, Daemon::Impl& impl, net::HttpExchange& exchange) {
  const auto parameters = api::QueryParameters::parse(exchange.request().query);
  Status error = parameters.status();
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  const std::string what = parameters->get_or_empty(api::query::kWhat);
  if (what == "log") co_return co_await respond_log(impl, exchange);
  if (what == "software_version") {
    std::string version = api::software_version();
    co_return co_await api::respond_text(exchange, std::move(version));
  }
  if (what == "smap" && impl.cluster->snapshot().smap->version == 0) {
    exchange.start(503).add("Retry-After", uint64_t{1});  // starting up: there is no map yet
    co_return co_await exchange.send("");
  }
  const api::WireFormat format = api::accepts_msgpack(exchange.request()) ? api::WireFormat::kMsgpack : api::WireFormat::kJson;
  std::optional<QueryAnswer> answer = answer_query(daemon, impl, what, format);
  if (answer && answer->format == api::WireFormat::kMsgpack) co_return co_await api::respond_msgpack(exchange, std::move(answer->bytes));
  if (answer) co_return co_await api::respond_json(exchange, std::move(answer->bytes));
  error = api::refuse_action(api::ActionOn::kNode, net::Method::kGet, what, "");
  if (error.code() == Code::kInvalid) error = Status(Code::kInvalid, "unexpected query [what=" + what + "]");
  if (what == "getxstats")
    error = Status(Code::kXactionNotFound, "xaction [" + parameters->get_or_empty(api::query::kUuid) + "] not found");
  if (what == "tls_certificate") error = Status(Code::kInvalid, "no TLS certificate is loaded").with_http_status(404);
  co_return co_await api::respond_error(exchange, error, impl.display_name);
}

}  // namespace

std::string node_config_json(const Daemon::Impl& impl) {
  const meta::Node& node = impl.node;
  codec::JsonWriter out;
  out.begin_object();
  meta::write_config_members(out, *impl.cluster->snapshot().config);
  out.key("fspaths").begin_object();
  for (const std::string& mountpath : impl.options.mountpaths) out.field(mountpath, "");
  out.end_object().field("confdir", impl.cluster->state_dir()).field("log_dir", impl.options.log_dir);
  out.key("test_fspaths").begin_object().field("root", "").field("count", 0).field("instance", 0).end_object();
  out.key("host_net").begin_object().field("hostname", node.public_net.host);
  out.field("hostname_intra_control", node.control_net.host).field("hostname_intra_data", node.data_net.host);
  out.key("port").quoted(static_cast<uint64_t>(node.public_net.port));
  out.key("port_intra_control").quoted(static_cast<uint64_t>(node.control_net.port));
  out.key("port_intra_data").quoted(static_cast<uint64_t>(node.data_net.port));
  out.end_object().end_object();
  return out.take();
}

async::Task<void> Daemon::handle_daemon_get(net::HttpExchange& exchange) {
  const Status sent = co_await respond_query(*this, *impl_, exchange);
  if (!sent.ok()) AIS_DEBUG("daemon", "answer not sent: %s", sent.message().c_str());
}

api::NodeStateInfo Daemon::state_info() const {
  const ClusterSnapshot& now = impl_->cluster->snapshot();
  api::NodeStateInfo info;
  if (const meta::Node* primary = now.smap->primary()) {
    info.primary = {primary->public_net.url(), primary->control_net.url(), primary->id};
  }
  info.smap_uuid = now.smap->uuid;
  info.smap_version = now.smap->version;
  info.bmd_uuid = now.bmd->uuid;
  info.bmd_version = now.bmd->version;
  info.config_version = static_cast<uint64_t>(now.cluster_config->version);
  if (impl_->cluster_started) info.flags |= api::kStateClusterStarted;
  if (impl_->node_started) info.flags |= api::kStateNodeStarted;
  if (impl_->keepalive_failing) info.flags |= api::kStateKeepaliveErrors;
  const meta::Node* self = now.smap->find(impl_->node.id);
  if (self != nullptr && !self->active()) info.flags |= api::kStateMaintenance;
  if (impl_->hooks.state_flags) info.flags |= impl_->hooks.state_flags();
  return info;
}

api::NodeStatus Daemon::node_status() const {
  api::NodeStatus status = api::NodeStatus::of_this_program();
  if (impl_->options.allow_shared_filesystem && status.pod.empty()) status.deployment = "dev";
  status.cluster = state_info();
  status.node = impl_->node;
  if (const meta::Node* self = impl_->cluster->snapshot().smap->find(impl_->node.id)) {
    status.node.flags = self->flags;
    if ((self->flags & meta::kDecommission) != 0) status.status = "decommission";
    else if (!self->active()) status.status = "maintenance";
  }
  status.tracker = impl_->metrics->tracker();
  if (impl_->hooks.capacity) status.capacity = impl_->hooks.capacity();
  status.system = api::SystemInfo::read();
  status.smap_version = status.cluster.smap_version;
  return status;
}

}  // namespace ais::app
