#include "app/daemon.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "api/cgroup.h"
#include "api/missing.h"
#include "api/names.h"
#include "api/system_info.h"
#include "app/daemon_impl.h"
#include "app/log_file.h"
#include "app/membership_client.h"
#include "app/node_id.h"
#include "app/process_setup.h"
#include "base/log.h"
#include "base/version.h"
#include "meta/placement.h"
#include "sys/whole_file.h"

namespace ais::app {
namespace {

constexpr const char* kModule = "daemon";
constexpr int kExitSystemError = 111;
constexpr size_t kLoopsMax = 16;
constexpr size_t kPoolThreads = 2;
constexpr Nanoseconds kDrainGrace = std::chrono::seconds(10);
constexpr Nanoseconds kAnswerGrace = std::chrono::seconds(2);  // for the answers of those that were told to stop waiting

// Taken by sigwait in serve_until_stopped(), so they are blocked in every thread.
sigset_t waited_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  return set;
}

Status fail_start(const Status& status) {
  AIS_ERROR(kModule, "cannot start: %s", status.message().c_str());
  return status;
}

}  // namespace

Daemon::Impl::Impl(const sys::Environment& given) : environment(given) {}

Daemon::Impl::~Impl() {
  stop(Nanoseconds(0));
  // The loops' threads are gone; connections that clients keep need their loop's memory still.
  clients.clear();
  control.reset();
  loops.reset();
  pool.reset();
  if (cluster) pthread_sigmask(SIG_SETMASK, &former_signals, nullptr);
}

Status Daemon::Impl::start_loops() {
  const size_t count = options.loops != 0 ? options.loops : std::min(api::usable_cpus(), kLoopsMax);
  AIS_TRY(loops, net::LoopGroup::start("loop", count));
  AIS_TRY(control, net::LoopGroup::start("control", 1));
  for (size_t i = 0; i < loops->size(); i++) clients.emplace_back(&(*loops)[i], nullptr);
  clients.emplace_back(&(*control)[0], nullptr);
  return {};
}

Status Daemon::Impl::start_servers() {
  net::HttpServerOptions server;
  server.bind_address = options.bind_address;
  server.port = options.port;
  const auto handler = [this](bool public_side) {
    return [this, public_side](net::HttpExchange& exchange) { return dispatch(*this, exchange, public_side); };
  };
  // The intra-cluster port first: a node that answers clients can be reached by its peers.
  net::HttpServerOptions intra = server;
  intra.port = options.intra_port;
  AIS_TRY(intra_server, net::HttpServer::start(*loops, intra, handler(false)));
  node.control_net = node.data_net = meta::NetEndpoint{public_host, intra_server->port()};
  AIS_TRY(public_server, net::HttpServer::start(*loops, server, handler(true)));
  node.public_net = meta::NetEndpoint{public_host, public_server->port()};
  listening.store(true, std::memory_order_release);
  return {};
}

void Daemon::Impl::documents_changed(const ClusterSnapshot& snapshot) {
  const meta::LogConfig& log = snapshot.config->log;
  set_log_verbosity(log.level);
  const Status resized = resize_log_file(log.max_size.bytes, log.max_total.bytes, log.to_stderr);
  if (!resized.ok()) AIS_ERROR(kModule, "log limits not changed: %s", resized.message().c_str());
  if (hooks.documents_changed) hooks.documents_changed(snapshot);
  judge_fitness();  // last: whoever is sent here now finds everything prepared
}

std::string Daemon::Impl::unfit_reason() const {
  if (const std::string reason = cluster->quarantine_reason(); !reason.empty()) return display_name + " is in quarantine: " + reason;
  {
    const std::lock_guard lock(refusal_mutex);
    if (!refusal.empty()) return display_name + " is not taken into the cluster: " + refusal;
  }
  const ClusterSnapshot now = cluster->copy();
  if (now.smap->version == 0) return display_name + " has not joined a cluster yet";
  return now.bmd->version == 0 ? display_name + " has no bucket metadata yet" : "";
}

bool Daemon::Impl::is_refused() const {
  if (!cluster->quarantine_reason().empty()) return true;
  const std::lock_guard lock(refusal_mutex);
  return !refusal.empty();
}

void Daemon::Impl::set_refusal(std::string why) {
  {
    const std::lock_guard lock(refusal_mutex);
    if (refusal == why) return;
    refusal = std::move(why);
  }
  judge_fitness();
}

// Requests in flight get the grace together. What waits for a peer then is told to stop waiting, so that its client is still answered.
void Daemon::Impl::stop(Nanoseconds grace) {
  if (membership) membership->stop();
  const auto until = std::chrono::steady_clock::now() + grace;
  std::vector<net::HttpServer*> servers;
  for (net::HttpServer* server : {public_server.get(), intra_server.get()})
    if (server != nullptr) servers.push_back(server);
  for (net::HttpServer* server : servers) server->begin_drain();
  const auto is_drained = [&](net::HttpServer* server) { return server->wait_drained(until - std::chrono::steady_clock::now()); };
  if (!std::all_of(servers.begin(), servers.end(), is_drained)) {
    for (size_t i = 0; i < loops->size(); i++) (*loops)[i].post([this] { client_of_this_loop().end_exchanges(); });
    for (net::HttpServer* server : servers) server->drain(kAnswerGrace);
  }
  public_server.reset();
  intra_server.reset();
  if (loops) loops->stop_and_join();
  if (control) control->stop_and_join();
  membership.reset();
}

