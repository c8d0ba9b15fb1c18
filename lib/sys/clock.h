// Clock: the door to time. Wall time for what users and files see, monotonic time for durations.
#pragma once

#include <cstdint>
#include <string>

namespace ais::sys {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Nanoseconds since the epoch.
  virtual int64_t wall_ns() = 0;
  /// Nanoseconds since an arbitrary start; never goes back.
  virtual int64_t monotonic_ns() = 0;
};

/// The machine's clock.
Clock& real_clock();

/// "2026-01-02T03:04:05Z".
std::string utc_text(int64_t wall_ns);

}  // namespace ais::sys
