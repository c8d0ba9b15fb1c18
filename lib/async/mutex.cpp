#include "async/mutex.h"

namespace ais::async {

size_t Mutex::waiting() const {
  const std::lock_guard guard(mutex_);
  return waiting_.size();
}

bool Mutex::take_or_add(Waiter& waiter) {
  const std::lock_guard guard(mutex_);
  if (taken_) waiting_.push_back(waiter);
  return std::exchange(taken_, true);
}

void Mutex::hand_over() {
  const std::lock_guard guard(mutex_);
  if (Waiter* next = waiting_.pop_front()) next->resume_later();
  else taken_ = false;
}

}  // namespace ais::async
