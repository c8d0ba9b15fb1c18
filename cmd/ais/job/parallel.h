// run_parallel: several tasks at once on the current loop.
#pragma once

#include <coroutine>
#include <utility>
#include <vector>

#include "async/task.h"

namespace ais::cli {

/// Starts all tasks and resumes when the last one has ended.
inline async::Task<void> run_parallel(std::vector<async::Task<void>> tasks) {
  struct Gate {
    size_t running;
    std::coroutine_handle<> waiter = nullptr;
    bool await_ready() const noexcept { return running == 0; }
    void await_suspend(std::coroutine_handle<> handle) noexcept { waiter = handle; }
    void await_resume() const noexcept {}
    void leave() {
      if (--running == 0 && waiter) waiter.resume();
    }
  };
  Gate gate{tasks.size()};
  for (async::Task<void>& task : tasks) async::start_detached(std::move(task), [&gate] { gate.leave(); });
  co_await gate;
}

}  // namespace ais::cli
