// SingleFlight: many want the same thing done at about the same time, from any loops. One call is under way at a time, and who came while
// it was gets the result of the next one, which they share: so each is answered by a call that began after it asked.
#pragma once

#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "async/task.h"
#include "async/wait_list.h"

namespace ais::async {

template <typename Value>
class SingleFlight {
 public:
  SingleFlight() = default;
  SingleFlight(const SingleFlight&) = delete;

  /// `call()` is a Task<Value>; all callers' mean the same. It runs on the loop of one of those who wait for it. Value is copied to the
  /// others. Nobody may wait for a call when the SingleFlight is destroyed.
  template <typename Call>
  Task<Value> run(Call call);
  /// No call is under way and nobody waits for one. Any thread.
  bool is_idle() const {
    const std::lock_guard guard(mutex_);
    return !under_way_;
  }

 private:
  /// A call that is under way or comes next: who waits for it and, in the end, its result.
  struct Flight {
    WaitList waiting;
    std::optional<Value> value;
  };
  class Boarding;

  /// Ends the flight; the first who waits for the next one makes it.
  void land(Flight& flight, const Value& value);

  mutable std::mutex mutex_;
  bool under_way_ = false;          // guarded by mutex_, as the next
  std::shared_ptr<Flight> coming_;  // of those who came while a call was under way
};

/// Returns at once when no call is under way, else when the next one ends, or is the awaiter's to make.
template <typename Value>
class SingleFlight<Value>::Boarding : private Waiter {
 public:
  explicit Boarding(SingleFlight& owner) : owner_(owner) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    const std::lock_guard guard(owner_.mutex_);
    leads_ = !std::exchange(owner_.under_way_, true);
    if (leads_) {
      flight_ = std::make_shared<Flight>();
      return false;
    }
    if (!owner_.coming_) owner_.coming_ = std::make_shared<Flight>();
    flight_ = owner_.coming_;
    suspend(handle);
    flight_->waiting.push_back(*this);
    return true;
  }
  void await_resume() const noexcept {}
  bool leads() const { return leads_; }
  Flight& flight() const { return *flight_; }

 private:
  friend class SingleFlight;
  SingleFlight& owner_;
  std::shared_ptr<Flight> flight_;
  bool leads_ = false;
};

template <typename Value>
template <typename Call>
Task<Value> SingleFlight<Value>::run(Call call) {
  Boarding boarding(*this);
  co_await boarding;
  // Landed flights have no writer any more: no lock is needed to read the value.
  if (!boarding.leads()) co_return *boarding.flight().value;
  Value value = co_await call();
  land(boarding.flight(), value);
  co_return value;
}

template <typename Value>
void SingleFlight<Value>::land(Flight& flight, const Value& value) {
  const std::lock_guard guard(mutex_);
  flight.value = value;
  flight.waiting.resume_all_later();
  const std::shared_ptr<Flight> coming = std::exchange(coming_, nullptr);
  if (!coming) {
    under_way_ = false;
    return;
  }
  auto* leader = static_cast<Boarding*>(coming->waiting.pop_front());
  leader->leads_ = true;
  leader->resume_later();
}

}  // namespace ais::async
