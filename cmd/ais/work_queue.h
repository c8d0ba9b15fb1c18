// WorkQueue: items on their way from one producer to several workers of the same loop. Bounded by its producer, which waits until
// little is left before it adds more. Loop thread only; everybody who waits has been resumed before the queue is destroyed.
#pragma once

#include <coroutine>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "net/event_loop.h"

namespace ais::cli {

template <typename Item>
class WorkQueue {
 public:
  void push(std::vector<Item> items) {
    for (Item& item : items) items_.push_back(std::move(item));
    size_t woken = std::min(items_.size(), workers_.size());
    for (size_t i = 0; i < woken; ++i) {
      resume_later(workers_.front());
      workers_.pop_front();
    }
  }
  /// No more items will come. `drop` forgets those that wait.
  void close(bool drop = false) {
    closed_ = true;
    if (drop) items_.clear();
    for (std::coroutine_handle<> worker : workers_) resume_later(worker);
    workers_.clear();
    wake_producer();
  }
  bool closed() const { return closed_; }

  /// The next item, or nothing when the queue is closed and empty.
  net::Task<std::optional<Item>> pop() {
    while (items_.empty() && !closed_) {
      Wait wait{workers_};
      co_await wait;
    }
    if (items_.empty()) co_return std::nullopt;
    std::optional<Item> item(std::move(items_.front()));
    items_.pop_front();
    if (items_.size() <= low_mark_) wake_producer();
    co_return item;
  }
  /// For the producer: returns when at most `count` items wait, or the queue is closed.
  net::Task<void> wait_for_room(size_t count) {
    low_mark_ = count;
    while (items_.size() > count && !closed_) {
      Wait wait{producers_};
      co_await wait;
    }
  }

 private:
  struct Wait {
    std::deque<std::coroutine_handle<>>& list;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) { list.push_back(handle); }
    void await_resume() const noexcept {}
  };
  // Through the loop: whoever adds or takes an item goes on first, and nobody resumes from within another's frame.
  static void resume_later(std::coroutine_handle<> handle) {
    net::EventLoop::current()->post([handle] { handle.resume(); });
  }
  void wake_producer() {
    for (std::coroutine_handle<> producer : producers_) resume_later(producer);
    producers_.clear();
  }

  std::deque<Item> items_;
  std::deque<std::coroutine_handle<>> workers_;
  std::deque<std::coroutine_handle<>> producers_;
  size_t low_mark_ = 0;
  bool closed_ = false;
};

}  // namespace ais::cli