void Daemon::Impl::sample_statistics() {
  const int64_t now = monotonic_ns();
  metrics->sample(now);
  api::sample_cpu(Nanoseconds(now));
  (*control)[0].add_timer(cluster->snapshot().config->periodic.stats_time.value, [this] { sample_statistics(); });
}

void Daemon::Impl::add_common_metrics() {
  const auto add = [this](MetricInfo info, std::function<int64_t()> read) { metrics->add_callback(info, std::move(read)); };
  const auto counters = [this] { return public_server ? public_server->counters() : net::HttpServerCounters(); };
  add({"up.ns.time", MetricKind::kSpecial, "nanoseconds since the node started"}, [this] { return monotonic_ns() - started_at_ns; });
  add({"http.connections", MetricKind::kGauge, "open connections of clients"},
      [counters] { return static_cast<int64_t>(counters().connections_open); });
  add({"http.refused.n", MetricKind::kCounter, "client connections refused because there were too many"},
      [counters] { return static_cast<int64_t>(counters().connections_refused); });
  add({"http.bad.n", MetricKind::kCounter, "requests of clients that were not valid HTTP"},
      [counters] { return static_cast<int64_t>(counters().bad_requests); });
  add({"http.timeout.n", MetricKind::kCounter, "client connections closed because they stalled"},
      [counters] { return static_cast<int64_t>(counters().timeouts); });
}

Daemon::Daemon(const sys::Environment& environment) : impl_(std::make_unique<Impl>(environment)) {}
Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::create(DaemonOptions options, const sys::Environment& environment) {
  set_up_process();
  if (options.log_dir.empty()) options.log_dir = options.state_dir + "/log";
  std::unique_ptr<Daemon> daemon(new Daemon(environment));
  Impl& impl = *daemon->impl_;
  const bool proxy = options.type == meta::NodeType::kProxy;
  impl.program = proxy ? "ais-proxy" : "ais-target";
  impl.metrics_prefix = proxy ? "ais_proxy" : "ais_target";
  impl.started_at_ns = impl.monotonic_ns();
  LogFileOptions log;
  log.directory = options.log_dir;
  log.program = impl.program;
  AIS_RETURN_IF_ERROR(open_log_file(log));
  auto view = ClusterView::open(options.state_dir, environment);
  if (!view.ok()) return fail_start(view.status());
  auto id = load_or_create_node_id(environment, options.state_dir, options.type, options.node_id);
  if (!id.ok()) return fail_start(id.status());
  const sigset_t signals = waited_signals();
  pthread_sigmask(SIG_BLOCK, &signals, &impl.former_signals);
  impl.cluster = std::move(*view);
  impl.node.id = *id;
  impl.node.type = options.type;
  impl.node.digest = meta::placement_digest(*id);
  impl.display_name = impl.node.display_name();
  impl.public_host = choose_public_host(options.public_host, options.bind_address);
  impl.options = std::move(options);
  impl.pool = std::make_unique<sys::ThreadPool>("state", kPoolThreads);
  daemon->set_metrics(std::make_unique<Metrics>(std::vector<MetricInfo>()));
  impl.documents_changed(impl.cluster->snapshot());
  impl.cluster->add_listener([&impl](const ClusterSnapshot& snapshot) { impl.documents_changed(snapshot); });
  const Status loops = impl.start_loops();
  if (!loops.ok()) return fail_start(loops);
  AIS_INFO(kModule, "%s %s, version %s, state in %s, %zu loops", impl.program.c_str(), impl.display_name.c_str(), kVersion,
           impl.options.state_dir.c_str(), impl.loops->size());
  return daemon;
}

const DaemonOptions& Daemon::options() const { return impl_->options; }
const sys::Environment& Daemon::environment() const { return impl_->environment; }
const meta::Node& Daemon::node() const { return impl_->node; }
std::string Daemon::display_name() const { return impl_->display_name; }
ClusterView& Daemon::cluster() { return *impl_->cluster; }
Metrics& Daemon::metrics() { return *impl_->metrics; }
net::LoopGroup& Daemon::loops() { return *impl_->loops; }
net::EventLoop& Daemon::control_loop() { return (*impl_->control)[0]; }
int64_t Daemon::uptime_ns() const { return impl_->monotonic_ns() - impl_->started_at_ns; }
bool Daemon::node_started() const { return impl_->node_started; }
bool Daemon::cluster_started() const { return impl_->cluster_started; }
void Daemon::set_cluster_started() { impl_->cluster_started = true; }
std::string Daemon::unfit_reason() const { return impl_->unfit_reason(); }
void Daemon::set_hooks(Hooks hooks) { impl_->hooks = std::move(hooks); }

