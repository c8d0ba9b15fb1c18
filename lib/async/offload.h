// offload(pool, fn): runs a blocking function on a sys::ThreadPool and resumes the coroutine on its own loop with the result.
// No allocation: the job lives in the coroutine frame. When the pool's queue is full the job waits there: pools have a bound on
// threads, callers have theirs on requests in flight.
#pragma once

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "async/loop.h"
#include "sys/thread_pool.h"

namespace ais::async {

template <typename Function>
class OffloadAwaiter : private sys::PoolJob, private Resumption {
  using Value = std::invoke_result_t<Function>;

 public:
  OffloadAwaiter(sys::ThreadPool& pool, Function function) : pool_(pool), function_(std::move(function)) {
    sys::PoolJob::run_job = [](sys::PoolJob* job) {
      auto* self = static_cast<OffloadAwaiter*>(job);
      if constexpr (std::is_void_v<Value>) self->function_();
      else self->value_.emplace(self->function_());
      self->resume_later();
    };
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    suspend(handle);
    pool_.submit(static_cast<sys::PoolJob*>(this));
  }
  Value await_resume() {
    if constexpr (!std::is_void_v<Value>) return std::move(*value_);
  }

 private:
  struct Nothing {};
  sys::ThreadPool& pool_;
  Function function_;
  std::optional<std::conditional_t<std::is_void_v<Value>, Nothing, Value>> value_;
};

template <typename Function>
OffloadAwaiter<Function> offload(sys::ThreadPool& pool, Function function) {
  return OffloadAwaiter<Function>(pool, std::move(function));
}

}  // namespace ais::async
