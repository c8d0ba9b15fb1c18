#include "aisloader/loader.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "aisloader/bucket_setup.h"
#include "aisloader/engine.h"
#include "aisloader/preparation.h"
#include "aisloader/progress.h"
#include "aisloader/report.h"
#include "aisloader/text_output.h"
#include "aisloader/trace_signal.h"
#include "base/strings.h"
#include "cli/counted.h"
#include "cli/stop_signals.h"
#include "sys/clock.h"
#include "sys/random.h"

namespace ais::loader {
namespace {

constexpr Nanoseconds kSampleMin = std::chrono::milliseconds(100);
constexpr Nanoseconds kSampleMax = std::chrono::seconds(1);
constexpr int kSamplesWanted = 120;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string number(uint64_t value) { return format("%llu", static_cast<unsigned long long>(value)); }

Options with_bucket(Options options) {
  constexpr unsigned kShift = 16;  // twelve digits are enough to meet nobody
  if (options.bucket.name.empty())
    options.bucket.name = format("aisloader-%012llx", static_cast<unsigned long long>(sys::Random().next() >> kShift));
  return options;
}

/// One run from bucket to cleanup. Its parts are called in order by run().
class Run {
 public:
  explicit Run(const Options& options)
      : options_(with_bucket(options)), own_bucket_(options.bucket.name.empty()), progress_(options_, lines_) {}
  Status run();

 private:
  Status prepare();
  Status find_names();
  Status find_free_names();
  Status preload();
  Status measure();
  void stop();
  void warn_of_gaps();
  Status publish();
  Status clean_up();
  Nanoseconds sample() const;

