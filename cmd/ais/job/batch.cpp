#include "ais/job/batch.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <tuple>

#include "ais/file/partial_folder.h"
#include "base/strings.h"
#include "cli/counted.h"
#include "cli/json_text.h"

namespace ais::cli {
namespace {

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
  if (why.code() == Code::kObjectNotFound || why.code() == Code::kBucketNotFound) return why.message();  // it says what is missing
  std::string prefix = std::string(name) + ": ";
  return why.message().starts_with(prefix) ? why.message() : prefix + why.message();
}

/// The cause, when it is one that other objects have too: what a node that does not answer says, or the state of a local disk.
std::string common_cause(const Status& why) {
  switch (why.error_number()) {
    case ENOSPC:
    case EDQUOT:
    case EROFS: return std::strerror(why.error_number());
    case EACCES:
    case EPERM: return why.message();  // of a directory; that of a file has its name
    default: return unreachable_weight(why.code()) > 0 ? why.message() : "";
  }
}

/// A kind of failure in words: "PermissionDenied" is "permission denied".
std::string kind_in_words(const std::string& kind) {
  if (kind == code_name(Code::kInvalid)) return "not possible";
  std::string out;
  for (char c : kind) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !out.empty()) out += ' ';
    out += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

/// What failed for one object will fail for all that follow.
bool is_hopeless(const Status& why) {
  if (why.code() == Code::kBucketNotFound || why.code() == Code::kBucketAccessDenied) return true;
  return why.error_number() == ENOSPC || why.error_number() == EDQUOT || why.error_number() == EROFS;
}

}  // namespace

ProgressLine::Mode progress_mode(const Invocation& invocation) {
  if (invocation.has("no-progress") || invocation.has("non-verbose")) return ProgressLine::Mode::kOff;
  if (invocation.terminal().progress) return ProgressLine::Mode::kTerminal;
  return invocation.has("progress") ? ProgressLine::Mode::kLines : ProgressLine::Mode::kOff;
}

Batch::Batch(Invocation& invocation, Options options)
    : invocation_(invocation),
      options_(std::move(options)),
      verbose_(invocation.has("verbose") && !options_.output_is_data),
      quiet_(invocation.has("non-verbose") && !invocation.json()),
      started_(std::chrono::steady_clock::now()),
      loop_(net::EventLoop::current()),
      progress_(options_.dry_run ? ProgressLine::Mode::kOff : progress_mode(invocation), invocation.terminal().err,
                [this] { return progress_state(); }) {
  // While out carries data the loop may wait for its reader, and a signal would wait with it.
  if (!options_.output_is_data) watch_.emplace(*loop_, [this](int number) { on_signal(number); });
}

Batch::~Batch() {
  if (grace_timer_) loop_->cancel_timer(grace_timer_);
}

Batch::Moving::Moving(Batch& batch, uint64_t object_size) : size(object_size), batch_(batch) {
  std::lock_guard guard(batch_.moving_mutex_);
  batch_.moving_.insert(this);
}

Batch::Moving::~Moving() {
  std::lock_guard guard(batch_.moving_mutex_);
  batch_.moving_.erase(this);
}

ProgressState Batch::progress_state() {
  ProgressState state;
  state.verb = options_.done;
  state.objects = objects_ + skipped_;
  state.failed = failed_;
  state.bytes = bytes_ + skipped_bytes_;
  {
    std::lock_guard guard(moving_mutex_);
    for (const Moving* moving : moving_) {
      uint64_t bytes = moving->bytes.load(std::memory_order_relaxed);
      state.bytes += bytes;
      if (moving->size > 0) state.underway += static_cast<double>(bytes) / static_cast<double>(moving->size);
    }
  }
  state.total_known = total_.has_value();
  if (total_) std::tie(state.objects_total, state.bytes_total) = *total_;
  state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  state.units = invocation_.units();
  return state;
}

void Batch::set_total(uint64_t objects, uint64_t bytes) { total_.emplace(objects, options_.tells_bytes ? bytes : 0); }

/// An object is as it should be: the cluster was reached, and a failure before it is not the only thing to tell.
void Batch::count_object(std::atomic<uint64_t>& objects, std::atomic<uint64_t>& bytes, uint64_t size) {
  objects.fetch_add(1, std::memory_order_relaxed);
  bytes.fetch_add(size, std::memory_order_relaxed);
  if (connection_failures_.load(std::memory_order_relaxed) != 0) connection_failures_.store(0, std::memory_order_relaxed);
  if (!holds_first_failure_.load(std::memory_order_relaxed)) return;
  if (loop_->in_loop()) tell_first_failure();
  else loop_->post([this] { tell_first_failure(); });
}

