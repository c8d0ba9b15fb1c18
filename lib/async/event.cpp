#include "async/event.h"

namespace ais::async {

void Event::set() {
  const std::lock_guard guard(mutex_);
  set_ = true;
  waiting_.resume_all_later();
}

void Event::reset() {
  const std::lock_guard guard(mutex_);
  set_ = false;
}

bool Event::is_set() const {
  const std::lock_guard guard(mutex_);
  return set_;
}

bool Event::add(Waiter& waiter) {
  const std::lock_guard guard(mutex_);
  if (set_) return false;
  waiting_.push_back(waiter);
  return true;
}

bool Event::leave(Waiter& waiter) {
  const std::lock_guard guard(mutex_);
  return waiting_.remove(waiter);
}

bool Event::TimedWait::await_ready() {
  if (limit_.count() > 0) return false;
  happened_ = event_.is_set();
  return true;
}

bool Event::TimedWait::await_suspend(std::coroutine_handle<> handle) {
  suspend(handle);
  // The timer first: once it is in the list another thread may wake it, but not before this turn of its loop is over.
  timer_ = loop().add_timer(limit_, [this] { on_timer(); });
  return event_.add(*this);
}

void Event::TimedWait::on_timer() {
  timer_ = 0;
  if (!event_.leave(*this)) return;
  happened_ = false;
  resume_now();
}

bool Event::TimedWait::await_resume() {
  if (timer_ != 0) loop().cancel_timer(timer_);
  return happened_;
}

}  // namespace ais::async
