#include "ais/batch.h"

#include <unistd.h>

#include <cerrno>
#include <tuple>

#include "ais/partial_folder.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

constexpr int kExitInterrupted = 130;

ProgressLine::Mode progress_mode(const Invocation& invocation) {
  if (invocation.has("no-progress")) return ProgressLine::Mode::kOff;
  if (invocation.terminal().progress) return ProgressLine::Mode::kTerminal;
  return invocation.has("progress") ? ProgressLine::Mode::kLines : ProgressLine::Mode::kOff;
}

std::string counted(uint64_t objects) { return std::to_string(objects) + (objects == 1 ? " object" : " objects"); }

/// How much nearer a failure brings the end of patience; 0 = the cluster was reached. A timeout has cost a minute.
unsigned unreachable_weight(Code code) {
  switch (code) {
    case Code::kConnectionFailed:
    case Code::kConnectionClosed:
    case Code::kUnavailable:
    case Code::kNoTargets: return 1;
    case Code::kTimeout: return 8;
    default: return 0;
  }
}

/// "name: why", where the reason does not begin with the name as those of the system do.
std::string name_and_reason(std::string_view name, const Status& why) {
  std::string prefix = std::string(name) + ": ";
  return why.message().starts_with(prefix) ? why.message() : prefix + why.message();
}

/// What failed for one object will fail for all that follow.
bool is_hopeless(const Status& why) {
  if (why.code() == Code::kBucketNotFound || why.code() == Code::kBucketAccessDenied) return true;
  return why.error_number() == ENOSPC || why.error_number() == EDQUOT || why.error_number() == EROFS;
}

}  // namespace

Batch::Batch(Invocation& invocation, Options options)
    : invocation_(invocation),
      options_(std::move(options)),
      started_(std::chrono::steady_clock::now()),
      loop_(net::EventLoop::current()),
      progress_(options_.dry_run ? ProgressLine::Mode::kOff : progress_mode(invocation), invocation.terminal().err,
                [this] { return progress_state(); }) {
  // While out carries data the loop may wait for its reader, and a signal would wait with it.
  if (!options_.output_is_data) watch_.emplace(*loop_, [this] { on_signal(); });
}

Batch::~Batch() {
  if (grace_timer_) loop_->cancel_timer(grace_timer_);
}

ProgressState Batch::progress_state() const {
  ProgressState state;
  state.verb = options_.done;
  state.objects = objects_ + skipped_ + failed_;
  state.bytes = bytes_ + skipped_bytes_;
  for (const Moving* moving : moving_) state.bytes += moving->bytes;
  state.total_known = total_.has_value();
  if (total_) std::tie(state.objects_total, state.bytes_total) = *total_;
  state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  state.units = invocation_.units();
  return state;
}

void Batch::set_total(uint64_t objects, uint64_t bytes) { total_.emplace(objects, bytes); }

void Batch::object_done(uint64_t bytes) {
  ++objects_;
  bytes_ += bytes;
  connection_failures_ = 0;
  tell_first_failure();
}

void Batch::object_skipped(uint64_t size) {
  ++skipped_;
  skipped_bytes_ += size;
  connection_failures_ = 0;
  tell_first_failure();
}

void Batch::object_planned(const Plan& plan) {
  ++objects_;
  bytes_ += plan.size.value_or(0);
  if (!invocation_.output_wanted()) stop_ = Stop::kHopeless;
  if (invocation_.json()) {
    codec::JsonWriter out;
    out.begin_object().field("from", plan.from);
    if (!plan.to.empty()) out.field("to", plan.to);
    if (plan.size) out.field("size", *plan.size);
    out.end_object();
    invocation_.print(items_begun_ ? ",\n" : "{\"items\":[\n");
    invocation_.print(out.take());
    items_begun_ = true;
    return;
  }
  std::string line = options_.planned + " " + printable(plan.from);
  if (!plan.to.empty()) line += " -> " + printable(plan.to);
  if (plan.size) line += "  " + invocation_.size_text(*plan.size);
  invocation_.print_line(line);
}

void Batch::object_failed(std::string_view name, const Status& why) {
  ++failed_;
  std::string kind(code_name(why.code()));
  ++kinds_[kind];
  watch_failures(why);
  if (failures_.size() < kFailuresKept) failures_.push_back({std::string(name), kind, why.message()});
  if (failed_ == 1 && objects_ == 0 && skipped_ == 0) {
    first_failure_.emplace(name, why);
    return;
  }
  tell_first_failure();
  if (failed_ <= kFailuresShown) tell(name, why);
  if (failed_ == kFailuresShown) invocation_.complain("more failures are counted, not shown");
}

