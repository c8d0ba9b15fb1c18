// run_all(tasks): starts all tasks on this loop and waits until every one has ended. For the same question to many nodes.
#pragma once

#include <coroutine>
#include <cstddef>
#include <utility>
#include <vector>

#include "async/task.h"

namespace ais::proxy {

/// Counts down to zero, then resumes the one coroutine that waits. Loop thread only.
class Latch {
 public:
  explicit Latch(size_t count) : count_(count) {}
  Latch(const Latch&) = delete;
  /// The last arrival resumes the waiter, which may destroy this latch: nothing of it is touched afterwards.
  void arrive() {
    if (--count_ == 0 && waiter_) waiter_.resume();
  }
  bool await_ready() const noexcept { return count_ == 0; }
  void await_suspend(std::coroutine_handle<> handle) { waiter_ = handle; }
  void await_resume() const noexcept {}

 private:
  size_t count_;
  std::coroutine_handle<> waiter_;
};

inline async::Task<void> run_all(std::vector<async::Task<void>> tasks) {
  Latch latch(tasks.size());
  for (async::Task<void>& task : tasks) async::start_detached(std::move(task), [&latch] { latch.arrive(); });
  co_await latch;
}

}  // namespace ais::proxy