void Daemon::set_metrics(std::unique_ptr<Metrics> metrics) {
  impl_->metrics = std::move(metrics);
  impl_->add_common_metrics();
  impl_->metrics->add_callback({"state.flags", MetricKind::kGauge, "bits of the node's state, 6 = healthy"},
                               [this] { return static_cast<int64_t>(state_info().flags); });
  impl_->metrics->add_callback(
      {"overrides.lost.n", MetricKind::kGauge, "settings of this node that conflict with the cluster's and are not in effect"},
      [this] { return static_cast<int64_t>(cluster().copy().lost_overrides.size()); });
}

net::HttpClient& Daemon::client() { return impl_->client_of_this_loop(); }

net::HttpClient& Daemon::Impl::client_of_this_loop() {
  net::EventLoop* loop = net::EventLoop::current();
  for (auto& [owner, client] : clients) {
    if (owner != loop) continue;
    if (!client) client = std::make_unique<net::HttpClient>(*loop, net::HttpClientOptions());
    return *client;
  }
  AIS_UNREACHABLE("Daemon::client() outside of the daemon's loops");
}

// What is not there says so. A row of the daemon's own, with a shorter list of what is missing, stands before.
void Daemon::Impl::add_missing_routes(std::vector<Route>& table) const {
  const bool proxy = node.type == meta::NodeType::kProxy;
  const unsigned public_bit = proxy ? api::kGatewayPublic : api::kTargetPublic, intra_bit = proxy ? api::kGatewayIntra : api::kTargetIntra;
  for (const api::MissingRoute& missing : api::missing_routes()) {
    const bool in_public = (missing.listeners & public_bit) != 0, in_intra = (missing.listeners & intra_bit) != 0;
    if (!in_public && !in_intra) continue;
    table.push_back(
        {missing.prefix, missing.methods, in_public, in_intra, [this, &missing](net::HttpExchange& exchange) -> async::Task<void> {
           const Status sent = co_await api::respond_missing(exchange, missing, display_name);
           if (!sent.ok()) AIS_DEBUG(kModule, "answer not sent: %s", sent.message().c_str());
         }});
  }
}

Status Daemon::listen(std::vector<Route> routes) {
  Impl* impl = impl_.get();
  routes.push_back({api::path::kHealth, "GET, HEAD", true, true,
                    [this, impl](net::HttpExchange& exchange) { return handle_health(*this, *impl, exchange); }, "GET, HEAD"});
  routes.push_back(
      {api::path::kMetrics, "GET", true, true, [impl](net::HttpExchange& exchange) { return handle_metrics(*impl, exchange); }, "GET"});
  routes.push_back(
      {api::path::kMetasync, "PUT", false, true, [impl](net::HttpExchange& exchange) { return handle_metasync(*impl, exchange); }, "PUT"});
  routes.push_back({api::path::kDaemon, impl->daemon_methods(), true, true,
                    [this](net::HttpExchange& exchange) {
                      return exchange.request().method == net::Method::kGet ? handle_daemon_get(exchange) : handle_daemon_change(exchange);
                    },
                    impl->daemon_methods()});
  impl->add_missing_routes(routes);
  impl->routes = prepare_routes(std::move(routes));
  control_loop().post([impl] { impl->sample_statistics(); });
  const Status status = impl->start_servers();
  return status.ok() ? status : fail_start(status);
}

void Daemon::start_membership() {
  impl_->membership = std::make_unique<MembershipClient>(*this, *impl_);
  impl_->membership->start();
}

int Daemon::serve_until_stopped() {
  const meta::Node& self = impl_->node;
  impl_->node_started = true;
  AIS_INFO(kModule, "serving at %s, intra-cluster at %s", self.public_net.url().c_str(), self.control_net.url().c_str());
  if (!impl_->options.ready_file.empty()) {
    const std::string text = "pid=" + std::to_string(getpid()) + "\nport=" + std::to_string(self.public_net.port) +
                             "\nintra_port=" + std::to_string(self.control_net.port) + "\nid=" + self.id + "\n";
    const Status written = sys::replace_file(impl_->environment.files, impl_->options.ready_file, text);
    if (!written.ok()) {
      const Status failed = fail_start(written);
      return kExitSystemError;
    }
  }
  const sigset_t signals = waited_signals();
  int number = 0;
  while (sigwait(&signals, &number) == 0 && number == SIGHUP) {
    const Status rotated = rotate_log_file();
    if (!rotated.ok()) AIS_ERROR(kModule, "log not rotated: %s", rotated.message().c_str());
  }
  AIS_INFO(kModule, "stopping: signal %d", number);
  impl_->node_started = false;
  if (impl_->hooks.stopping) impl_->hooks.stopping();
  impl_->stop(kDrainGrace);
  AIS_INFO(kModule, "stopped");
  return 0;
}

}  // namespace ais::app
