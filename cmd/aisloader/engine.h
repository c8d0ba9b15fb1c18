// Engine: the loops of a run, and phases on them. Used from the main thread, which waits while the loops work.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "aisloader/load_loop.h"

namespace ais::loader {

class Engine {
 public:
  /// Starts the threads of plan.options. `plan` must outlive the engine.
  static Result<std::unique_ptr<Engine>> start(Plan& plan);
  ~Engine();

  /// Called with what was measured in a sample, its length and the time since the phase began, in seconds. The samples of a phase are
  /// together all of it.
  using OnSample = std::function<void(const Statistics& statistics, double seconds, double elapsed)>;
  /// Runs a phase to its end and returns all that was measured in it. `on_sample` may be empty.
  Statistics run(Phase phase, std::chrono::nanoseconds sample, const OnSample& on_sample);
  /// Seconds that the last phase took.
  double seconds() const { return seconds_; }

 private:
  explicit Engine(Plan& plan) : plan_(plan) {}
  void on_all_loops(const std::function<void(size_t index)>& what);
  Statistics collect();

  Plan& plan_;
  std::unique_ptr<net::LoopGroup> group_;
  std::vector<std::unique_ptr<LoadLoop>> loops_;
  double seconds_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  size_t loops_done_ = 0;  // guarded by mutex_
};

}  // namespace ais::loader
