// The shell of a daemon: flags, state directory, log, signals, two listeners (public and intra-cluster), drain, and the calls
// that every node answers the same way (/v1/health, /v1/daemon?what=..., /metrics, node configuration, documents from the
// primary). A daemon adds its own routes and is otherwise a table plus handlers.
//
// Exit codes: 0 stopped by a signal, 100 usage, 111 a system error at start (message on stderr and in the log).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/node_status.h"
#include "api/query.h"
#include "app/cluster_view.h"
#include "app/metrics.h"
#include "base/status.h"
#include "meta/cluster_map.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "sys/environment.h"

namespace ais::app {

struct DaemonOptions {
  meta::NodeType type = meta::NodeType::kProxy;
  std::string state_dir;
  std::string log_dir;  // "" = <state_dir>/log
  std::string node_id;  // "" = stored or made
  std::string bind_address = "0.0.0.0";
  std::string public_host;              // host that clients are sent to; "" = first non-loopback address, or 127.0.0.1 when bound there
  uint16_t port = 0;                    // public; 0 = any
  uint16_t intra_port = 0;              // intra-cluster; 0 = any
  std::vector<std::string> join;        // URLs of gateways to register with
  bool primary = false;                 // this gateway holds the embedded coordinator
  std::vector<std::string> mountpaths;  // targets
  bool allow_shared_filesystem = false;
  size_t loops = 0;        // 0 = one per core (cgroup limits honoured), at most 16
  std::string ready_file;  // written (pid, port, intra port, id: one "key=value" a line) when the node serves
};

/// Parses argv (CLI11) and AIS_* environment; environment overrides defaults, flags override environment. Usage errors and
/// --help / --version print and return the exit code.
struct ParsedOptions {
  DaemonOptions options;
  int exit_code = -1;  // >= 0: end now
};
ParsedOptions parse_daemon_options(int argc, char** argv, meta::NodeType type);

/// One row of a daemon's route table. Longest prefix wins; a row matches the prefix itself, with a trailing slash, or below it.
struct Route {
  std::string_view prefix;  // "/v1/objects"
  std::string_view allow;   // "GET, HEAD, PUT": other methods get 405 with it
  bool public_side = true;  // served on the public listener
  bool intra_side = true;   // served on the intra-cluster listener
  net::HttpHandler handler;
  /// Methods that are answered also by a node that cannot speak for its cluster: one in quarantine, or that has not joined. The others
  /// get 503 with the reason then: not 404, which clients take for an answer.
  std::string_view anytime = "";
};

/// An answer to GET /v1/daemon?what=.
struct QueryAnswer {
  std::string bytes;
  api::WireFormat format = api::WireFormat::kJson;
};

class Daemon {
 public:
  /// Opens state and log, ignores SIGPIPE, starts loops; no listener yet.
  static Result<std::unique_ptr<Daemon>> create(DaemonOptions options, const sys::Environment& environment = sys::real_environment());
  ~Daemon();

  const DaemonOptions& options() const;
  /// Clock and files for all parts of the daemon. Its generator of random numbers is for the time until the listeners start.
  const sys::Environment& environment() const;
  const meta::Node& node() const;    // with the real ports after listen()
  std::string display_name() const;  // "p[id]"
  ClusterView& cluster();
  Metrics& metrics();
  net::LoopGroup& loops();
  /// The client of the loop that runs on this thread.
  net::HttpClient& client();
  /// A loop with a client of its own for membership and keepalive: shares no lock with the data path.
  net::EventLoop& control_loop();
  int64_t uptime_ns() const;

  /// What a daemon provides to the common calls. Set before listen().
  struct Hooks {
    std::function<api::TargetCapacity()> capacity;  // targets
    std::function<uint64_t()> state_flags;          // extra bits of NodeStateInfo::flags
    /// More what= values; the answer is in `format` or, where a question has but one form, in JSON.
    std::function<std::optional<QueryAnswer>(const std::string& what, api::WireFormat format)> daemon_query;
    /// Called after every change of the cluster's documents, on the thread that installed them (never a loop's): the primary
    /// gets its acknowledgement when it has returned. It must not change documents itself.
    std::function<void(const ClusterSnapshot&)> documents_changed;
    /// Called when the process was told to stop, before the listeners let their requests end: for what would keep a request waiting.
    std::function<void()> stopping;
  };
  void set_hooks(Hooks hooks);
  void set_metrics(std::unique_ptr<Metrics> metrics);

  /// Starts both listeners with the daemon's routes and the common ones; writes nothing yet.
  Status listen(std::vector<Route> routes);
  /// For targets and secondary gateways: registers with `join` (retrying with back-off until it succeeds or stop), keeps alive
  /// every keepalivetracker interval, pulls newer documents. Returns at once; runs on the control loop.
  void start_membership();
  /// Marks the node as started, writes ready_file, waits for SIGTERM or SIGINT, drains, stops. Returns the exit code.
  int serve_until_stopped();

  bool node_started() const;
  bool cluster_started() const;
  void set_cluster_started();
  /// Why this node cannot speak for its cluster, in words for a client; "" when it can.
  std::string unfit_reason() const;

  api::NodeStatus node_status() const;
  api::NodeStateInfo state_info() const;
  /// Handles GET /v1/daemon?what=<what> for this node; used by gateways also for /v1/reverse to themselves.
  async::Task<void> handle_daemon_get(net::HttpExchange& exchange);
  /// Handles what changes the node, PUT, POST and DELETE /v1/daemon: node configuration, reset of statistics, rotation of the log.
  async::Task<void> handle_daemon_change(net::HttpExchange& exchange);

  struct Impl;  // this module's own business

 private:
  explicit Daemon(const sys::Environment& environment);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ais::app
