// Several tasks at once on one loop: when_all() for those that are there, for_each() for the same work over many things, with a limit.
#pragma once

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <utility>
#include <vector>

#include "async/task.h"

namespace ais::async {

namespace internal {

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

}  // namespace internal

/// Starts all tasks on this loop, in their order, and waits until every one has ended; by then their frames are gone. Tasks that go to
/// another loop come back before they end.
inline Task<void> when_all(std::vector<Task<void>> tasks) {
  internal::Latch latch(tasks.size());
  for (Task<void>& task : tasks) start_detached(std::move(task), [&latch] { latch.arrive(); });
  co_await latch;
}

/// Awaits `work(index)`, a Task<void>, for every index below `count`, begun in this order, at most `limit` (> 0) at a time. Returns when
/// all have ended. `work` is kept until then: what it captures lives in its caller, never in the work's own frame.
template <typename Work>
Task<void> for_each(size_t count, size_t limit, Work work) {
  size_t next = 0;
  auto lane = [&]() -> Task<void> {
    while (next < count) co_await work(next++);
  };
  std::vector<Task<void>> lanes;
  for (size_t i = 0, wanted = std::min(count, limit); i < wanted; ++i) lanes.push_back(lane());
  co_await when_all(std::move(lanes));
}

}  // namespace ais::async
