#include "aisloader/load_loop.h"

#include <chrono>

#include "api/names.h"

namespace ais::loader {
namespace {

constexpr size_t kReadBytes = 128 * 1024;
constexpr Nanoseconds kPauseAfterError = std::chrono::milliseconds(10);  // a dead cluster is not to be hammered
constexpr uint64_t kSaltOfOrder = 0x9E3779B97F4A7C15ull;

uint64_t now_ns() { return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()); }

ObjectPicker::Options picker_options(const Plan& plan, size_t index) {
  ObjectPicker::Options out;
  out.loop = index;
  out.loops = plan.options.threads;
  out.unique = plan.options.unique_gets || plan.options.epochs > 0;
  out.epochs = plan.options.epochs;
  out.seed = plan.seed ^ (index * kSaltOfOrder);
  return out;
}

net::HttpClientOptions client_options(size_t workers) {
  net::HttpClientOptions out;
  out.idle_connections_per_peer = workers;
  return out;
}

}  // namespace

LoadLoop::LoadLoop(net::EventLoop& loop, Plan& plan, size_t index, size_t workers)
    : loop_(loop),
      plan_(plan),
      workers_(workers),
      http_(loop, client_options(workers)),
      sender_(http_, plan),
      picker_(picker_options(plan, index), plan.listed, plan.name_before),
      random_(plan.seed + index + 1) {}

void LoadLoop::start(Phase phase, UniqueFunction<void()> done) {
  phase_ = phase;
  done_ = std::move(done);
  deadline_ = phase.duration ? Nanoseconds(now_ns()) + *phase.duration : Nanoseconds::max();
  running_ = workers_;
  for (size_t i = 0; i < workers_; ++i) {
    net::start_detached(work(), [this] {
      if (--running_ == 0) std::exchange(done_, {})();
    });
  }
}

Statistics LoadLoop::take_statistics() { return std::exchange(statistics_, Statistics()); }

net::Task<void> LoadLoop::work() {
  std::vector<char> buffer;
  uint64_t begun = now_ns();
  while (!time_is_up() && Nanoseconds(begun) < deadline_) {
    Choice choice = choose();
    if (choice.kind == Choice::Kind::kEnd) break;
    Result<uint64_t> outcome = co_await run(choice, buffer);
    uint64_t ended = now_ns();
    account(choice, outcome, ended - begun);
    if (!outcome.ok()) {
      co_await net::sleep_for(kPauseAfterError);
      ended = now_ns();
    }
    begun = ended;
  }
}

bool LoadLoop::time_is_up() const { return phase_.kind != Phase::Kind::kRemove && plan_.stop.load(std::memory_order_relaxed); }

LoadLoop::Choice LoadLoop::choose() {
  if (phase_.kind == Phase::Kind::kRemove) return choose_remove();
  if (phase_.kind == Phase::Kind::kPreload) return next_own_ < phase_.preload ? choose_put() : Choice();
  unsigned percent = plan_.options.put_percent;
  bool wants_put = percent == 100 || (percent > 0 && random_.below(100) < percent);
  if (wants_put && put_budget_left()) return choose_put();
  if (percent == 100) return {};
  if (!picker_.has_any() && percent > 0 && put_budget_left()) return choose_put();  // nothing to read yet
  return choose_get();
}

bool LoadLoop::put_budget_left() const {
  uint64_t most = plan_.options.put_bytes_max;
  return most == 0 || plan_.put_bytes.load(std::memory_order_relaxed) < most;
}

std::string LoadLoop::target_of_own(uint64_t counter) const {
  std::string target;
  target.reserve(plan_.path_before.size() + plan_.name_before.size() + 16 + plan_.path_after.size());
  target = plan_.path_before;
  picker_.append_own_name(target, counter);
  return target += plan_.path_after;
}

LoadLoop::Choice LoadLoop::choose_put() {
  Choice choice;
  choice.kind = Choice::Kind::kPut;
  choice.counter = next_own_++;
  choice.target = target_of_own(choice.counter);
  return choice;
}

