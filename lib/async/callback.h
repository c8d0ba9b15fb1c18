// from_callback<Value>(start): awaits an operation that calls back. `start` is called at once and gets a callback that takes the Value;
// it may be called on any thread, once; the coroutine goes on on its own loop, in a later turn. No allocation of its own: the
// value lies in the coroutine's frame.
//   auto committed = co_await from_callback<Result<Info>>([&](auto done) { store.put(request, std::move(done)); });
#pragma once

#include <coroutine>
#include <optional>
#include <utility>

#include "async/loop.h"

namespace ais::async {

template <typename Value, typename Start>
class CallbackAwaiter : private Resumption {
 public:
  explicit CallbackAwaiter(Start start) : start_(std::move(start)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    suspend(handle);
    start_([this](Value value) {
      value_.emplace(std::move(value));
      resume_later();
    });
  }
  Value await_resume() { return std::move(*value_); }

 private:
  Start start_;
  std::optional<Value> value_;
};

template <typename Value, typename Start>
CallbackAwaiter<Value, Start> from_callback(Start start) {
  return CallbackAwaiter<Value, Start>(std::move(start));
}

}  // namespace ais::async
