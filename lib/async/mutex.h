// Mutex: coroutines take turns, first come first served, also those of different loops. Held across co_await, unlike a std::mutex.
// Who waits goes on on its own loop, in a later turn, never within another's frame. Nobody may hold or await it when it is destroyed.
#pragma once

#include <coroutine>
#include <cstddef>
#include <mutex>
#include <utility>

#include "async/wait_list.h"

namespace ais::async {

class Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;

  /// A turn; ends with it, or with unlock().
  class [[nodiscard]] Lock {
   public:
    Lock(Lock&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() { unlock(); }
    void unlock() {
      if (mutex_) std::exchange(mutex_, nullptr)->hand_over();
    }

   private:
    friend class Mutex;
    explicit Lock(Mutex& mutex) : mutex_(&mutex) {}
    Mutex* mutex_;
  };

  class Awaiter : private Waiter {
   public:
    explicit Awaiter(Mutex& mutex) : mutex_(mutex) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> handle) {
      suspend(handle);
      return mutex_.take_or_add(*this);
    }
    Lock await_resume() const { return Lock(mutex_); }

   private:
    Mutex& mutex_;
  };

  /// Mutex::Lock turn = co_await mutex.lock();
  Awaiter lock() { return Awaiter(*this); }
  /// How many wait for it. Any thread.
  size_t waiting() const;

 private:
  /// False when it was free and is the caller's now.
  bool take_or_add(Waiter& waiter);
  /// Gives it to the longest waiter.
  void hand_over();

  mutable std::mutex mutex_;
  bool taken_ = false;  // guarded by mutex_, as the next
  WaitList waiting_;
};

}  // namespace ais::async