LoadLoop::Choice LoadLoop::choose_get() {
  Choice choice;
  choice.target = plan_.path_before;
  if (!picker_.append_next(choice.target)) return {};
  choice.target += plan_.path_after;
  choice.kind = Choice::Kind::kGet;
  return choice;
}

LoadLoop::Choice LoadLoop::choose_remove() {
  if (next_remove_ == next_own_) return {};
  Choice choice;
  choice.kind = Choice::Kind::kRemove;
  choice.counter = next_remove_++;
  choice.target = target_of_own(choice.counter);
  return choice;
}

// Not a coroutine: it only picks the one that does the work, and costs no frame of its own.
net::Task<Result<uint64_t>> LoadLoop::run(Choice& choice, std::vector<char>& buffer) {
  if (choice.kind == Choice::Kind::kPut) return put(choice);
  if (choice.kind == Choice::Kind::kRemove) return remove(choice);
  return get(choice, buffer);
}

net::Task<Result<uint64_t>> LoadLoop::put(Choice& choice) {
  const Options& options = plan_.options;
  uint64_t size = options.size_min + random_.below(options.size_max - options.size_min + 1);
  plan_.put_bytes.fetch_add(size, std::memory_order_relaxed);
  std::string_view body = plan_.bodies.view(size, random_.next());
  Result<net::ClientResponse> answer = co_await sender_.send(net::Method::kPut, std::move(choice.target), {}, body);
  if (!answer.ok()) co_return answer.status();
  if (answer->content_length() != 0u) {
    Result<uint64_t> rest = co_await answer->discard();
    if (!rest.ok()) co_return rest.status();
  }
  co_return size;
}

net::Task<Result<uint64_t>> LoadLoop::get(Choice& choice, std::vector<char>& buffer) {
  Result<net::ClientResponse> answer = co_await sender_.send(net::Method::kGet, std::move(choice.target), plan_.get_headers, {});
  if (!answer.ok()) co_return answer.status();
  if (plan_.options.verify_hash) co_return co_await read_and_verify(*answer, buffer);
  co_return co_await answer->discard();
}

net::Task<Result<uint64_t>> LoadLoop::remove(Choice& choice) {
  Result<net::ClientResponse> answer = co_await sender_.send(net::Method::kDelete, std::move(choice.target), {}, {});
  if (!answer.ok()) co_return answer.status();
  co_return co_await answer->discard();
}

void LoadLoop::account(const Choice& choice, const Result<uint64_t>& outcome, uint64_t nanoseconds) {
  if (choice.kind == Choice::Kind::kPut && outcome.ok()) picker_.add_own(choice.counter);
  if (choice.kind == Choice::Kind::kRemove) {
    // A PUT that failed left nothing to remove.
    if (!outcome.ok() && outcome.status().http_status() != 404) ++statistics_.errors[error_kind(outcome.status())];
    return;
  }
  OperationStatistics& operation = choice.kind == Choice::Kind::kPut ? statistics_.put : statistics_.get;
  if (!outcome.ok()) {
    ++operation.errors;
    ++statistics_.errors[error_kind(outcome.status())];
    return;
  }
  operation.bytes += *outcome;
  operation.latency.record(nanoseconds);
}

net::Task<Result<uint64_t>> read_and_verify(net::ClientResponse& response, std::vector<char>& buffer) {
  Result<codec::Checksum> expected = codec::Checksum();
  if (auto type = response.headers().get(api::header::kChecksumType))
    expected = codec::Checksum::parse(*type, response.headers().get_or_empty(api::header::kChecksumValue));
  if (!expected.ok()) co_return expected.status();
  buffer.resize(kReadBytes);
  codec::Hasher hasher(expected->type);
  uint64_t bytes = 0;
  while (true) {
    AIS_CO_TRY(size_t got, co_await response.read(std::span<char>(buffer)));
    if (got == 0) break;
    hasher.update({buffer.data(), got});
    bytes += got;
  }
  if (expected->type != codec::ChecksumType::kNone && hasher.finish() != *expected)
    co_return Status(Code::kBadChecksum, "the body does not have the object's checksum");
  co_return bytes;
}

}  // namespace ais::loader
