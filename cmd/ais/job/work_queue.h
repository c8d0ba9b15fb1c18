// WorkQueue: items on their way from one producer to the workers of several loops. Bounded by its producer, which waits until little is
// left before it adds more. Used from the threads of event loops; everybody who waits has been resumed before the queue is destroyed.
#pragma once

#include <algorithm>
#include <coroutine>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "net/event_loop.h"

namespace ais::cli {

template <typename Item>
class WorkQueue {
 public:
  void push(std::vector<Item> items) {
    std::lock_guard guard(mutex_);
    for (Item& item : items) items_.push_back(std::move(item));
    size_t woken = std::min(items_.size(), workers_.size());
    for (size_t i = 0; i < woken; ++i) {
      workers_.front().resume_later();
      workers_.pop_front();
    }
  }
  /// No more items will come. `drop` forgets those that wait.
  void close(bool drop = false) {
    std::lock_guard guard(mutex_);
    closed_ = true;
    if (drop) items_.clear();
    for (Waiter& worker : workers_) worker.resume_later();
    workers_.clear();
    wake_producers();
  }

  /// The next item, or nothing when the queue is closed and empty.
  async::Task<std::optional<Item>> pop() {
    while (true) {
      Wait wait{*this, workers_, 0};
      co_await wait;
      std::lock_guard guard(mutex_);
      if (items_.empty() && closed_) co_return std::nullopt;
      if (items_.empty()) continue;  // another worker was faster
      std::optional<Item> item(std::move(items_.front()));
      items_.pop_front();
      if (items_.size() <= low_mark_) wake_producers();
      co_return item;
    }
  }
  /// For the producer: returns when at most `count` items wait, or the queue is closed.
  async::Task<void> wait_for_room(size_t count) {
    {
      std::lock_guard guard(mutex_);
      low_mark_ = count;
    }
    Wait wait{*this, producers_, count};
    co_await wait;
  }

 private:
  struct Waiter {
    std::coroutine_handle<> handle;
    net::EventLoop* loop;
    // Through its loop: whoever adds or takes an item goes on first, and nobody resumes from within another's frame.
    void resume_later() const {
      loop->post([resumed = handle] { resumed.resume(); });
    }
  };
  /// Waits unless it need not: workers for an item, the producer for room.
  struct Wait {
    WorkQueue& queue;
    std::deque<Waiter>& list;
    size_t room;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> handle) {
      std::lock_guard guard(queue.mutex_);
      bool for_item = &list == &queue.workers_;
      bool ready = for_item ? !queue.items_.empty() : queue.items_.size() <= room;
      if (ready || queue.closed_) return false;
      list.push_back({handle, net::EventLoop::current()});
      return true;
    }
    void await_resume() const noexcept {}
  };
  void wake_producers() {
    for (const Waiter& producer : producers_) producer.resume_later();
    producers_.clear();
  }

  std::mutex mutex_;  // guards all below
  std::deque<Item> items_;
  std::deque<Waiter> workers_;
  std::deque<Waiter> producers_;
  size_t low_mark_ = 0;
  bool closed_ = false;
};

}  // namespace ais::cli
