#include "async/single_flight.h"

#include <atomic>

#include "unit/async/loop_fixture.h"
#include "unit/async/thread_loop.h"

namespace ais::async {
namespace {

using std::chrono::seconds;
using SingleFlightTest = LoopTest;

struct Calls {
  sim::SimulatedLoop& loop;
  SingleFlight<int> flight{};
  int begun = 0;
  int under_way = 0;
};

/// Asks at `when`; the answer is the number of the call that gave it. A call takes ten seconds.
Task<void> ask_at(Calls& calls, Nanoseconds when, int& answer, Nanoseconds& answered) {
  co_await sleep_for(when);
  auto call = [&calls]() -> Task<int> {
    const int number = ++calls.begun;
    EXPECT_EQ(calls.under_way++, 0) << "two calls at a time";
    co_await sleep_for(seconds(10));
    --calls.under_way;
    co_return number;
  };
  answer = co_await calls.flight.run(call);
  answered = calls.loop.now();
}

TEST_F(SingleFlightTest, EachIsAnsweredByACallThatBeganAfterItAsked) {
  Calls calls{loop_};
  constexpr int kAskers = 5;
  const Nanoseconds when[kAskers] = {seconds(0), seconds(1), seconds(2), seconds(11), seconds(40)};
  int answer[kAskers] = {};
  Nanoseconds at[kAskers] = {};
  for (int i = 0; i < kAskers; ++i) start(ask_at(calls, when[i], answer[i], at[i]));
  run_for(seconds(35));
  EXPECT_TRUE(calls.flight.is_idle());
  run_for(seconds(35));
  const int expected[kAskers] = {1, 2, 2, 3, 4};
  const Nanoseconds expected_at[kAskers] = {seconds(10), seconds(20), seconds(20), seconds(30), seconds(50)};
  for (int i = 0; i < kAskers; ++i) {
    EXPECT_EQ(answer[i], expected[i]) << i;
    EXPECT_EQ(at[i], expected_at[i]) << i;
  }
  EXPECT_EQ(calls.begun, 4);
}

TEST(SingleFlightThreads, NeverTwoAtATimeNeverTooOld) {
  constexpr int kRounds = 500;
  constexpr size_t kTasks = 6;
  SingleFlight<int> flight;
  std::atomic<int> version{0}, calls{0}, inside{0};
  Countdown ended(kTasks);
  {
    ThreadLoop loops[3];
    auto task = [&]() -> Task<void> {
      for (int i = 0; i < kRounds; ++i) {
        const int wanted = ++version;
        const int got = co_await flight.run([&]() -> Task<int> {
          EXPECT_EQ(inside.fetch_add(1), 0);
          calls.fetch_add(1);
          const int seen = version.load();
          co_await yield();
          inside.fetch_sub(1);
          co_return seen;
        });
        EXPECT_GE(got, wanted);
      }
    };
    for (size_t i = 0; i < kTasks; ++i) loops[i % 3].start(task(), [&] { ended.arrive(); });
    ended.wait();
  }
  EXPECT_TRUE(flight.is_idle());
  EXPECT_LE(calls.load(), kRounds * static_cast<int>(kTasks));
}

}  // namespace
}  // namespace ais::async
