// Channel: items on their way from coroutines to coroutines, also of different loops; at most `capacity` wait in it. Who waits goes on on
// its own loop, in a later turn, never within another's frame. Items come out in the order in which they went in.
//
// Senders that found it full go on when half of it is empty, so that a fast sender and a fast receiver on two threads do not wake each
// other for every item. Nobody may wait in it when it is destroyed.
#pragma once

#include <coroutine>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "async/wait_list.h"

namespace ais::async {

template <typename Item>
class Channel {
 public:
  explicit Channel(size_t capacity) : capacity_(capacity) {}
  Channel(const Channel&) = delete;

  class Send;
  class Receive;
  /// bool taken = co_await channel.send(item): waits for room; false, and the item is dropped, when the channel is closed.
  Send send(Item item) { return Send(*this, std::move(item)); }
  /// std::optional<Item> item = co_await channel.receive(): waits for one; nothing when the channel is closed and empty.
  Receive receive() { return Receive(*this); }
  /// Takes no more items; those in it can still be received. Any thread.
  void close();
  /// The same, but forgets what is in it.
  void close_and_drop();

 private:
  bool is_full() const { return items_.size() >= capacity_; }
  /// Below half: room for those who wait to send.
  void let_senders_in();
  void close_locked();

  const size_t capacity_;
  std::mutex mutex_;  // guards all below
  std::deque<Item> items_;
  WaitList senders_;    // when it is full
  WaitList receivers_;  // when it is empty
  bool closed_ = false;
};

template <typename Item>
class Channel<Item>::Send : private Waiter {
 public:
  Send(Channel& channel, Item item) : channel_(channel), item_(std::move(item)) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    const std::lock_guard guard(channel_.mutex_);
    if (channel_.closed_) return false;
    if (channel_.is_full() || !channel_.senders_.empty()) {
      suspend(handle);
      channel_.senders_.push_back(*this);
      return true;
    }
    pass_on();
    return false;
  }
  bool await_resume() const { return taken_; }

 private:
  friend class Channel;
  /// To the receiver that waits, or into the queue.
  void pass_on() {
    taken_ = true;
    if (auto* receiver = static_cast<Receive*>(channel_.receivers_.pop_front())) receiver->take(std::move(item_));
    else channel_.items_.push_back(std::move(item_));
  }
  Channel& channel_;
  Item item_;
  bool taken_ = false;
};

template <typename Item>
class Channel<Item>::Receive : private Waiter {
 public:
  explicit Receive(Channel& channel) : channel_(channel) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    const std::lock_guard guard(channel_.mutex_);
    if (!channel_.items_.empty()) {
      item_.emplace(std::move(channel_.items_.front()));
      channel_.items_.pop_front();
      channel_.let_senders_in();
      return false;
    }
    if (channel_.closed_) return false;
    suspend(handle);
    channel_.receivers_.push_back(*this);
    return true;
  }
  std::optional<Item> await_resume() { return std::move(item_); }

 private:
  friend class Channel;
  void take(Item item) {
    item_.emplace(std::move(item));
    this->resume_later();
  }
  Channel& channel_;
  std::optional<Item> item_;
};

template <typename Item>
void Channel<Item>::let_senders_in() {
  if (items_.size() > capacity_ / 2) return;
  while (!is_full()) {
    auto* sender = static_cast<Send*>(senders_.pop_front());
    if (!sender) return;
    sender->pass_on();
    sender->resume_later();
  }
}

template <typename Item>
void Channel<Item>::close() {
  const std::lock_guard guard(mutex_);
  close_locked();
}

template <typename Item>
void Channel<Item>::close_and_drop() {
  const std::lock_guard guard(mutex_);
  items_.clear();
  close_locked();
}

template <typename Item>
void Channel<Item>::close_locked() {
  closed_ = true;
  senders_.resume_all_later();
  receivers_.resume_all_later();
}

}  // namespace ais::async
