// InterruptWatch: SIGINT and SIGTERM as a callback on an event loop, for commands that move many objects. The first signal is a wish to
// stop; the second one ends the process at once, as if nobody had watched.
//
// One watch at a time. The former handling of the signals is back when the watch is gone.
#pragma once

#include <functional>
#include <memory>

#include "cli/stop_signals.h"
#include "net/event_loop.h"

namespace ais::cli {

class InterruptWatch {
 public:
  /// `on_signal` gets its number. It runs on `loop` at most once, and never after the destructor, which is to run on the loop's thread.
  InterruptWatch(net::EventLoop& loop, std::function<void(int)> on_signal);
  InterruptWatch(const InterruptWatch&) = delete;

 private:
  std::shared_ptr<std::function<void(int)>> on_signal_;
  StopSignals signals_;
};

}  // namespace ais::cli