void Batch::object_done(uint64_t bytes) { count_object(objects_, bytes_, bytes); }
void Batch::object_skipped(uint64_t size) { count_object(skipped_, skipped_bytes_, size); }

void Batch::object_planned(Plan plan) {
  objects_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(plan.size.value_or(0), std::memory_order_relaxed);
  tell(options_.planned, std::move(plan));
}

void Batch::tell_done(Plan what) { tell(options_.done, std::move(what)); }

void Batch::tell(const std::string& verb, Plan item) {
  if (loop_->in_loop()) print_item(verb, item);
  else loop_->post([this, &verb, item = std::move(item)] { print_item(verb, item); });
}

void Batch::print_item(const std::string& verb, const Plan& item) {
  if (!invocation_.output_wanted()) stop(Stop::kHopeless);
  progress_.clear();
  if (invocation_.json()) {
    codec::JsonWriter out;
    out.begin_object();
    text_field(out, "from", item.from);
    if (!item.to.empty()) text_field(out, "to", item.to);
    if (item.size) out.field("size", *item.size);
    out.end_object();
    invocation_.print(items_begun_ ? ",\n" : "{\"items\":[\n");
    invocation_.print(out.take());
    items_begun_ = true;
    return;
  }
  std::string line = verb + " " + printable(item.from);
  if (!item.to.empty()) line += " -> " + printable(item.to);
  if (item.size) line += "  " + invocation_.size_text(*item.size);
  invocation_.print_line(line);
}

void Batch::object_failed(std::string_view name, const Status& why) {
  std::string owned(name);
  if (loop_->in_loop()) note_failure(std::move(owned), why);
  else loop_->post([this, owned = std::move(owned), why] { note_failure(owned, why); });
}

void Batch::note_failure(std::string name, const Status& why) {
  ++failed_;
  std::string kind(code_name(why.code()));
  ++kinds_[kind];
  watch_failures(why);
  if (failures_.size() < kFailuresKept) failures_.push_back({name, kind, why.message()});
  const bool told = is_told_already(why);
  if (!told) ++shown_;
  if (failed_ == 1 && objects_ == 0 && skipped_ == 0) {
    first_failure_.emplace(std::move(name), why);
    holds_first_failure_.store(true, std::memory_order_relaxed);
    return;
  }
  tell_first_failure();
  if (told) return;
  if (shown_ <= kFailuresShown) tell(name, why);
  if (shown_ == kFailuresShown) invocation_.complain("more failures are counted, not shown");
}

/// True when another object failed for the same reason. Counts it.
bool Batch::is_told_already(const Status& why) {
  const std::string cause = common_cause(why);
  if (cause.empty()) return false;
  auto found = repeated_.find(cause);
  if (found != repeated_.end()) ++found->second;
  else if (repeated_.size() < kReasonsKept) repeated_.emplace(cause, 0);
  return found != repeated_.end();
}

void Batch::left_out(std::string_view name, const Status& why) {
  auto note = [this, owned = std::string(name), why] {
    ++left_out_;
    if (failures_.size() < kFailuresKept) failures_.push_back({owned, "LeftOut", why.message()});
    if (left_out_ <= kFailuresShown) tell(owned, why);
    if (left_out_ == kFailuresShown) invocation_.complain("more that is left out is counted, not shown");
  };
  if (loop_->in_loop()) note();
  else loop_->post(std::move(note));
}

std::string Batch::left_out_text() const {
  return left_out_ == 0 ? "" : "; " + std::to_string(left_out_) + (left_out_ == 1 ? " was" : " were") + " left out";
}

void Batch::tell_repeated() {
  for (const auto& [why, count] : repeated_)
    if (count > 0) invocation_.complain(printable(why) + ", and so for " + counted(count, "more " + options_.things));
  repeated_.clear();
}

void Batch::tell(std::string_view name, const Status& why) {
  progress_.clear();
  invocation_.complain(printable(name_and_reason(name, why)));
}

void Batch::tell_first_failure() {
  if (!first_failure_) return;
  tell(first_failure_->first, first_failure_->second);
  first_failure_.reset();
  holds_first_failure_.store(false, std::memory_order_relaxed);
}

void Batch::watch_failures(const Status& why) {
  bool own_fault = why.error_number() == EMFILE || why.error_number() == ENFILE;
  unsigned weight = own_fault ? 0 : unreachable_weight(why.code());
  unsigned failures = weight > 0 ? connection_failures_.load(std::memory_order_relaxed) + weight : 0;
  connection_failures_.store(failures, std::memory_order_relaxed);
  if (stopped()) return;
  if (is_hopeless(why)) stop(Stop::kHopeless);
  else if (failures >= kConnectionFailuresMax) stop(Stop::kUnreachable);
}

