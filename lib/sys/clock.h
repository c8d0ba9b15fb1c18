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

/// A clock that stands still until told otherwise. For tests; thread-safe.
class FakeClock : public Clock {
 public:
  explicit FakeClock(int64_t wall_ns = 1'700'000'000'000'000'000) : wall_ns_(wall_ns) {}
  int64_t wall_ns() override { return __atomic_load_n(&wall_ns_, __ATOMIC_RELAXED); }
  int64_t monotonic_ns() override { return __atomic_load_n(&monotonic_ns_, __ATOMIC_RELAXED); }
  void advance(int64_t nanoseconds) {
    __atomic_add_fetch(&wall_ns_, nanoseconds, __ATOMIC_RELAXED);
    __atomic_add_fetch(&monotonic_ns_, nanoseconds, __ATOMIC_RELAXED);
  }
  void set_wall(int64_t wall_ns) { __atomic_store_n(&wall_ns_, wall_ns, __ATOMIC_RELAXED); }

 private:
  int64_t wall_ns_;
  int64_t monotonic_ns_ = 0;
};

}  // namespace ais::sys
