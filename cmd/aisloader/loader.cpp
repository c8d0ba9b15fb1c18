#include "aisloader/loader.h"

#include <sys/resource.h>

#include <csignal>
#include <cstdio>

#include "aisloader/bucket_setup.h"
#include "aisloader/engine.h"
#include "api/query.h"
#include "base/strings.h"

namespace ais::loader {
namespace {

std::atomic<bool>* g_stop = nullptr;  // the flag that the signal handler sets

void on_signal(int) { g_stop->store(true, std::memory_order_relaxed); }

/// The first signal ends the measurement with its result, the second one ends the program.
void stop_on_signals(Plan& plan) {
  g_stop = &plan.stop;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Result<std::unique_ptr<Plan>> make_plan(const Options& options, const BucketSetup& setup) {
  sys::Random random;
  uint64_t seed = options.seed ? *options.seed : random.next();
  AIS_TRY(RandomBuffer bodies, RandomBuffer::create(options.size_max, seed));
  auto plan = std::make_unique<Plan>(options, std::move(bodies));
  plan->seed = seed;
  plan->gateway = setup.gateway();
  plan->path_before = api::object_target(options.bucket.name, "");
  if (!plan->path_before.ends_with('/')) plan->path_before += '/';
  std::string query = api::QueryBuilder().add_bucket(options.bucket).take();
  if (!query.empty()) plan->path_after = "?" + query;
  std::string run_name = options.seed ? format("s%llu", static_cast<unsigned long long>(seed)) : random.identifier(8);
  plan->name_before = percent_encode(options.subdirectory + "aisloader-" + run_name + "-", "/");
  if (options.read_length > 0)
    plan->get_headers = format("Range: bytes=%llu-%llu\r\n", static_cast<unsigned long long>(options.read_offset),
                               static_cast<unsigned long long>(options.read_offset + options.read_length - 1));
  return plan;
}

/// Puts what is missing up to --numobjects.
Status preload(Engine& engine, const Plan& plan) {
  uint64_t have = plan.listed.size();
  if (plan.options.preload <= have) return {};
  uint64_t missing = plan.options.preload - have;
  Phase phase;
  phase.kind = Phase::Kind::kPreload;
  phase.preload = (missing + plan.options.threads - 1) / plan.options.threads;
  std::fprintf(stderr, "putting %llu objects\n", static_cast<unsigned long long>(missing));
  Statistics statistics = engine.run(phase, {});
  if (statistics.put.errors == 0) return {};
  return make_status(Code::kInternal, "%llu PUTs failed (%s)", static_cast<unsigned long long>(statistics.put.errors),
                     statistics.errors.begin()->first.c_str());
}

void measure(Engine& engine, const Plan& plan) {
  const Options& options = plan.options;
  Phase phase;
  phase.duration = options.duration;
  double cpu_before = cpu_seconds();
  Statistics statistics = engine.run(phase, [&options](const Statistics& part, double seconds, double elapsed) {
    std::string line = interval_line(part, seconds, elapsed);
    FILE* to = options.json ? stderr : stdout;
    std::fputs(line.c_str(), to);
    std::fflush(to);
  });
  RunSummary summary;
  summary.bucket = options.bucket.cname();
  summary.seconds = engine.seconds();
  summary.cpu_seconds = cpu_seconds() - cpu_before;
  summary.workers = options.workers;
  summary.threads = options.threads;
  std::string text = options.json ? result_json(statistics, summary) + "\n" : result_table(statistics, summary);
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

Status clean_up(Engine& engine, BucketSetup& setup, bool bucket_is_ours) {
  if (bucket_is_ours) return setup.destroy_bucket();
  Phase phase;
  phase.kind = Phase::Kind::kRemove;
  Statistics statistics = engine.run(phase, {});
  if (statistics.errors.empty()) return {};
  const auto& [kind, count] = *statistics.errors.begin();
  return make_status(Code::kInternal, "cleanup: %llu objects were not removed (%s)", static_cast<unsigned long long>(count), kind.c_str());
}

Status run(const Options& options) {
  AIS_TRY(std::unique_ptr<BucketSetup> setup, BucketSetup::connect(options));
  AIS_TRY(bool bucket_is_ours, setup->ensure_bucket());
  AIS_TRY(std::unique_ptr<Plan> plan, make_plan(options, *setup));
  bool reads = options.put_percent < 100;
  if (!bucket_is_ours && (reads || options.preload > 0)) {
    AIS_TRY(plan->listed, setup->list_names());
  }
  stop_on_signals(*plan);
  AIS_TRY(std::unique_ptr<Engine> engine, Engine::start(*plan));
  Status status = preload(*engine, *plan);
  if (status.ok() && options.put_percent == 0 && plan->listed.empty() && options.preload == 0)
    status = Status(Code::kInvalid, "the bucket has nothing to read: say --numobjects or --pctput");
  if (status.ok()) measure(*engine, *plan);
  if (options.cleanup) {
    Status cleaned = clean_up(*engine, *setup, bucket_is_ours);
    if (status.ok()) status = cleaned;
  }
  return status;
}

}  // namespace

int run_loader(const Options& options) {
  Status status = run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "error: %s\n", status.message().c_str());
  return 1;
}

}  // namespace ais::loader
