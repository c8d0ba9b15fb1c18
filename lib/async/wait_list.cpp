#include "async/wait_list.h"

namespace ais::async {

void WaitList::push_back(Waiter& waiter) {
  waiter.previous_ = last_;
  waiter.following_ = nullptr;
  waiter.listed_ = true;
  (last_ ? last_->following_ : first_) = &waiter;
  last_ = &waiter;
  ++size_;
}

Waiter* WaitList::pop_front() {
  Waiter* waiter = first_;
  if (waiter) remove(*waiter);
  return waiter;
}

bool WaitList::remove(Waiter& waiter) {
  if (!waiter.listed_) return false;
  waiter.listed_ = false;
  (waiter.previous_ ? waiter.previous_->following_ : first_) = waiter.following_;
  (waiter.following_ ? waiter.following_->previous_ : last_) = waiter.previous_;
  --size_;
  return true;
}

}  // namespace ais::async
