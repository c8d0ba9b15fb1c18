// The inside of Daemon, shared by the files that implement its parts. Members are set before the listeners start, unless they
// are atomic.
#pragma once

#include <signal.h>

#include <mutex>

#include "app/daemon.h"
#include "sys/thread_pool.h"

namespace ais::app {

class MembershipClient;

/// A route, prepared for matching.
struct RouteEntry {
  Route route;
  uint32_t methods = 0;  // bit per net::Method
  uint32_t anytime = 0;  // those of Route::anytime
};

struct Daemon::Impl {
  explicit Impl(const sys::Environment& given);

  const sys::Environment environment;
  DaemonOptions options;
  std::string program;         // "ais-proxy"
  std::string metrics_prefix;  // "ais_proxy"
  std::string display_name;    // "p[id]"
  std::string public_host;
  meta::Node node;
  int64_t started_at_ns = 0;  // monotonic
  sigset_t former_signals{};

  std::unique_ptr<ClusterView> cluster;
  std::unique_ptr<Metrics> metrics;
  Hooks hooks;
  std::unique_ptr<sys::ThreadPool> pool;  // documents and logs: small blocking work
  std::unique_ptr<net::LoopGroup> loops;
  std::unique_ptr<net::LoopGroup> control;
  // One per loop, made by the first call on its thread: an entry is touched by that thread alone.
  std::vector<std::pair<net::EventLoop*, std::unique_ptr<net::HttpClient>>> clients;
  std::vector<RouteEntry> routes;  // longest prefix first
  std::unique_ptr<net::HttpServer> public_server;
  std::unique_ptr<net::HttpServer> intra_server;
  std::unique_ptr<MembershipClient> membership;

  std::atomic<bool> listening{false};  // both servers run and `node` is complete
  std::atomic<bool> node_started{false};
  std::atomic<bool> cluster_started{false};
  std::atomic<bool> keepalive_failing{false};
  std::atomic<bool> unfit{true};  // unfit_reason() is not empty: looked at by every request
  mutable std::mutex refusal_mutex;
  std::string refusal;  // of the cluster to take this node, "" when there was none; guarded by refusal_mutex

  ~Impl();
  int64_t monotonic_ns() const { return environment.clock.monotonic_ns(); }
  Status start_loops();
  Status start_servers();
  void add_common_metrics();
  /// Ends an interval of the statistics and begins the next. On the control loop.
  void sample_statistics();
  void documents_changed(const ClusterSnapshot& snapshot);
  std::string unfit_reason() const;
  /// After a change of what unfit_reason() looks at.
  void judge_fitness() { unfit.store(!unfit_reason().empty(), std::memory_order_relaxed); }
  void set_refusal(std::string why);
  /// Unfit for a reason that waiting does not mend.
  bool is_refused() const;
  void stop(Nanoseconds grace);
  net::HttpClient& client_of_this_loop();
  void add_missing_routes(std::vector<Route>& table) const;
  /// Of /v1/daemon: only a target has mountpaths to take away.
  std::string_view daemon_methods() const { return node.type == meta::NodeType::kProxy ? "GET, PUT, POST" : "GET, PUT, POST, DELETE"; }
  bool is_primary() const { return cluster->snapshot().smap->primary_id == node.id; }
};

// daemon_routes.cpp
std::vector<RouteEntry> prepare_routes(std::vector<Route> routes);
async::Task<void> dispatch(const Daemon::Impl& impl, net::HttpExchange& exchange, bool public_side);

// daemon_health.cpp
async::Task<void> handle_health(Daemon& daemon, Daemon::Impl& impl, net::HttpExchange& exchange);
async::Task<void> handle_metrics(Daemon::Impl& impl, net::HttpExchange& exchange);

// daemon_queries.cpp
std::string node_config_json(const Daemon::Impl& impl);

// daemon_changes.cpp
async::Task<void> handle_metasync(Daemon::Impl& impl, net::HttpExchange& exchange);

// daemon_logs.cpp
async::Task<Status> respond_log(Daemon::Impl& impl, net::HttpExchange& exchange);

}  // namespace ais::app
