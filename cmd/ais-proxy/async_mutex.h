// AsyncMutex: coroutines of one loop take turns, first come first served. Loop thread only, so it needs no lock of its own.
#pragma once

#include <coroutine>
#include <cstddef>
#include <deque>

#include "net/event_loop.h"

namespace ais::proxy {

class AsyncMutex {
 public:
  explicit AsyncMutex(net::EventLoop& loop) : loop_(loop) {}
  AsyncMutex(const AsyncMutex&) = delete;

  class Awaiter {
   public:
    explicit Awaiter(AsyncMutex& mutex) : mutex_(mutex) {}
    bool await_ready() noexcept {
      if (mutex_.locked_) return false;
      mutex_.locked_ = true;
      return true;
    }
    void await_suspend(std::coroutine_handle<> handle) { mutex_.waiting_.push_back(handle); }
    void await_resume() const noexcept {}

   private:
    AsyncMutex& mutex_;
  };

  /// co_await mutex.lock(); every lock is followed by one unlock().
  Awaiter lock() { return Awaiter(*this); }
  /// Hands the lock to the longest waiter, which resumes in a later turn of the loop.
  void unlock() {
    if (waiting_.empty()) {
      locked_ = false;
      return;
    }
    const std::coroutine_handle<> next = waiting_.front();
    waiting_.pop_front();
    loop_.post([next] { next.resume(); });
  }
  size_t waiting() const { return waiting_.size(); }

 private:
  net::EventLoop& loop_;
  bool locked_ = false;
  std::deque<std::coroutine_handle<>> waiting_;
};

}  // namespace ais::proxy
