// ThreadLoop: a loop on a thread of its own, without sockets: for tests of what coroutines of several threads share.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "async/loop.h"
#include "async/task.h"
#include "sys/clock.h"

namespace ais::async {

class ThreadLoop final : public Loop {
 public:
  ThreadLoop() : thread_([this] { run(); }) {}
  /// Runs what was posted, then ends; timers that are left are forgotten.
  ~ThreadLoop() override {
    post([this] { stopping_ = true; });
    thread_.join();
  }

  using Loop::post;
  void post(PostNode* node) override {
    const std::lock_guard guard(mutex_);
    posted_.push_back(node);
    wake_.notify_one();
  }
  TimerId add_timer(Nanoseconds delay, UniqueFunction<void()> callback) override {
    timers_.emplace(std::pair(now() + delay, ++last_timer_), std::move(callback));
    return last_timer_;
  }
  void cancel_timer(TimerId id) override {
    for (auto it = timers_.begin(); it != timers_.end(); ++it) {
      if (it->first.second != id) continue;
      timers_.erase(it);
      return;
    }
  }
  Nanoseconds now() const override { return Nanoseconds(sys::real_clock().monotonic_ns()); }

  /// Starts the task on this loop. Any thread.
  void start(Task<void> task, UniqueFunction<void()> done = {}) {
    post([owned = std::move(task), after = std::move(done)]() mutable { start_detached(std::move(owned), std::move(after)); });
  }

 private:
  void run() {
    const Running running(*this);
    while (!stopping_) {
      std::unique_lock lock(mutex_);
      const auto ready = [this] { return !posted_.empty(); };
      if (timers_.empty()) wake_.wait(lock, ready);
      else wake_.wait_for(lock, timers_.begin()->first.first - now(), ready);
      std::deque<PostNode*> turn = std::exchange(posted_, {});
      lock.unlock();
      for (PostNode* node : turn) node->run(node);
      while (!timers_.empty() && timers_.begin()->first.first <= now()) timers_.extract(timers_.begin()).mapped()();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<PostNode*> posted_;  // guarded by mutex_
  // The rest belongs to the thread.
  std::map<std::pair<Nanoseconds, TimerId>, UniqueFunction<void()>> timers_;
  TimerId last_timer_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

/// For the test's own thread: waits until as many arrived as were expected.
class Countdown {
 public:
  explicit Countdown(size_t count) : count_(count) {}
  void arrive() {
    const std::lock_guard guard(mutex_);
    if (--count_ == 0) zero_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    zero_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable zero_;
  size_t count_;
};

}  // namespace ais::async