  const Options options_;
  const bool own_bucket_;  // a name that nobody gave
  LineFile lines_;
  Progress progress_;
  std::unique_ptr<BucketSetup> setup_;
  std::unique_ptr<Plan> plan_;
  std::optional<TraceSignal> trace_signal_;
  std::optional<cli::StopSignals> signals_;  // the first one ends the measurement with its result
  std::unique_ptr<Engine> engine_;
  bool bucket_is_ours_ = false;
  RunResult result_;
};

/// On the thread of the signals.
void Run::stop() {
  plan_->stop = true;
  if (!options_.quiet)
    std::fputs("stopping: operations in flight finish, then cleanup if requested; press Ctrl-C again to end at once\n", stderr);
}

/// Found out before hours of measuring, not after.
Status check_writable(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return Status::from_errno(EISDIR, path);
  bool exists = access(path.c_str(), F_OK) == 0;
  std::string asked = path;
  if (!exists) asked = directory.empty() ? "." : directory;
  return access(asked.c_str(), W_OK) == 0 ? Status() : Status::from_errno(errno, asked);
}

Status Run::prepare() {
  if (!options_.statistics_path.empty()) AIS_RETURN_IF_ERROR(lines_.open(options_.statistics_path).with_context("--stats-output"));
  if (!options_.report_path.empty()) AIS_RETURN_IF_ERROR(check_writable(options_.report_path).with_context("--report"));
  AIS_TRY(setup_, BucketSetup::connect(options_));
  AIS_TRY(plan_, make_plan(options_, *setup_));
  trace_signal_.emplace(plan_->trace);
  if (options_.stoppable) signals_.emplace([this](int) { stop(); });
  AIS_TRY(bucket_is_ours_, setup_->ensure_bucket(options_.put_percent > 0 || options_.preload > 0));
  if (!bucket_is_ours_) {
    AIS_TRY(const std::string set, setup_->set_bucket_props());
    if (!set.empty()) progress_.say(options_.bucket.cname() + ": set " + set);
  }
  if (own_bucket_)
    progress_.say(options_.bucket.cname() + ": made for this run, " + (options_.cleanup ? "goes at its end" : "stays after it"));
  AIS_RETURN_IF_ERROR(find_names());
  result_.cluster = setup_->cluster_facts();
  AIS_TRY(engine_, Engine::start(*plan_));
  return {};
}

Status Run::find_names() {
  bool reads = options_.put_percent + options_.list_percent < 100;
  if (!options_.names_path.empty()) {
    AIS_TRY(plan_->listed, read_names(options_.names_path));
  } else if (!bucket_is_ours_ && (reads || options_.preload > 0)) {
    AIS_TRY(plan_->listed, setup_->list_names(options_.subdirectory, plan_->stop));
    progress_.say("found " + cli::counted(plan_->listed.size(), "object"));
  }
  if (plan_->listed.truncated()) {
    result_.warnings.push_back("there are more than " + number(NameList::kNamesMax) + " names: only the first ones are read");
    progress_.say("warning: " + result_.warnings.back());
  }
  bool only_gets = options_.put_percent == 0 && reads;
  if (only_gets && plan_->listed.empty() && options_.preload == 0)
    return Status(Code::kInvalid, "the bucket has nothing to read: give --numobjects or --pctput");
  return find_free_names();
}

/// A run with this seed may have put objects before: what is there stays as it is, also when this run cleans up behind itself. Names that
/// are numbers are put again, as the original does, unless objects are missing.
Status Run::find_free_names() {
  bool puts = options_.put_percent > 0 || options_.preload > 0;
  if (!puts || bucket_is_ours_ || (options_.numbered_names ? options_.preload == 0 : !options_.seed)) return {};
  AIS_TRY(const NameList taken, setup_->list_names(own_prefix(*plan_), plan_->stop));
  plan_->first_own = first_free_number(*plan_, taken);
  if (plan_->first_own > 0)
    progress_.say((options_.numbered_names ? "objects of this loader" : "objects of seed " + number(plan_->shown_seed)) +
                  " are there: new names begin with number " + number(plan_->first_own));
  return {};
}

/// Puts what is missing up to --numobjects.
Status Run::preload() {
  uint64_t have = plan_->listed.size();
  if (options_.preload <= have) return {};
  Phase phase;
  phase.kind = Phase::Kind::kPreload;
  phase.preload = options_.preload - have;
  progress_.say("putting " + cli::counted(phase.preload, "object"));
  uint64_t done = 0;
  Engine::OnSample show = [this, &phase, &done](const Statistics& sample, double, double) {
    done += sample.put.latency.count();
    progress_.show("put " + number(done) + " of " + cli::counted(phase.preload, "object"));
  };
  Statistics statistics = engine_->run(phase, kSampleMax, show);
  result_.objects_put_before = statistics.put.latency.count();
  if (statistics.forgotten > 0)
    result_.warnings.push_back("of the objects put before, " + number(statistics.forgotten) + " were not remembered and will not be read");
  if (statistics.put.errors == 0) return {};
  return make_status(Code::kInternal, "%s failed (%s)", cli::counted(statistics.put.errors, "PUT").c_str(),
                     statistics.errors.begin()->first.c_str());
}

/// An interval of lines is a whole number of samples.
Nanoseconds Run::sample() const {
  Nanoseconds wanted = std::clamp(options_.duration ? *options_.duration / kSamplesWanted : kSampleMax, kSampleMin, kSampleMax);
  const Nanoseconds interval = options_.statistics_interval;
  return interval.count() == 0 ? wanted : interval / ((interval + wanted - Nanoseconds(1)) / wanted);
}

Status Run::measure() {
  Phase phase;
  phase.duration = options_.duration;
  result_.begun = sys::utc_text(sys::real_clock().wall_ns());
  double cpu_before = cpu_seconds();
  Engine::OnSample on_sample = [this](const Statistics& sample, double seconds, double elapsed) {
    result_.series.add(sample, seconds);
    progress_.add(sample, seconds, elapsed);
  };
  result_.total = engine_->run(phase, sample(), on_sample);
  result_.ended = sys::utc_text(sys::real_clock().wall_ns());
  progress_.finish(engine_->seconds());
  result_.series.finish();
  result_.seconds = engine_->seconds();
  result_.cpu_seconds = cpu_seconds() - cpu_before;
  result_.parameters = describe(options_);
  result_.bucket = options_.bucket.cname();
  result_.workers = options_.workers;
  result_.threads = options_.threads;
  result_.seed = plan_->shown_seed;
  result_.command_line = options_.command_line;
  result_.objects_found = plan_->listed.size();
  result_.rate = options_.rate;
  result_.window = result_.seconds;
  if (options_.duration) result_.window = std::min(result_.window, std::chrono::duration<double>(*options_.duration).count());
  if (uint64_t forgotten = result_.total.forgotten; forgotten > 0)
    result_.warnings.push_back("of the objects that were put, " + number(forgotten) + " could not be remembered and read again");
  warn_of_gaps();
  if (plan_->stop) result_.warnings.push_back(format("stopped by a signal after %.1f s", result_.seconds));
  if (result_.total.gave_up) result_.warnings.push_back("gave up: no operation succeeded for 30 s");
  return publish();
}

/// What the percentiles and the check of contents do not cover.
void Run::warn_of_gaps() {
  const Statistics& total = result_.total;
  if (total.not_started > 0)
    result_.warnings.push_back("latencies are of the operations that began: " + number(total.not_started) + " of " +
                               number(total.started + total.not_started) + " were due and never began");
  if (total.not_verified > 0)
    result_.warnings.push_back("not compared, since the bucket keeps no checksums: " + cli::counted(total.not_verified, "object"));
}

/// The result goes to standard output whatever happens to files.
Status Run::publish() {
  std::string text = options_.json ? result_json(result_) + "\n" : result_table(result_);
  lines_.add(text);
  std::fputs(text.c_str(), stdout);
  Status status = std::fflush(stdout) == 0 ? Status() : Status::from_errno(errno, "standard output cannot be written");
  if (Status finished = lines_.finish(); !finished.ok() && status.ok()) status = finished.with_context("--stats-output");
  if (!options_.report_path.empty())
    if (Status written = write_page(options_.report_path, report_page(result_)); !written.ok() && status.ok())
      status = written.with_context("--report");
  if (status.ok() && result_.total.started > 0 && result_.total.operations() == 0)
    status = Status(Code::kInternal, "none of " + number(result_.total.started) + " operations succeeded");
  return status;
}

Status Run::clean_up() {
  if (bucket_is_ours_) return setup_->destroy_bucket();
  Phase phase;
  phase.kind = Phase::Kind::kRemove;
  Statistics statistics = engine_->run(phase, kSampleMax, {});
  if (statistics.errors.empty()) return {};
  uint64_t count = 0;
  std::string kinds;
  for (const auto& [kind, number_of_kind] : statistics.errors) {
    count += number_of_kind;
    kinds += (kinds.empty() ? "" : ", ") + kind;
  }
  if (statistics.gave_up)
    return Status(Code::kInternal,
                  "cleanup: gave up, no object could be removed for 30 s (" + kinds + "); the objects that were put are left");
  return make_status(Code::kInternal, "cleanup: could not remove %s (%s)", cli::counted(count, "object").c_str(), kinds.c_str());
}

Status Run::run() {
  if (options_.only_clean_up) {
    AIS_TRY(setup_, BucketSetup::connect(options_));
    return setup_->destroy_bucket();
  }
  Status status = prepare();
  if (status.ok()) status = preload();
  if (status.ok()) status = plan_->stop ? Status(Code::kInternal, "stopped before the measurement") : measure();
  if (options_.cleanup && engine_) {
    Status cleaned = clean_up();
    if (status.ok()) status = cleaned;
  } else if (options_.cleanup && bucket_is_ours_) {
    Status cleaned = setup_->destroy_bucket();
    if (status.ok()) status = cleaned;
  }
  return status;
}

}  // namespace

int run_loader(const Options& options) {
  Status status = Run(options).run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "error: %s\n", status.message().c_str());
  return 1;
}

}  // namespace ais::loader
