#include "aisloader/arrivals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "sim/simulation.h"
#include "support/fake_clock.h"

namespace ais::loader {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

ArrivalSchedule::Shape shape(double per_second, size_t loop = 0, size_t loops = 1, bool exponential = false) {
  ArrivalSchedule::Shape out;
  out.per_second = per_second;
  out.loop = loop;
  out.loops = loops;
  out.exponential = exponential;
  out.seed = loop + 7;
  return out;
}

/// Arrivals until the clock's time.
uint64_t take_due(ArrivalSchedule& schedule, sys::Clock& clock) {
  uint64_t due = 0;
  for (; schedule.next_ns() <= static_cast<uint64_t>(clock.monotonic_ns()); schedule.advance()) ++due;
  return due;
}

TEST(ArrivalSchedule, EvenArrivalsFollowTheClockWhateverIsTaken) {
  sys::FakeClock clock;
  ArrivalSchedule schedule(shape(100), 0);
  EXPECT_EQ(take_due(schedule, clock), 1u);  // the first at once
  clock.advance(9'999'999);
  EXPECT_EQ(take_due(schedule, clock), 0u);
  clock.advance(1);
  EXPECT_EQ(take_due(schedule, clock), 1u);
  clock.advance(kSecond);  // nobody looked for a second: nothing is lost
  EXPECT_EQ(take_due(schedule, clock), 100u);
}

TEST(ArrivalSchedule, RoundingDoesNotAddUp) {
  ArrivalSchedule schedule(shape(3), 1000);
  for (int i = 0; i < 3'000'000; ++i) schedule.advance();
  EXPECT_EQ(schedule.next_ns(), 1000 + 1'000'000 * kSecond);
}

TEST(ArrivalSchedule, LoopsTakeTurns) {
  std::set<uint64_t> times;
  for (size_t loop = 0; loop < 4; ++loop) {
    ArrivalSchedule schedule(shape(1000, loop, 4), 0);
    for (; schedule.next_ns() < kSecond; schedule.advance()) times.insert(schedule.next_ns());
  }
  EXPECT_EQ(times.size(), 1000u);
  uint64_t expected = 0;
  for (uint64_t time : times) {
    EXPECT_NEAR(static_cast<double>(time), static_cast<double>(expected), 1);
    expected += kSecond / 1000;
  }
}

TEST(ArrivalSchedule, ExponentialGapsHaveTheRateAndItsSpread) {
  double sum = 0, squares = 0;
  size_t count = 0;
  for (size_t loop = 0; loop < 2; ++loop) {
    ArrivalSchedule schedule(shape(1000, loop, 2, true), 0);
    uint64_t last = 0;
    for (; schedule.next_ns() < 100 * kSecond; schedule.advance(), ++count) {
      double gap = static_cast<double>(schedule.next_ns() - last) / 1e9;
      last = schedule.next_ns();
      sum += gap;
      squares += gap * gap;
    }
  }
  double n = static_cast<double>(count), mean = sum / n;
  EXPECT_NEAR(n, 100'000, 1500);                                       // about five standard deviations
  EXPECT_NEAR(std::sqrt(squares / n - mean * mean), mean, mean / 20);  // as wide as its mean
}

TEST(ArrivalSchedule, SeedRepeats) {
  ArrivalSchedule one(shape(50, 1, 2, true), 5), two(shape(50, 1, 2, true), 5), other(shape(50, 0, 2, true), 5);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(one.next_ns(), two.next_ns());
    differs |= one.next_ns() != other.next_ns();
    one.advance();
    two.advance();
    other.advance();
  }
  EXPECT_TRUE(differs);
}

// ---------------------------------------------------------------- the gate, on virtual time

using std::chrono::milliseconds;

struct Meeting {
  sim::Simulation simulation{1};
  sim::SimulatedLoop& loop = simulation.add_loop();
  ArrivalGate gate{loop};
  std::vector<Nanoseconds> late;  // how long after it was due each operation began
  size_t at_work = 0;
};

async::Task<void> worker(Meeting& meeting, Nanoseconds busy) {
  while (true) {
    std::optional<uint64_t> due = co_await meeting.gate.next();
    if (!due) break;
    meeting.late.push_back(meeting.loop.now() - Nanoseconds(*due));
    co_await async::sleep_for(busy);
  }
  --meeting.at_work;
}

/// Runs `workers` workers that are busy for `busy` each time, at `rate` for `length`.
ArrivalGate::NotStarted meet(Meeting& meeting, size_t workers, double rate, Nanoseconds busy, Nanoseconds length,
                             const std::atomic<bool>& stop) {
  meeting.at_work = workers;
  meeting.loop.post([&] {
    meeting.gate.open(ArrivalSchedule(shape(rate), 0), static_cast<uint64_t>(length.count()), stop);
    for (size_t i = 0; i < workers; ++i) async::start_detached(worker(meeting, busy));
  });
  EXPECT_TRUE(meeting.simulation.run_until([&] { return meeting.at_work == 0; }, std::chrono::hours(2)));
  return meeting.gate.take_not_started();
}

TEST(ArrivalGate, EveryArrivalIsTakenInTimeWhenWorkersAreFree) {
  Meeting meeting;
  std::atomic<bool> stop{false};
  ArrivalGate::NotStarted left = meet(meeting, 8, 200, milliseconds(1), milliseconds(200), stop);
  EXPECT_EQ(meeting.late, std::vector<Nanoseconds>(40, Nanoseconds(0)));
  EXPECT_EQ(left.count, 0u);
  EXPECT_EQ(meeting.loop.now(), milliseconds(200));
}

TEST(ArrivalGate, ArrivalsQueueForBusyWorkersAndTheirWaitingShows) {
  Meeting meeting;
  std::atomic<bool> stop{false};
  // One worker can begin every 20 ms what is due every 5 ms.
  ArrivalGate::NotStarted left = meet(meeting, 1, 200, milliseconds(20), milliseconds(400), stop);
  ASSERT_EQ(meeting.late.size(), 20u);
  EXPECT_EQ(meeting.late.back(), milliseconds(19 * 20 - 19 * 5));
  EXPECT_EQ(left.count, 60u);
  EXPECT_EQ(Nanoseconds(left.waited_max_ns), milliseconds(400 - 20 * 5));
}

TEST(ArrivalGate, WhatIsDueWhenNothingIsLeftToDoIsNotMissed) {
  Meeting meeting;
  std::atomic<bool> stop{false};
  meeting.loop.add_timer(milliseconds(20), [&] { meeting.gate.close(); });
  EXPECT_EQ(meet(meeting, 1, 100'000, milliseconds(50), std::chrono::hours(1), stop).count, 0u);
  EXPECT_EQ(meeting.loop.now(), milliseconds(50));
}

TEST(ArrivalGate, CloseSendsHomeWhoWaits) {
  Meeting meeting;
  std::atomic<bool> stop{false};
  meeting.loop.add_timer(milliseconds(20), [&] { meeting.gate.close(); });
  EXPECT_EQ(meet(meeting, 3, 0.001, Nanoseconds(0), std::chrono::hours(1), stop).count, 0u);
  EXPECT_EQ(meeting.loop.now(), milliseconds(20));
}

TEST(ArrivalGate, StopEndsItSoonAlthoughNothingIsDue) {
  Meeting meeting;
  std::atomic<bool> stop{false};
  meeting.loop.add_timer(milliseconds(20), [&] { stop = true; });
  EXPECT_EQ(meet(meeting, 3, 0.001, Nanoseconds(0), std::chrono::hours(1), stop).count, 0u);
  EXPECT_LE(meeting.loop.now(), milliseconds(120));
}

}  // namespace
}  // namespace ais::loader
