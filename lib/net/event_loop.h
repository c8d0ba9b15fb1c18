// EventLoop: one thread's readiness loop, timers and message queue (libevent underneath; nothing else includes it).
//
// One loop per thread; sockets, tasks and timers of a loop live and die on its thread. The only calls allowed from other
// threads are post() and stop(). Loops never block: blocking system calls go to a sys::ThreadPool through offload() (offload.h).
#pragma once

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/function.h"
#include "base/status.h"
#include "base/units.h"
#include "net/task.h"

struct event_base;

namespace ais::net {

/// A message to a loop without an allocation: embed it (a coroutine frame is a good place), it must live until `run` is called.
struct PostNode {
  PostNode* next = nullptr;
  void (*run)(PostNode*) = nullptr;
};

/// How late a timer may come: by milliseconds, which costs nothing, or by tens of microseconds, which costs a system call when the next
/// one changes.
enum class Timers { kCoarse, kPrecise };

class EventLoop {
 public:
  static Result<std::unique_ptr<EventLoop>> create(std::string name, Timers timers = Timers::kCoarse);
  ~EventLoop();

  /// Runs on the calling thread until stop(). Work posted before run() is executed first.
  void run();
  /// Any thread. run() returns after the callbacks of the current turn.
  void stop();

  /// Any thread. Runs `callback` on the loop's thread, in order of posting. Never runs it inline.
  void post(UniqueFunction<void()> callback);
  void post(PostNode* node);

  /// The loop that runs on this thread, or nullptr.
  static EventLoop* current();
  bool in_loop() const { return current() == this; }

  /// Runs `callback` once after `delay` on this loop, unless cancelled. Loop thread only.
  using TimerId = uint64_t;
  TimerId add_timer(Nanoseconds delay, UniqueFunction<void()> callback);
  /// Forgets a pending timer; unknown ids are ignored. Loop thread only.
  void cancel_timer(TimerId id);

  /// Monotonic time of the current loop turn (cheap, may lag by the turn's length).
  Nanoseconds now() const;
  /// "Sun, 06 Nov 1994 08:49:37 GMT", refreshed once a second: for the Date header.
  std::string_view http_date();

  const std::string& name() const;
  event_base* base();  // for this module's own files

 private:
  EventLoop();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// co_await sleep_for(10ms): resumes on the same loop after the delay.
struct SleepAwaiter {
  Nanoseconds delay;
  bool await_ready() const noexcept { return delay.count() <= 0; }
  void await_suspend(std::coroutine_handle<> handle);
  void await_resume() const noexcept {}
};
inline SleepAwaiter sleep_for(Nanoseconds delay) { return SleepAwaiter{delay}; }

/// co_await resume_on: the coroutine goes on on the thread of another loop. Whatever it holds must be fit for that.
struct ResumeOn {
  EventLoop& loop;
  bool await_ready() const noexcept { return loop.in_loop(); }
  void await_suspend(std::coroutine_handle<> handle) const {
    loop.post([handle] { handle.resume(); });
  }
  void await_resume() const noexcept {}
};

/// The loops of a daemon, each on a thread of its own ("<name>/<i>").
class LoopGroup {
 public:
  static Result<std::unique_ptr<LoopGroup>> start(const std::string& name, size_t count, Timers timers = Timers::kCoarse);
  ~LoopGroup();  // stops and joins
  size_t size() const { return loops_.size(); }
  EventLoop& operator[](size_t index) { return *loops_[index]; }
  void stop_and_join();

 private:
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
};

/// Runs one task to its end on a private loop of the calling thread: for tools and tests. Returns the task's value.
template <typename T>
T run_task(EventLoop& loop, Task<T> task) {
  std::optional<T> result;
  auto wrapper = [](EventLoop& l, Task<T> inner, std::optional<T>& out) -> Task<void> {
    out.emplace(co_await inner);
    l.stop();
  };
  loop.post([&] { start_detached(wrapper(loop, std::move(task), result)); });
  loop.run();
  return std::move(*result);
}

}  // namespace ais::net