async::Task<Status> Batch::end_of_input() {
  net::EventLoop& here = *net::EventLoop::current();
  co_await async::ResumeOn{*loop_};  // where signals come before anything that they have caused
  if (int number = watch_ ? StopSignals::received() : 0; number != 0) {
    signal_ = number;
    stop(Stop::kSignal);
  }
  if (loop_ != &here) co_await async::ResumeOn{here};
  co_return stopped_by(Stop::kSignal) ? Status(Code::kCancelled, "interrupted") : Status();
}

void Batch::on_signal(int number) {
  signal_ = number;
  stop(Stop::kSignal);
  grace_timer_ = loop_->add_timer(kGrace, [this] { abandon(); });
}

/// The frames of requests in flight wait for the network and cannot be unwound: the process ends without them.
void Batch::abandon() {
  grace_timer_ = 0;
  progress_.finish();
  PartialFolder::remove_all();
  tell_repeated();
  if (!options_.output_is_data) print_result();
  invocation_.flush();
  invocation_.complain("interrupted, " + counted(in_flight_.load(), "object") + " given up half way" + failures_text());
  std::fflush(invocation_.terminal().err);
  _exit(kExitSignal + signal_);
}

void Batch::print_json() {
  codec::JsonWriter out;
  out.begin_object()
      .field("objects", objects_.load())
      .field("bytes", bytes_.load())
      .field("skipped", skipped_.load())
      .field("failed", failed_)
      .field("left_out", left_out_);
  out.field("interrupted", interrupted()).field("dry_run", options_.dry_run).key("failures").begin_array();
  for (const Failure& failure : failures_) {
    text_field(out.begin_object(), "name", failure.name);
    out.field("kind", failure.kind).field("error", failure.why).end_object();
  }
  std::string text = out.end_array().end_object().take();
  if (items_begun_) text = "\n]," + text.substr(1);
  invocation_.print_line(text);
}

void Batch::print_result() {
  if (invocation_.json()) return print_json();
  if (quiet_) return;
  if (objects_ == 0 && skipped_ == 0 && !interrupted() && failed_ > 0) return;
  std::string line = (options_.dry_run ? options_.planned : options_.done) + " " + counted(objects_.load(), options_.things);
  if (bytes_ > 0) line += ", " + invocation_.size_text(bytes_);
  if (skipped_ > 0) line += ", left out " + std::to_string(skipped_) + " that " + (skipped_ == 1 ? "is" : "are") + " there already";
  invocation_.print_line(line);
}

std::string Batch::failures_text() const {
  if (failed_ == 0) return "";
  std::string out = "; " + std::to_string(failed_) + " of " + std::to_string(failed_ + objects_ + skipped_) + " objects failed";
  const char* separator = ": ";
  for (const auto& [kind, count] : kinds_) {
    out += separator + std::to_string(count) + " " + kind_in_words(kind);
    separator = ", ";
  }
  return out;
}

Status Batch::finish(Status status) {
  watch_.reset();
  if (grace_timer_) loop_->cancel_timer(grace_timer_);
  grace_timer_ = 0;
  progress_.finish();
  tell_repeated();
  if (!options_.output_is_data) print_result();
  bool nothing = objects_ == 0 && skipped_ == 0 && failed_ == 0 && status.ok() && (all_done_ || !stopped());
  if (nothing && !options_.nothing.empty() && !quiet_ && invocation_.terminal().progress)
    std::fprintf(invocation_.terminal().err, "%s\n", options_.nothing.c_str());
  if (interrupted()) {
    tell_first_failure();
    std::string given_up = given_up_ > 0 ? ", " + counted(given_up_.load(), "object") + " given up half way" : "";
    std::string advice = options_.resumable ? " (--skip-existing goes on from here)" : "";
    return invocation_.interrupted("interrupted" + given_up + failures_text() + left_out_text() + advice, signal_);
  }
  if (first_failure_ && status.ok() && left_out_ == 0) {
    const auto& [name, why] = *first_failure_;
    return Status(why.code(), printable(name_and_reason(name, why)));
  }
  tell_first_failure();
  std::string text = status.ok() ? "" : "; " + status.message();
  if (stopped_by(Stop::kUnreachable)) text += "; gave up, since the cluster cannot be reached";
  if (stopped_by(Stop::kHopeless) && failed_ > 0) text += "; gave up, since the rest would fail too";
  text = failures_text() + left_out_text() + text;
  if (text.empty()) return {};
  return {status.ok() ? Code::kInternal : status.code(), text.substr(2)};
}

}  // namespace ais::cli
