#include "sim/simulation.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace ais::sim {
namespace {

constexpr size_t kLinesKept = 50;
constexpr uint64_t kFnvPrime = 0x100000001B3;  // FNV-1a: enough to tell two traces apart

}  // namespace

SimulatedLoop::~SimulatedLoop() {
  for (async::PostNode* node : posted_) discard(node);
}

void SimulatedLoop::post(async::PostNode* node) {
  if (posted_.empty()) simulation_.make_ready(*this);
  posted_.push_back(node);
}

async::Loop::TimerId SimulatedLoop::add_timer(Nanoseconds delay, UniqueFunction<void()> callback) {
  const TimerId id = ++simulation_.last_timer_;
  simulation_.timers_.emplace(id, Simulation::Timer{this, std::move(callback)});
  simulation_.due_.push({simulation_.now_ + std::max(delay, Nanoseconds(0)), id});
  return id;
}

void SimulatedLoop::cancel_timer(TimerId id) { simulation_.timers_.erase(id); }

Nanoseconds SimulatedLoop::now() const { return simulation_.now_; }

void SimulatedLoop::run_one() {
  const Running running(*this);
  async::PostNode* node = posted_.front();
  node->run(node);
  posted_.pop_front();  // only now: a loop that runs is ready once, whatever it posts to itself
}

SimulatedLoop& Simulation::add_loop() {
  loops_.push_back(std::make_unique<SimulatedLoop>(*this, loops_.size()));
  return *loops_.back();
}

void Simulation::make_ready(SimulatedLoop& loop) { ready_.push_back(&loop); }

// A timer that is due becomes a message of its loop. It can still be cancelled until that runs.
bool Simulation::fire_timers(Nanoseconds limit) {
  while (!due_.empty() && timers_.find(due_.top().id) == timers_.end()) due_.pop();
  if (due_.empty() || due_.top().time > limit) return false;
  now_ = due_.top().time;
  for (; !due_.empty() && due_.top().time == now_; due_.pop()) {
    const async::Loop::TimerId id = due_.top().id;
    const auto timer = timers_.find(id);
    if (timer == timers_.end()) continue;
    timer->second.loop->post([this, id] {
      auto fired = timers_.extract(id);
      if (fired) fired.mapped().callback();
    });
  }
  return true;
}

bool Simulation::step(Nanoseconds limit) {
  while (ready_.empty())
    if (!fire_timers(limit)) return false;
  const size_t choice = random_.below(ready_.size());
  SimulatedLoop& loop = *ready_[choice];
  ++steps_;
  loop.run_one();
  // What it posted to others stands behind; it stays where it is as long as it has something to do.
  AIS_ASSERT(ready_[choice] == &loop);
  if (loop.posted_.empty()) {
    ready_[choice] = ready_.back();
    ready_.pop_back();
  }
  return true;
}

void Simulation::run_until(Nanoseconds time) {
  while (step(time)) {
  }
  now_ = std::max(now_, time);
}

bool Simulation::run_until(UniqueFunction<bool()> condition, Nanoseconds limit) {
  while (!condition())
    if (!step(limit)) return false;
  return true;
}

void Simulation::note(const SimulatedLoop& loop, std::string_view what) {
  std::string line = std::to_string(now_.count()) + " " + std::to_string(loop.index()) + " ";
  line.append(what);
  for (const char c : line) digest_ = (digest_ ^ static_cast<unsigned char>(c)) * kFnvPrime;
  digest_ = (digest_ ^ '\n') * kFnvPrime;
  ++lines_;
  last_lines_.push_back(std::move(line));
  if (last_lines_.size() > kLinesKept) last_lines_.pop_front();
}

std::string Simulation::trace_end() const {
  std::string out;
  for (const std::string& line : last_lines_) out.append(line).append("\n");
  return out;
}

}  // namespace ais::sim
