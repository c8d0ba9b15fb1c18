// EventLoop: one thread's readiness loop, timers and message queue (libevent underneath; nothing else includes it).
//
// What coroutines see of it is async::Loop. Sockets of a loop live and die on its thread, as tasks and timers do. The only calls allowed
// from other threads are post(), now() and stop().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "async/loop.h"
#include "async/task.h"
#include "base/function.h"
#include "base/status.h"
#include "base/units.h"

struct event_base;

namespace ais::net {

/// How late a timer may come: by milliseconds, which costs nothing, or by tens of microseconds, which costs a system call when the next
/// one changes.
enum class Timers { kCoarse, kPrecise };

class EventLoop final : public async::Loop {
 public:
  static Result<std::unique_ptr<EventLoop>> create(std::string name, Timers timers = Timers::kCoarse);
  ~EventLoop() override;

  /// Runs on the calling thread until stop(). Work posted before run() is executed first.
  void run();
  /// Any thread. run() returns after the callbacks of the current turn.
  void stop();

  using Loop::post;
  void post(async::PostNode* node) override;
  TimerId add_timer(Nanoseconds delay, UniqueFunction<void()> callback) override;
  void cancel_timer(TimerId id) override;
  Nanoseconds now() const override;
  Result<std::unique_ptr<async::Watch>> watch(int fd, unsigned events, UniqueFunction<void(unsigned ready)> callback) override;

  /// The loop that runs on this thread, or nullptr. Only for code that runs on no other kind of loop.
  static EventLoop* current() { return static_cast<EventLoop*>(Loop::current()); }

  /// "Sun, 06 Nov 1994 08:49:37 GMT", refreshed once a second: for the Date header.
  std::string_view http_date();

  const std::string& name() const;
  event_base* base();  // for this module's own files

 private:
  EventLoop();
  struct Impl;
  std::unique_ptr<Impl> impl_;
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
T run_task(EventLoop& loop, async::Task<T> task) {
  std::optional<T> result;
  auto wrapper = [](EventLoop& l, async::Task<T> inner, std::optional<T>& out) -> async::Task<void> {
    out.emplace(co_await inner);
    l.stop();
  };
  loop.post([&] { async::start_detached(wrapper(loop, std::move(task), result)); });
  loop.run();
  return std::move(*result);
}

}  // namespace ais::net
