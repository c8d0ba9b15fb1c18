#include "ais-target/target_server.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "ais-target/native/dispatch.h"
#include "ais-target/native/get.h"
#include "ais-target/node/housekeeper.h"
#include "ais-target/node/node_info.h"
#include "ais-target/node/target_context.h"
#include "base/log.h"
#include "sys/file_system.h"

namespace ais::target {
namespace {

constexpr int kExitUsage = 100;
constexpr int kExitSystemError = 111;
constexpr Nanoseconds kHousekeepingInterval = std::chrono::seconds(1);
// Appends that nobody added to for a day are abandoned, and sooner on a disk that fills up: space.cleanupwm, space.dont_cleanup_time.
// Looking for them reads a directory of each bucket.
constexpr Nanoseconds kAppendIdleMax = std::chrono::hours(24), kAppendScanInterval = std::chrono::hours(1);
constexpr Nanoseconds kAppendScanIntervalFull = std::chrono::minutes(1);
constexpr std::string_view kObjectMethods = "GET, HEAD, PUT, POST, DELETE, PATCH";

store::StoreOptions store_options(app::Daemon& daemon) {
  const meta::StoreConfig& config = daemon.cluster().snapshot().config->ais_store;
  const app::DaemonOptions& flags = daemon.options();
  store::StoreOptions options;
  options.node_id = daemon.node().id;
  options.mountpaths = flags.mountpaths;
  options.allow_shared_filesystem = flags.allow_shared_filesystem;
  options.open_objects_max = static_cast<size_t>(config.fd_cache_objects);
  options.write_buffers_bytes_max = config.write_buffers.bytes;
  options.direct_threshold = config.direct_threshold.bytes;
  options.pool_threads = static_cast<size_t>(config.pool_threads);
  options.state_dir = flags.state_dir;
  return options;
}

}  // namespace

// Members end in reverse order: first the thread that uses everything, then the listeners with their requests, the store last.
struct TargetServer::Impl {
  std::unique_ptr<store::ObjectStore> store;
  std::unique_ptr<TargetContext> context;
  std::unique_ptr<NodeInfo> info;
  std::unique_ptr<app::Daemon> daemon;
  int64_t next_append_scan_ns = 0;  // housekeeper's thread, as the next
  bool filling_up = false;          // at space.cleanupwm or above
  meta::SpaceConfig space;          // of the last look
  std::unique_ptr<Housekeeper> housekeeper;

  uint64_t loaded_bmd_version = 0;  // what the state directory had at the start

