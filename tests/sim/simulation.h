// Simulation: many nodes in one thread, on virtual time. Each node has a loop of its own (async::Loop), so that what runs on
// net::EventLoop in the programs runs here unchanged; which node goes on next is drawn at random from those that have something to do.
// Everything that happens follows from the seed: equal seeds, equal runs, callback by callback.
//
// Time stands still while anybody has something to do, then jumps to the next timer. A loop keeps its own order: messages as they were
// posted, timers as they are due. One thread only; a test that fails prints its seed.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "async/loop.h"
#include "base/function.h"
#include "base/units.h"
#include "sys/random.h"

namespace ais::sim {

class Simulation;

/// The loop of one simulated node. Its callbacks run when the simulation does.
class SimulatedLoop final : public async::Loop {
 public:
  SimulatedLoop(Simulation& simulation, size_t index) : simulation_(simulation), index_(index) {}
  ~SimulatedLoop() override;

  using Loop::post;
  void post(async::PostNode* node) override;
  TimerId add_timer(Nanoseconds delay, UniqueFunction<void()> callback) override;
  void cancel_timer(TimerId id) override;
  Nanoseconds now() const override;

  /// Its number, from 0.
  size_t index() const { return index_; }

 private:
  friend class Simulation;
  void run_one();

  Simulation& simulation_;
  const size_t index_;
  std::deque<async::PostNode*> posted_;
};

class Simulation {
 public:
  explicit Simulation(uint64_t seed) : random_(seed) {}
  Simulation(const Simulation&) = delete;

  /// A further node. The simulation owns it.
  SimulatedLoop& add_loop();
  /// The source of all chance: delays, losses, choices of the nodes as well.
  sys::Random& random() { return random_; }
  /// Virtual time, from 0.
  Nanoseconds now() const { return now_; }

  /// Runs everything that happens until this time, which it is then.
  void run_until(Nanoseconds time);
  /// Runs until the condition holds, which is looked at after each callback; false when it does not by `limit`.
  bool run_until(UniqueFunction<bool()> condition, Nanoseconds limit);

  /// Writes down that something happened, with time and node: what two runs are compared by. Keeps a digest, and the last lines.
  void note(const SimulatedLoop& loop, std::string_view what);
  /// Of all lines so far.
  uint64_t trace_digest() const { return digest_; }
  size_t trace_lines() const { return lines_; }
  /// For people, when a test has failed.
  std::string trace_end() const;
  /// Callbacks that were run.
  uint64_t steps() const { return steps_; }

 private:
  friend class SimulatedLoop;
  struct Timer {
    SimulatedLoop* loop;
    UniqueFunction<void()> callback;
  };
  struct Due {
    Nanoseconds time;
    async::Loop::TimerId id;
    bool operator>(const Due& other) const { return time != other.time ? time > other.time : id > other.id; }
  };

  void make_ready(SimulatedLoop& loop);
  /// Runs one callback; false when there is none before `limit` (or at it).
  bool step(Nanoseconds limit);
  bool fire_timers(Nanoseconds limit);

  sys::Random random_;
  Nanoseconds now_{0};
  std::vector<SimulatedLoop*> ready_;  // each with something posted, once; before loops_: these leave it last
  std::unordered_map<async::Loop::TimerId, Timer> timers_;
  std::priority_queue<Due, std::vector<Due>, std::greater<Due>> due_;  // cancelled ones, too
  std::vector<std::unique_ptr<SimulatedLoop>> loops_;
  async::Loop::TimerId last_timer_ = 0;
  uint64_t steps_ = 0;
  uint64_t digest_ = 0;
  size_t lines_ = 0;
  std::deque<std::string> last_lines_;
};

}  // namespace ais::sim
