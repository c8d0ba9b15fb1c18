// Task<T>: a lazily started coroutine. Code that waits (socket, disk, peer, timer) is written with it and reads top to bottom.
//
// A Task starts when it is awaited (or handed to start_detached) and resumes its awaiter by symmetric transfer, so a chain of
// tasks costs no stack and no queue. It runs on the thread that resumes it; code of ours keeps a task on one event loop.
// A Task owns its frame: destroying an unfinished one destroys the frame, which is only legal while it is suspended.
// No exceptions: one that escapes a task ends the process.
//
// g++ 12 traps, avoid them: no braced aggregate temporaries inside a co_await expression, no co_await inside ?:.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "base/function.h"

namespace ais::async {

template <typename T>
class [[nodiscard]] Task;

namespace internal {

struct PromiseBase {
  std::coroutine_handle<> continuation = std::noop_coroutine();

  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> handle) const noexcept {
      return handle.promise().continuation;
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() noexcept { return {}; }
  FinalAwaiter final_suspend() noexcept { return {}; }
  [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
};

template <typename T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <typename U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() {}
};

}  // namespace internal

template <typename T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
    handle_.promise().continuation = awaiter;
    return handle_;
  }
  T await_resume() {
    if constexpr (!std::is_void_v<T>) {
      AIS_ASSERT(handle_.promise().value.has_value());
      return std::move(*handle_.promise().value);
    }
  }

 private:
  Handle handle_;
};

namespace internal {
template <typename T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() { return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this)); }
}  // namespace internal

/// What a coroutine returns that nobody awaits: it starts at once and frees itself at its end. For objects whose life is one coroutine;
/// anything else is a Task.
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
  };
};

/// Runs the task now on this thread until its first suspension; its frame frees itself at the end. `done` (optional) runs last, when the
/// frame and what it held are gone.
inline void start_detached(Task<void> task, UniqueFunction<void()> done = {}) {
  [](Task<void> inner, UniqueFunction<void()> after) -> Detached {
    {
      Task<void> running = std::move(inner);
      co_await running;
    }
    if (after) after();
  }(std::move(task), std::move(done));
}

}  // namespace ais::async
