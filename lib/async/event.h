// Event: something that has happened or has not, and coroutines that wait for it, with a time limit or without. Any loops and threads;
// who waits goes on on its own loop, in a later turn, never within set().
//
// Nobody may wait when it is destroyed, and who was woken counts as waiting until it has gone on; no call of set() may be under way.
#pragma once

#include <coroutine>
#include <mutex>

#include "async/wait_list.h"
#include "base/units.h"

namespace ais::async {

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;

  /// It has happened: wakes all who wait, and nobody waits until reset().
  void set();
  void reset();
  bool is_set() const;

  class Wait;
  class TimedWait;
  /// co_await event.wait(): returns when it is set.
  Wait wait();
  /// bool happened = co_await event.wait_for(1s): false when the time was over first. A limit of zero or less only looks.
  TimedWait wait_for(Nanoseconds limit);

 private:
  /// False when there is nothing to wait for.
  bool add(Waiter& waiter);
  /// False when set() was faster and has woken it.
  bool leave(Waiter& waiter);

  mutable std::mutex mutex_;
  bool set_ = false;  // guarded by mutex_, as the next
  WaitList waiting_;
};

class Event::Wait : private Waiter {
 public:
  explicit Wait(Event& event) : event_(event) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    suspend(handle);
    return event_.add(*this);
  }
  void await_resume() const noexcept {}

 private:
  Event& event_;
};

class Event::TimedWait : private Waiter {
 public:
  TimedWait(Event& event, Nanoseconds limit) : event_(event), limit_(limit) {}
  bool await_ready();
  bool await_suspend(std::coroutine_handle<> handle);
  bool await_resume();

 private:
  void on_timer();

  Event& event_;
  Nanoseconds limit_;
  Loop::TimerId timer_ = 0;
  bool happened_ = true;
};

inline Event::Wait Event::wait() { return Wait(*this); }
inline Event::TimedWait Event::wait_for(Nanoseconds limit) { return TimedWait(*this, limit); }

}  // namespace ais::async
