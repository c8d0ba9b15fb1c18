// LoopTest: one simulated loop, tasks on it, and virtual time.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "async/task.h"
#include "sim/simulation.h"

namespace ais::async {

class LoopTest : public testing::Test {
 protected:
  /// Starts the task in a later turn; ended() counts.
  void start(Task<void> task) {
    ++started_;
    loop_.post([this, owned = std::move(task)]() mutable { start_detached(std::move(owned), [this] { ++ended_; }); });
  }
  /// Runs what can run without time going by.
  void settle() { simulation_.run_until(simulation_.now()); }
  void run_for(Nanoseconds time) { simulation_.run_until(simulation_.now() + time); }
  size_t ended() const { return ended_; }
  void TearDown() override { EXPECT_EQ(ended_, started_) << "a task is left"; }

  sim::Simulation simulation_{1};
  sim::SimulatedLoop& loop_ = simulation_.add_loop();

 private:
  size_t started_ = 0, ended_ = 0;
};

}  // namespace ais::async
