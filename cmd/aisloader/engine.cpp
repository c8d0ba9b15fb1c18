#include "aisloader/engine.h"

#include <chrono>

namespace ais::loader {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_between(SteadyClock::time_point from, SteadyClock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::start(Plan& plan) {
  std::unique_ptr<Engine> engine(new Engine(plan));
  size_t threads = plan.options.threads;
  net::Timers timers = plan.options.rate > 0 ? net::Timers::kPrecise : net::Timers::kCoarse;
  AIS_TRY(engine->group_, net::LoopGroup::start("load", threads, timers));
  engine->loops_.resize(threads);
  Engine* self = engine.get();
  engine->on_all_loops([self, threads](size_t i) {
    size_t workers = self->plan_.options.workers / threads + (i < self->plan_.options.workers % threads ? 1 : 0);
    self->loops_[i] = std::make_unique<LoadLoop>((*self->group_)[i], self->plan_, i, workers);
  });
  return engine;
}

Engine::~Engine() {
  if (!group_) return;
  if (!loops_.empty()) on_all_loops([this](size_t i) { loops_[i].reset(); });
  group_->stop_and_join();
}

/// Runs `what` on every loop's thread and waits for all.
void Engine::on_all_loops(const std::function<void(size_t index)>& what) {
  size_t left = group_->size();
  std::unique_lock lock(mutex_);
  for (size_t i = 0; i < group_->size(); ++i) {
    (*group_)[i].post([this, &what, &left, i] {
      what(i);
      std::lock_guard guard(mutex_);
      --left;
      changed_.notify_all();
    });
  }
  changed_.wait(lock, [&left] { return left == 0; });
}

Statistics Engine::collect() {
  std::vector<Statistics> parts(loops_.size());
  on_all_loops([this, &parts](size_t i) { parts[i] = loops_[i]->take_statistics(); });
  Statistics out;
  for (const Statistics& part : parts) out.merge(part);
  return out;
}

Statistics Engine::run(Phase phase, std::chrono::nanoseconds sample, const OnSample& on_sample) {
  loops_done_ = 0;
  SteadyClock::time_point begun = SteadyClock::now();
  SteadyClock::time_point last = begun;
  phase.begin_ns = now_ns();
  on_all_loops([this, &phase](size_t i) {
    loops_[i]->start(phase, [this] {
      std::lock_guard guard(mutex_);
      ++loops_done_;
      changed_.notify_all();
    });
  });
  Statistics total;
  bool over = false;
  SteadyClock::time_point next = begun;
  while (!over) {
    // At multiples of the sample since the beginning: what a look costs does not add up. A late look skips some.
    while (next <= last) next += sample;
    {
      std::unique_lock lock(mutex_);
      over = changed_.wait_until(lock, next, [this] { return loops_done_ == loops_.size(); });
    }
    SteadyClock::time_point now = SteadyClock::now();
    Statistics part = collect();
    if (on_sample) on_sample(part, seconds_between(last, now), seconds_between(begun, now));
    total.merge(part);
    last = now;
  }
  seconds_ = seconds_between(begun, last);
  return total;
}

}  // namespace ais::loader
