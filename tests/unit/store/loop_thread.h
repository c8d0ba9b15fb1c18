// LoopThread: an async::Loop on a thread of its own, for tests that await the store's tasks from outside.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "async/loop.h"
#include "async/task.h"
#include "base/assert.h"
#include "sys/clock.h"

namespace ais::store {

/// Has no timers: the store needs none. Destroyed only when nothing waits on it any more.
class LoopThread final : public async::Loop {
 public:
  LoopThread() : thread_([this] { work(); }) {}
  ~LoopThread() override {
    Loop::post([this] { ended_ = true; });
    thread_.join();
  }

  using Loop::post;
  void post(async::PostNode* node) override {
    node->next = nullptr;
    const std::lock_guard lock(mutex_);
    queue_.push_back(node);
    wake_.notify_one();
  }
  TimerId add_timer(Nanoseconds, UniqueFunction<void()>) override {
    AIS_ASSERT_MSG(false, "no timers here");
    return 0;
  }
  void cancel_timer(TimerId) override {}
  Nanoseconds now() const override { return Nanoseconds(sys::real_clock().monotonic_ns()); }

  /// Begins `task`: on return it has come to its first wait. `done` gets its outcome, on the loop's thread. Any thread.
  template <typename T>
  void start(async::Task<T> task, UniqueFunction<void(T)> done) {
    run([&] { await(std::move(task), std::move(done)); });
  }
  /// Begins `task` in the same way; the future is for its outcome.
  template <typename T>
  std::future<T> start(async::Task<T> task) {
    std::promise<T> promise;
    std::future<T> future = promise.get_future();
    start<T>(std::move(task), [promise = std::move(promise)](T outcome) mutable { promise.set_value(std::move(outcome)); });
    return future;
  }
  /// The outcome of `task`. Any thread but the loop's.
  template <typename T>
  T wait(async::Task<T> task) {
    return start(std::move(task)).get();
  }
  /// Calls `work` on the loop, after all that was posted before, and waits for its end.
  template <typename Work>
  void run(Work work) {
    if (in_loop()) return work();
    std::promise<void> finished;
    Loop::post([&] {
      work();
      finished.set_value();
    });
    finished.get_future().wait();
  }

 private:
  template <typename T>
  static async::Detached await(async::Task<T> task, UniqueFunction<void(T)> done) {
    T outcome = co_await std::move(task);
    done(std::move(outcome));
  }

  void work() {
    const Running running(*this);
    while (!ended_) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !queue_.empty(); });
      async::PostNode* node = queue_.front();
      queue_.pop_front();
      lock.unlock();
      node->run(node);
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<async::PostNode*> queue_;  // guarded by mutex_
  bool ended_ = false;                  // the loop's thread
  std::thread thread_;
};

}  // namespace ais::store
