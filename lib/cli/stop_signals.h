// StopSignals: SIGINT and SIGTERM as a wish to stop. The first signal is told to a callback; the second one ends the process at once, as
// if nobody had watched. Signals that the process was started to ignore (nohup) stay ignored.
//
// One at a time. The former handling of the signals is back when it is gone.
#pragma once

#include <signal.h>

#include <array>
#include <functional>
#include <thread>

namespace ais::cli {

class StopSignals {
 public:
  /// `on_first` is called at most once, with the signal's number, on a thread of its own. It may block and may end the process.
  /// With `hang_up` SIGHUP is such a signal, too.
  explicit StopSignals(std::function<void(int)> on_first, bool hang_up = false);
  /// Waits for a call of `on_first` that is under way; there is none afterwards.
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  /// The number of the first signal since the watch began, 0 when there was none. On the main thread, which takes signals, it knows of
  /// each one that was sent before the call; on others it may be a moment behind.
  static int received();

 private:
  std::array<struct sigaction, 3> former_{};
  size_t watched_ = 0;
  std::thread waiter_;
};

}  // namespace ais::cli
