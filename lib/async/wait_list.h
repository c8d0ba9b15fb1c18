// WaitList: the coroutines that wait for one thing, in the order in which they came; the part that mutex, event and channel share.
// Waiters are links in their own coroutine frames: no allocation, and any of them can leave from the middle. The owner guards the list
// by its own std::mutex.
#pragma once

#include <coroutine>
#include <cstddef>

#include "async/loop.h"

namespace ais::async {

/// One who waits. An awaiter derives from it, calls suspend() and adds itself to a list under the owner's lock.
class Waiter : public Resumption {
 private:
  friend class WaitList;
  Waiter* previous_ = nullptr;
  Waiter* following_ = nullptr;
  bool listed_ = false;
};

class WaitList {
 public:
  WaitList() = default;
  WaitList(const WaitList&) = delete;

  bool empty() const { return first_ == nullptr; }
  size_t size() const { return size_; }
  void push_back(Waiter& waiter);
  /// The one who has waited longest, no longer in the list; nullptr when nobody waits. To be woken with resume_later() under the same
  /// lock: afterwards its frame may be gone.
  Waiter* pop_front();
  /// False when it is in the list no longer: somebody has popped it, and its resumption is on the way.
  bool remove(Waiter& waiter);
  /// Wakes all.
  void resume_all_later() {
    while (Waiter* waiter = pop_front()) waiter->resume_later();
  }

 private:
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  size_t size_ = 0;
};

}  // namespace ais::async
