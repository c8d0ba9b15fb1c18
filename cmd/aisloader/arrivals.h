// Open loop: when operations are due, whatever the cluster does. ArrivalSchedule says the times; ArrivalGate hands them to the workers
// of a loop. An operation that is due while all workers are busy waits for the next free one, and its waiting counts.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

#include "async/event.h"
#include "async/mutex.h"
#include "async/task.h"
#include "sys/random.h"

namespace ais::loader {

/// Times in nanoseconds of the monotonic clock. The loops of a run share one rate: each takes every loops-th arrival of an even
/// schedule, or arrivals of its own with exponential gaps, which are together exponential as well. Pure.
class ArrivalSchedule {
 public:
  struct Shape {
    double per_second = 1;  // of all loops together, > 0
    bool exponential = false;
    size_t loop = 0, loops = 1;
    uint64_t seed = 0;
  };
  ArrivalSchedule() : ArrivalSchedule(Shape(), 0) {}
  ArrivalSchedule(Shape shape, uint64_t begin_ns);
  /// The next arrival. Never goes back.
  uint64_t next_ns() const { return next_ns_; }
  void advance();

 private:
  double gap_seconds();

  Shape shape_;
  uint64_t begin_ns_;
  sys::Random random_;
  uint64_t taken_ = 0;
  double seconds_ = 0;  // of the next exponential arrival, since the beginning
  uint64_t next_ns_ = 0;
};

/// One per loop, loop thread only. Nobody may wait in it when it is destroyed.
class ArrivalGate {
 public:
  explicit ArrivalGate(async::Loop& loop) : loop_(loop) {}
  /// Hands out the arrivals before `deadline_ns`, until then or until `stop` is set.
  void open(ArrivalSchedule schedule, uint64_t deadline_ns, const std::atomic<bool>& stop);
  /// Sends everybody home who waits or comes later: there is nothing more to do, whatever is due.
  void close();
  bool is_open() const { return open_; }
  /// Arrivals that were due when the time was over and that nobody was free to begin, and how long the first of them had waited;
  /// zeros when asked again.
  struct NotStarted {
    uint64_t count = 0, waited_max_ns = 0;
  };
  NotStarted take_not_started() { return std::exchange(not_started_, {}); }

  /// The time at which an operation is due, at or after that time; nullopt when there are no more.
  async::Task<std::optional<uint64_t>> next();

 private:
  std::optional<uint64_t> take_due(uint64_t now);
  void close_in_time(uint64_t now);

  async::Loop& loop_;
  ArrivalSchedule schedule_;
  uint64_t deadline_ns_ = 0;
  const std::atomic<bool>* stop_ = nullptr;
  bool open_ = false;
  NotStarted not_started_;
  async::Mutex turn_;  // of the free worker that waits for the next arrival; the others wait for it
  async::Event closed_;
};

}  // namespace ais::loader
