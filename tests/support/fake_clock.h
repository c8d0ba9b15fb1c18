// FakeClock: a clock of a test's own.
#pragma once

#include "sys/clock.h"

namespace ais::sys {

/// A clock that stands still until told otherwise. Thread-safe.
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