void Batch::tell(std::string_view name, const Status& why) {
  progress_.clear();
  invocation_.complain(printable(name_and_reason(name, why)));
}

void Batch::tell_first_failure() {
  if (!first_failure_) return;
  tell(first_failure_->first, first_failure_->second);
  first_failure_.reset();
}

void Batch::watch_failures(const Status& why) {
  unsigned weight = unreachable_weight(why.code());
  connection_failures_ = weight > 0 ? connection_failures_ + weight : 0;
  if (stopped()) return;
  if (is_hopeless(why)) stop_ = Stop::kHopeless;
  else if (connection_failures_ >= kConnectionFailuresMax) stop_ = Stop::kUnreachable;
}

void Batch::on_signal() {
  stop_ = Stop::kSignal;
  grace_timer_ = loop_->add_timer(kGrace, [this] { abandon(); });
}

/// The frames of requests in flight wait for the network and cannot be unwound: the process ends without them.
void Batch::abandon() {
  grace_timer_ = 0;
  progress_.finish();
  PartialFolder::remove_all();
  if (!options_.output_is_data) print_result();
  invocation_.flush();
  invocation_.complain("interrupted, " + counted(in_flight_) + " given up half way" + failures_text());
  std::fflush(invocation_.terminal().err);
  _exit(kExitInterrupted);
}

void Batch::print_json() {
  codec::JsonWriter out;
  out.begin_object().field("objects", objects_).field("bytes", bytes_).field("skipped", skipped_).field("failed", failed_);
  out.field("interrupted", stop_ == Stop::kSignal).field("dry_run", options_.dry_run).key("failures").begin_array();
  for (const Failure& failure : failures_)
    out.begin_object().field("name", failure.name).field("kind", failure.kind).field("error", failure.why).end_object();
  std::string text = out.end_array().end_object().take();
  if (items_begun_) text = "\n]," + text.substr(1);
  invocation_.print_line(text);
}

void Batch::print_result() {
  if (invocation_.json()) return print_json();
  if (objects_ == 0 && skipped_ == 0 && stop_ != Stop::kSignal && failed_ > 0) return;
  std::string line = (options_.dry_run ? options_.planned : options_.done) + " " + counted(objects_);
  if (bytes_ > 0) line += ", " + invocation_.size_text(bytes_, bytes_ < kKiB ? 0 : 1);
  if (skipped_ > 0) line += ", left out " + std::to_string(skipped_) + " that " + (skipped_ == 1 ? "is" : "are") + " there already";
  invocation_.print_line(line);
}

std::string Batch::failures_text() const {
  if (failed_ == 0) return "";
  std::string out = "; " + std::to_string(failed_) + " of " + std::to_string(failed_ + objects_ + skipped_) + " objects failed";
  const char* separator = ": ";
  for (const auto& [kind, count] : kinds_) {
    out += separator + std::to_string(count) + " " + kind;
    separator = ", ";
  }
  return out;
}

Status Batch::finish(Status status) {
  watch_.reset();
  if (grace_timer_) loop_->cancel_timer(grace_timer_);
  grace_timer_ = 0;
  progress_.finish();
  if (!options_.output_is_data) print_result();
  if (stop_ == Stop::kSignal) tell_first_failure();
  if (stop_ == Stop::kSignal)
    return invocation_.interrupted("interrupted" + failures_text() + (options_.resumable ? " (--skip-existing goes on from here)" : ""));
  if (first_failure_ && status.ok()) {
    const auto& [name, why] = *first_failure_;
    return Status(why.code(), printable(name_and_reason(name, why)));
  }
  tell_first_failure();
  std::string text = status.ok() ? "" : "; " + status.message();
  if (stop_ == Stop::kUnreachable) text += "; gave up, since the cluster cannot be reached";
  if (stop_ == Stop::kHopeless && failed_ > 0) text += "; gave up, since the rest would fail too";
  text = failures_text() + text;
  if (text.empty()) return {};
  return {status.ok() ? Code::kInternal : status.code(), text.substr(2)};
}

}  // namespace ais::cli
