// Loop: what coroutines need of the thread that they run on: messages, timers, time; and, for libraries that bring sockets of their own,
// to be told when a descriptor is ready. The program's is net::EventLoop (libevent); a simulation runs many loops of its own in one
// thread, on virtual time, and has no descriptors.
//
// One loop per thread at a time; tasks and timers of a loop live and die on its thread. The only call allowed from other threads is
// post(). A loop never blocks: blocking system calls go to a sys::ThreadPool (offload.h).
#pragma once

#include <coroutine>
#include <cstdint>
#include <memory>

#include "base/function.h"
#include "base/status.h"
#include "base/units.h"

namespace ais::async {

/// A message to a loop without an allocation: embed it (a coroutine frame is a good place), it must live until `run` is called.
struct PostNode {
  PostNode* next = nullptr;
  void (*run)(PostNode*) = nullptr;
};

/// A descriptor that a loop watches. Destroying it ends the watching, also from within its own callback; the descriptor stays open and
/// must not be closed before.
class Watch {
 public:
  virtual ~Watch() = default;
};
constexpr unsigned kReadable = 1;
constexpr unsigned kWritable = 2;

class Loop {
 public:
  Loop() = default;
  Loop(const Loop&) = delete;
  virtual ~Loop() = default;

  /// Any thread. Runs the message, or the callback, on the loop's thread, in order of posting. Never runs it inline.
  virtual void post(PostNode* node) = 0;
  void post(UniqueFunction<void()> callback);

  /// Runs `callback` once after `delay` on this loop, late perhaps, never early, unless cancelled. Loop thread only.
  using TimerId = uint64_t;  // never 0
  virtual TimerId add_timer(Nanoseconds delay, UniqueFunction<void()> callback) = 0;
  /// Forgets a pending timer; unknown ids are ignored. Loop thread only.
  virtual void cancel_timer(TimerId id) = 0;

  /// Monotonic time. Any thread.
  virtual Nanoseconds now() const = 0;

  /// Calls back in each turn in which the descriptor is ready for one of `events` (kReadable, kWritable, or both), with those it is ready
  /// for; an error or a hang-up of a socket counts as both. One watch per descriptor. kUnsupported: this loop watches none, or the
  /// descriptor is of a kind that is always ready (a file). Loop thread only; the watch ends before the loop.
  virtual Result<std::unique_ptr<Watch>> watch(int fd, unsigned events, UniqueFunction<void(unsigned ready)> callback);

  /// The loop that runs on this thread, or nullptr.
  static Loop* current() { return current_; }
  bool in_loop() const { return current_ == this; }

 protected:
  /// Makes `loop` the current one of this thread as long as it lives.
  class Running {
   public:
    explicit Running(Loop& loop);
    Running(const Running&) = delete;
    ~Running() { current_ = nullptr; }
  };
  /// For a loop that ends with messages that nobody will run: frees those that belong to the queue; the others are their owners'.
  static void discard(PostNode* node);

 private:
  inline static constinit thread_local Loop* current_ = nullptr;
};

/// A coroutine that is to go on on a loop: a message that resumes it. Embedded in awaiters.
class Resumption : private PostNode {
 public:
  Resumption() {
    PostNode::run = [](PostNode* node) { static_cast<Resumption*>(node)->handle_.resume(); };
  }
  Resumption(const Resumption&) = delete;
  /// Remembers who waits. It resumes on the loop that runs now.
  void suspend(std::coroutine_handle<> handle) {
    handle_ = handle;
    loop_ = Loop::current();
  }
  Loop& loop() const { return *loop_; }
  /// Any thread, once after each suspend(): the coroutine goes on in a later turn of its loop. The awaiter may be gone on return.
  void resume_later() { loop_->post(static_cast<PostNode*>(this)); }
  /// The same on another loop.
  void resume_later_on(Loop& loop) { loop.post(static_cast<PostNode*>(this)); }
  /// Now, on the loop's own thread.
  void resume_now() { handle_.resume(); }

 private:
  std::coroutine_handle<> handle_;
  Loop* loop_ = nullptr;
};

/// co_await sleep_for(10ms): resumes on the same loop after the delay.
struct SleepAwaiter {
  Nanoseconds delay;
  bool await_ready() const noexcept { return delay.count() <= 0; }
  void await_suspend(std::coroutine_handle<> handle) const {
    Loop::current()->add_timer(delay, [handle] { handle.resume(); });
  }
  void await_resume() const noexcept {}
};
inline SleepAwaiter sleep_for(Nanoseconds delay) { return SleepAwaiter{delay}; }

/// co_await resume_on(loop): the coroutine goes on on the thread of another loop. Whatever it holds must be fit for that. The way for a
/// request's handler to reach the control loop and to come back.
class ResumeOn : private Resumption {
 public:
  explicit ResumeOn(Loop& loop) : loop_(loop) {}
  bool await_ready() const noexcept { return loop_.in_loop(); }
  void await_suspend(std::coroutine_handle<> handle) {
    suspend(handle);
    resume_later_on(loop_);
  }
  void await_resume() const noexcept {}

 private:
  Loop& loop_;
};
inline ResumeOn resume_on(Loop& loop) { return ResumeOn(loop); }

/// co_await yield(): the rest runs in the loop's next turn, after others had theirs.
class YieldAwaiter : private Resumption {
 public:
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    suspend(handle);
    resume_later();
  }
  void await_resume() const noexcept {}
};
inline YieldAwaiter yield() { return {}; }

}  // namespace ais::async
