#include "aisloader/load_loop.h"

#include <algorithm>
#include <chrono>

#include "aisloader/preparation.h"

namespace ais::loader {
namespace {

constexpr Nanoseconds kPauseMin = std::chrono::milliseconds(10);  // after an error: a dead cluster is not to be hammered
constexpr Nanoseconds kPauseMax = std::chrono::seconds(1);
constexpr uint64_t kGiveUpAfter = 30'000'000'000;  // without a success, when nothing else would end the phase
constexpr uint64_t kNever = UINT64_MAX;
constexpr uint64_t kSaltOfOrder = 0x9E3779B97F4A7C15ull;
constexpr uint64_t kSaltOfArrivals = 0xD1B54A32D192ED03ull;

ObjectPicker::Options picker_options(const Plan& plan, size_t index) {
  ObjectPicker::Options out;
  out.loop = index;
  out.loops = plan.options.threads;
  out.unique = plan.options.unique_gets || plan.options.epochs > 0;
  out.epochs = plan.options.epochs;
  out.seed = plan.seed ^ (index * kSaltOfOrder);
  return out;
}

/// Of `whole`, evenly: the first ones take what is left over.
uint64_t share_of(uint64_t whole, size_t index, size_t parts) { return whole / parts + (index < whole % parts ? 1 : 0); }

/// The cluster did not answer, or says that it is not well. "No such object" comes as fast as an object does.
bool is_trouble(const Status& status) {
  constexpr int kTooManyRequests = 429;
  return is_retryable(status.code()) || status.http_status() == kTooManyRequests || status.http_status() >= 500;
}

net::HttpClientOptions client_options(const Plan& plan) {
  net::HttpClientOptions out;
  out.idle_connections_per_peer = plan.idle_connections;
  return out;
}

}  // namespace

uint64_t now_ns() { return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()); }

LoadLoop::LoadLoop(net::EventLoop& loop, Plan& plan, size_t index, size_t workers)
    : loop_(loop),
      plan_(plan),
      index_(index),
      workers_(workers),
      http_(loop, client_options(plan)),
      sender_(http_, plan),
      picker_(picker_options(plan, index), plan.listed, own_names(plan)),
      random_(plan.seed + index + 1),
      gate_(loop),
      next_own_(plan.first_own),
      next_remove_(plan.first_own),
      puts_(0, share_of(plan.options.puts_max, index, plan.options.threads)),
      no_puts_(plan.options.puts_max > 0 && share_of(plan.options.puts_max, index, plan.options.threads) == 0) {
  if (plan.options.list_percent == 0) return;
  for (const net::Url& gateway : plan.gateways) {
    std::string host = gateway.host.find(':') == std::string::npos ? gateway.host : "[" + gateway.host + "]";
    Result<api::ClusterClient> lister = api::ClusterClient::create(http_, host + ":" + std::to_string(gateway.port));
    if (lister.ok()) listers_.push_back(std::move(lister).value());
  }
}

void LoadLoop::start(Phase phase, UniqueFunction<void()> done) {
  phase_ = phase;
  done_ = std::move(done);
  deadline_ns_ = phase.duration ? phase.begin_ns + static_cast<uint64_t>(phase.duration->count()) : kNever;
  last_success_ns_ = phase.begin_ns;
  const Options& o = plan_.options;
  if (phase.kind == Phase::Kind::kPreload) {
    preload_end_ = next_own_ + share_of(phase.preload, index_, o.threads);
  }
  if (phase.kind == Phase::Kind::kMeasure && o.rate > 0) {
    ArrivalSchedule::Shape shape{o.rate, o.exponential_arrivals, index_, o.threads, plan_.seed ^ (index_ + 1) * kSaltOfArrivals};
    gate_.open(ArrivalSchedule(shape, phase.begin_ns), deadline_ns_, plan_.stop);
  }
  if (phase_.kind == Phase::Kind::kMeasure) picker_.sort_own();
  if (phase_.kind == Phase::Kind::kRemove) std::sort(failed_puts_.begin(), failed_puts_.end());
  running_ = workers_;
  for (size_t i = 0; i < workers_; ++i) {
    async::start_detached(work(), [this] {
      if (--running_ > 0) return;
      const ArrivalGate::NotStarted rest = gate_.take_not_started();
      statistics_.not_started += rest.count;
      statistics_.late += rest.count;
      statistics_.lag_max_ns = std::max(statistics_.lag_max_ns, rest.waited_max_ns);
      std::exchange(done_, {})();
    });
  }
}

Statistics LoadLoop::take_statistics() { return std::exchange(statistics_, Statistics()); }

async::Task<void> LoadLoop::work() {
  Worker worker;
  if (gate_.is_open()) co_await work_open(worker);
  else co_await work_closed(worker);
}

async::Task<void> LoadLoop::work_closed(Worker& worker) {
  uint64_t begun = now_ns();
  while (!is_over(begun)) {
    bool more = co_await operate(worker, begun);
    if (!more) break;
  }
}

async::Task<void> LoadLoop::work_open(Worker& worker) {
  while (true) {
    std::optional<uint64_t> due = co_await gate_.next();
    if (!due) break;
    uint64_t now = now_ns();
    const uint64_t lag = now > *due ? now - *due : 0;
    statistics_.lag_max_ns = std::max(statistics_.lag_max_ns, lag);
    statistics_.late += lag > kLateAfter ? 1 : 0;
    uint64_t begun = *due;
    bool more = co_await operate(worker, begun);
    if (more) continue;
    // What others still do may fail and be done again; when nobody does anything, nothing will come.
    if (busy_ == 0) gate_.close();
    break;
  }
}

async::Task<bool> LoadLoop::operate(Worker& worker, uint64_t& begun) {
  Choice choice = choose();
  if (choice.kind != Choice::Kind::kEnd) ++statistics_.started;
  while (choice.kind != Choice::Kind::kEnd) {
    ++busy_;
    if (choice.updates) worker.updated = choice.target;
    Result<Done> outcome = co_await run(choice, worker);
    --busy_;
    uint64_t ended = now_ns();
    account(choice, outcome, begun, ended);
    begun = ended;
    if (!outcome.ok()) {
      if (deadline_ns_ == kNever && ended - last_success_ns_ > kGiveUpAfter) {
        statistics_.gave_up = true;
        co_return false;
      }
      // In open loop the next one is due when it is due.
      if (!gate_.is_open() && is_trouble(outcome.status())) co_await pause(worker);
      begun = now_ns();
      co_return true;
    }
    last_success_ns_ = ended;
    worker.pause = Nanoseconds(0);
    if (choice.kind != Choice::Kind::kGet) co_return true;
    std::optional<Choice> update = choose_update(choice, worker);
    if (!update) co_return true;
    choice = std::move(*update);
  }
  co_return false;
}

/// Twice as long after each error in a row, never beyond the end.
async::Task<void> LoadLoop::pause(Worker& worker) {
  worker.pause = std::clamp(worker.pause * 2, kPauseMin, kPauseMax);
  uint64_t now = now_ns();
  uint64_t left = deadline_ns_ > now ? deadline_ns_ - now : 0;
  Nanoseconds nap(std::min<uint64_t>(static_cast<uint64_t>(worker.pause.count()), left));
  co_await async::sleep_for(nap);
}

}  // namespace ais::loader