  Status open(app::DaemonOptions options);
  void apply_buckets(const meta::BucketMetadata& bmd);
  void add_trouble(app::Metrics& metrics);
  void set_hooks();
  std::vector<app::Route> routes();
  void keep_house();
  void remove_leftovers(const meta::SpaceConfig& now_wanted);
};

Status TargetServer::Impl::open(app::DaemonOptions options) {
  AIS_TRY(daemon, app::Daemon::create(std::move(options)));
  AIS_TRY(store, store::ObjectStore::open(store_options(*daemon), daemon->environment().files, daemon->environment().clock));
  store->set_header_block_maker(make_header_block);
  loaded_bmd_version = daemon->cluster().copy().bmd->version;
  context = std::make_unique<TargetContext>(*daemon, *store);
  apply_buckets(*daemon->cluster().copy().bmd);
  info = std::make_unique<NodeInfo>(*context);
  auto metrics = std::make_unique<app::Metrics>(metric_table());
  add_throughputs(*metrics);
  info->add_disk_metrics(*metrics);
  add_trouble(*metrics);
  metrics->add_callback({"rename.wait.n", app::MetricKind::kGauge, "requests waiting for a rename to end"},
                        [this] { return static_cast<int64_t>(store->counters().waiting.load(std::memory_order_relaxed)); });
  metrics->add_callback({"lst.open.n", app::MetricKind::kGauge, "listings kept open between two pages"},
                        [this] { return static_cast<int64_t>(context->walkers.size()); });
  daemon->set_metrics(std::move(metrics));
  set_hooks();
  AIS_RETURN_IF_ERROR(daemon->listen(routes()));
  housekeeper = std::make_unique<Housekeeper>(kHousekeepingInterval, [this] { keep_house(); });
  return {};
}

void TargetServer::Impl::apply_buckets(const meta::BucketMetadata& bmd) {
  // Whoever has registered got everything that the primary had newer.
  context->bucket_sync.apply(bmd, bmd.version > loaded_bmd_version || daemon->cluster_started());
}

void TargetServer::Impl::add_trouble(app::Metrics& metrics) {
  const auto add = [this, &metrics](app::MetricInfo metric, uint64_t store::MountpathTrouble::*figure) {
    metrics.add_callback(metric, [this, figure] {
      uint64_t sum = 0;
      for (const store::MountpathTrouble& mountpath : store->trouble()) sum += mountpath.*figure;
      return static_cast<int64_t>(sum);
    });
  };
  using enum app::MetricKind;
  add({"err.io.n", kCounter, "failed disk operations"}, &store::MountpathTrouble::io_errors);
  add({"damaged.n", kCounter, "objects found damaged, each counted once"}, &store::MountpathTrouble::damaged_objects);
  add({"setaside.n", kGauge, "files in %bad of all mountpaths"}, &store::MountpathTrouble::set_aside_files);
  add({"setaside.size", kGauge, "bytes of the files in %bad of all mountpaths"}, &store::MountpathTrouble::set_aside_bytes);
}

void TargetServer::Impl::set_hooks() {
  app::Daemon::Hooks hooks;
  hooks.capacity = [this] { return info->capacity(); };
  hooks.state_flags = [this] { return info->state_flags(); };
  hooks.daemon_query = [this](const std::string& what, api::WireFormat format) { return info->query(what, format); };
  // Runs before the new documents are acknowledged: a bucket whose creation was answered has its directories.
  hooks.documents_changed = [this](const app::ClusterSnapshot& snapshot) { apply_buckets(*snapshot.bmd); };
  hooks.stopping = [this] { store->refuse_waiting(); };
  daemon->set_hooks(std::move(hooks));
}

std::vector<app::Route> TargetServer::Impl::routes() {
  TargetContext& target = *context;
  auto objects = [&target](Side side) {
    return [&target, side](net::HttpExchange& exchange) { return serve_object(target, exchange, side); };
  };
  auto buckets = [&target](Side side) {
    return [&target, side](net::HttpExchange& exchange) { return serve_bucket(target, exchange, side); };
  };
  std::vector<app::Route> table;
  table.push_back({"/v1/objects", kObjectMethods, /*public_side=*/true, /*intra_side=*/false, objects(Side::kPublic)});
  table.push_back({"/v1/objects", kObjectMethods, /*public_side=*/false, /*intra_side=*/true, objects(Side::kPeer)});
  table.push_back({"/v1/buckets", "GET", /*public_side=*/true, /*intra_side=*/false, buckets(Side::kPublic)});
  table.push_back({"/v1/buckets", "GET", /*public_side=*/false, /*intra_side=*/true, buckets(Side::kPeer)});
  return table;
}

void TargetServer::Impl::keep_house() {
  const app::ClusterSnapshot snapshot = daemon->cluster().copy();
  context->walkers.drop_idle(snapshot.config->lso.idle_time.value);
  context->capacity.refresh();
  context->capacity.judge(snapshot.config->space.lowwm, snapshot.config->space.highwm);
  info->sample_disks(snapshot.config->disk.iostat_time_long.value);
  apply_buckets(*snapshot.bmd);  // there is something left to do after a failure, and when the primary confirmed what was loaded
  remove_leftovers(snapshot.config->space);
}

void TargetServer::Impl::remove_leftovers(const meta::SpaceConfig& now_wanted) {
  const int64_t now = context->monotonic_ns();
  const bool was_filling_up = std::exchange(filling_up, context->capacity.highest_percent() >= now_wanted.cleanupwm);
  const bool changed = std::exchange(space, now_wanted) != now_wanted || (filling_up && !was_filling_up);
  if (now < next_append_scan_ns && !changed) return;
  store->remove_idle_appends(filling_up ? std::min(space.dont_cleanup_time.value, kAppendIdleMax) : kAppendIdleMax);
  next_append_scan_ns = now + (filling_up ? kAppendScanIntervalFull : kAppendScanInterval).count();
}

TargetServer::TargetServer() : impl_(std::make_unique<Impl>()) {}
TargetServer::~TargetServer() = default;

Result<std::unique_ptr<TargetServer>> TargetServer::start(app::DaemonOptions options) {
  std::unique_ptr<TargetServer> server(new TargetServer);
  AIS_RETURN_IF_ERROR(server->impl_->open(std::move(options)));
  return server;
}

app::Daemon& TargetServer::daemon() { return *impl_->daemon; }

TargetContext& TargetServer::context() { return *impl_->context; }

int TargetServer::run() {
  impl_->daemon->start_membership();
  const int exit_code = impl_->daemon->serve_until_stopped();
  impl_->store->drain();
  return exit_code;
}

int run_target(int argc, char** argv) {
  app::ParsedOptions parsed = app::parse_daemon_options(argc, argv, meta::NodeType::kTarget);
  if (parsed.exit_code >= 0) return parsed.exit_code;
  if (parsed.options.mountpaths.empty()) {
    std::fprintf(stderr, "ais-target: at least one mountpath is needed\n");
    return kExitUsage;
  }
  Result<std::unique_ptr<TargetServer>> server = TargetServer::start(std::move(parsed.options));
  if (!server.ok()) {
    std::fprintf(stderr, "ais-target: %s\n", server.status().message().c_str());
    AIS_ERROR("target", "cannot start: %s", server.status().to_string().c_str());
    return kExitSystemError;
  }
  return (*server)->run();
}

}  // namespace ais::target
