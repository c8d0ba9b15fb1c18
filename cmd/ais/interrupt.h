// InterruptWatch: SIGINT and SIGTERM as a callback on an event loop, for commands that move many objects. The first signal is a wish to
// stop; the second one ends the process at once, as if nobody had watched.
//
// One watch at a time. The former handling of the signals is back when the watch is gone.
#pragma once

#include <signal.h>

#include <functional>
#include <memory>
#include <thread>

#include "net/event_loop.h"

namespace ais::cli {

class InterruptWatch {
 public:
  /// `on_signal` runs on `loop` at most once, and never after the destructor, which is to run on the loop's thread.
  InterruptWatch(net::EventLoop& loop, std::function<void()> on_signal);
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;

 private:
  std::shared_ptr<std::function<void()>> on_signal_;
  struct sigaction former_int_ {};
  struct sigaction former_term_ {};
  std::thread waiter_;
};

}  // namespace ais::cli
