// offload(pool, fn): runs a blocking function on a sys::ThreadPool and resumes the coroutine on its own loop with the result.
// No allocation: the job lives in the coroutine frame. When the pool's queue is full the job waits there: pools have a bound on
// threads, callers have theirs on requests in flight.
#pragma once

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "net/event_loop.h"
#include "sys/thread_pool.h"

namespace ais::net {

template <typename Function>
class OffloadAwaiter : private sys::PoolJob, private PostNode {
  using Value = std::invoke_result_t<Function>;

 public:
  OffloadAwaiter(sys::ThreadPool& pool, Function function) : pool_(pool), function_(std::move(function)) {
    sys::PoolJob::run_job = [](sys::PoolJob* job) {
      auto* self = static_cast<OffloadAwaiter*>(job);
      if constexpr (std::is_void_v<Value>) self->function_();
      else self->value_.emplace(self->function_());
      self->loop_->post(static_cast<PostNode*>(self));
    };
    PostNode::run = [](PostNode* node) { static_cast<OffloadAwaiter*>(node)->handle_.resume(); };
  }
  OffloadAwaiter(const OffloadAwaiter&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    loop_ = EventLoop::current();
    pool_.submit(static_cast<sys::PoolJob*>(this));
  }
  Value await_resume() {
    if constexpr (!std::is_void_v<Value>) return std::move(*value_);
  }

 private:
  struct Nothing {};
  sys::ThreadPool& pool_;
  Function function_;
  std::coroutine_handle<> handle_;
  EventLoop* loop_ = nullptr;
  std::optional<std::conditional_t<std::is_void_v<Value>, Nothing, Value>> value_;
};

template <typename Function>
OffloadAwaiter<Function> offload(sys::ThreadPool& pool, Function function) {
  return OffloadAwaiter<Function>(pool, std::move(function));
}

/// Awaits a callback-style operation: `start` gets a Completer that may be called from any thread, once; the coroutine resumes on
/// its loop with the value given to it.
///   auto info = co_await callback_result<Result<ObjectInfo>>([&](auto complete) { store.put(request, std::move(complete)); });
template <typename Value, typename Start>
class CallbackAwaiter : private PostNode {
 public:
  explicit CallbackAwaiter(Start start) : start_(std::move(start)) {
    PostNode::run = [](PostNode* node) { static_cast<CallbackAwaiter*>(node)->handle_.resume(); };
  }
  CallbackAwaiter(const CallbackAwaiter&) = delete;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    loop_ = EventLoop::current();
    start_([this](Value value) {
      value_.emplace(std::move(value));
      loop_->post(static_cast<PostNode*>(this));
    });
  }
  Value await_resume() { return std::move(*value_); }

 private:
  Start start_;
  std::coroutine_handle<> handle_;
  EventLoop* loop_ = nullptr;
  std::optional<Value> value_;
};

template <typename Value, typename Start>
CallbackAwaiter<Value, Start> callback_result(Start start) {
  return CallbackAwaiter<Value, Start>(std::move(start));
}

}  // namespace ais::net
