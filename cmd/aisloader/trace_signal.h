// TraceSignal: SIGHUP switches the trace of requests (--trace-http) on and off while the loader works, as in the original loader.
#pragma once

#include <signal.h>

#include <atomic>

namespace ais::loader {

/// One at a time. The signal never ends the process while this lives, also not when its terminal goes away. The former handling is back
/// afterwards.
class TraceSignal {
 public:
  /// Each SIGHUP turns `on` over and says so on standard error. `on` must outlive this.
  explicit TraceSignal(std::atomic<bool>& on);
  ~TraceSignal();
  TraceSignal(const TraceSignal&) = delete;

 private:
  struct sigaction former_ {};
};

}  // namespace ais::loader
