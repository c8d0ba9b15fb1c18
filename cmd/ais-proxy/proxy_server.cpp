#include "ais-proxy/proxy_server.h"

#include <string>
#include <utility>

namespace ais::proxy {

ProxyServer::ProxyServer(std::unique_ptr<app::Daemon> daemon)
    : daemon_(std::move(daemon)),
      context_(*daemon_),
      coordinator_(daemon_->cluster(), daemon_->node().id),
      distributor_(context_),
      editor_(context_, coordinator_, distributor_),
      membership_(context_, editor_, distributor_),
      objects_(context_),
      buckets_(context_, editor_),
      easy_url_(context_, buckets_, objects_),
      cluster_info_(context_, membership_),
      cluster_(context_, editor_, cluster_info_),
      empty_lists_(context_),
      reverse_(context_) {
  auto metrics = std::make_unique<app::Metrics>(proxy_metric_table());
  metrics->add_callback({"suspect.n", app::MetricKind::kGauge, "nodes that the primary has not heard from in time"},
                        [this] { return static_cast<int64_t>(membership_.suspect_count()); });
  daemon_->set_metrics(std::move(metrics));
}

ProxyServer::~ProxyServer() {
  // Calls to other nodes that are cut off half way would leave their frames behind.
  constexpr Nanoseconds kPatience = std::chrono::seconds(5);
  if (!loops_ended_) distributor_.stop(kPatience);
  editor_.stop();
  daemon_.reset();
}

int ProxyServer::run() {
  const int exit_code = daemon_->serve_until_stopped();
  loops_ended_ = true;
  return exit_code;
}

std::vector<app::Route> ProxyServer::routes() {
  const auto to = [](auto& part, auto method) -> net::HttpHandler {
    return [&part, method](net::HttpExchange& exchange) { return (part.*method)(exchange); };
  };
  constexpr std::string_view kObjectMethods = "GET, HEAD, PUT, DELETE, PATCH, POST";
  constexpr std::string_view kBucketMethods = "GET, HEAD, PUT, DELETE, PATCH, POST";
  std::vector<app::Route> table = {
      {"/v1/objects", kObjectMethods, true, true, to(objects_, &ObjectRedirect::handle)},
      {"/v1/buckets", kBucketMethods, true, true, to(buckets_, &BucketRoutes::handle)},
      {"/v1/cluster", "GET, PUT, POST", true, true, to(cluster_, &ClusterRoutes::handle), "GET"},
      {"/v1/cluster/autoreg", "POST", true, true, to(membership_, &Membership::handle_join)},
      {"/v1/cluster/keepalive", "POST", false, true, to(membership_, &Membership::handle_keepalive)},
      {"/v1/cluster/daemon", "DELETE", true, true, to(membership_, &Membership::handle_remove)},
      {"/v1/download", "GET, POST, DELETE", true, true, to(empty_lists_, &EmptyLists::handle_downloads)},
      {"/v1/sort", "GET, POST, DELETE", true, true, to(empty_lists_, &EmptyLists::handle_sorts)},
      {"/v1/etl", "GET, PUT, POST, DELETE", true, true, to(empty_lists_, &EmptyLists::handle_etls)},
      {"/v1/reverse", "GET, PUT, POST, DELETE", true, true, to(reverse_, &Reverse::handle), "GET, PUT, POST, DELETE"},
  };
  for (const std::string_view scheme : {"/ais", "/gs", "/az"})
    table.push_back({scheme, "GET, HEAD, PUT, DELETE", true, true, to(easy_url_, &EasyUrl::handle)});
  return table;
}

Status ProxyServer::start() {
  AIS_RETURN_IF_ERROR(daemon_->listen(routes()));
  if (wants_primary()) return start_primary();
  daemon_->start_membership();
  return {};
}

// The stored map decides over flags: a gateway that was not primary when it stopped must not become one by being started as such.
bool ProxyServer::wants_primary() const {
  const app::DaemonOptions& options = daemon_->options();
  const meta::ClusterMapPtr smap = daemon_->cluster().copy().smap;
  if (smap->version > 0) {
    if (options.primary && smap->primary_id != context_.id) {
      AIS_WARN("proxy", "started as primary, but the stored cluster map v%llu names p[%s]: joining as secondary",
               static_cast<unsigned long long>(smap->version), smap->primary_id.c_str());
    }
    return smap->primary_id == context_.id;
  }
  return options.primary || options.join.empty();
}

// A primary without one of its documents would make a new one, with a low version and, of the bucket metadata, without buckets: the
// nodes would ignore it at first and take it as soon as its version has caught up.
std::string ProxyServer::missing_document() const {
  const app::ClusterSnapshot stored = daemon_->cluster().copy();
  // A first start that was interrupted: the map is stored last.
  if (stored.smap->version == 0 && stored.bmd->version <= 1 && stored.bmd->buckets.empty()) return "";
  const std::pair<const char*, bool> documents[] = {
      {"smap", stored.smap->version > 0}, {"bmd", stored.bmd->version > 0}, {"config", stored.cluster_config->version > 0}};
  std::string missing;
  bool any = false;
  for (const auto& [kind, present] : documents) {
    any = any || present;
    if (!present && missing.empty()) missing = daemon_->cluster().state_dir() + "/" + kind + ".json";
  }
  return any ? missing : "";
}

Status ProxyServer::start_primary() {
  if (const std::string missing = missing_document(); !missing.empty()) {
    daemon_->cluster().quarantine(
        missing + " is missing, though other documents of the cluster are there: copy it from the state directory " + "of another node");
  }
  if (const std::string reason = daemon_->cluster().quarantine_reason(); !reason.empty()) {
    AIS_ERROR("proxy", "in quarantine, cluster metadata cannot be changed: %s", reason.c_str());
    return {};
  }
  AIS_RETURN_IF_ERROR(coordinator_.acquire_lease());
  AIS_RETURN_IF_ERROR(membership_.become_primary());
  daemon_->set_cluster_started();
  distributor_.start();
  membership_.start_watch();
  return {};
}

}  // namespace ais::proxy
