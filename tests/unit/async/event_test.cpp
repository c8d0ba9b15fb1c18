#include "async/event.h"

#include <atomic>

#include "async/cancel.h"
#include "unit/async/loop_fixture.h"
#include "unit/async/thread_loop.h"

namespace ais::async {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using EventTest = LoopTest;

Task<void> count_when(Event& event, int& count) {
  co_await event.wait();
  ++count;
}

TEST_F(EventTest, WakesAllWhoWaitAndLetsOthersPass) {
  Event event;
  int count = 0;
  for (int i = 0; i < 3; ++i) start(count_when(event, count));
  settle();
  EXPECT_EQ(count, 0);
  event.set();
  EXPECT_EQ(count, 0) << "resumed within set()";
  settle();
  EXPECT_EQ(count, 3);
  start(count_when(event, count));
  settle();
  EXPECT_EQ(count, 4);
  event.reset();
  EXPECT_FALSE(event.is_set());
  start(count_when(event, count));
  settle();
  EXPECT_EQ(count, 4);
  event.set();
  settle();
}

struct Outcome {
  bool happened = false;
  Nanoseconds at{-1};
};

Task<void> wait_a_while(Event& event, Nanoseconds limit, Outcome& outcome) {
  outcome.happened = co_await event.wait_for(limit);
  outcome.at = Loop::current()->now();
}

TEST_F(EventTest, WaitForEndsWithWhatComesFirst) {
  Event event;
  Outcome early, late, looked;
  start(wait_a_while(event, seconds(1), early));
  start(wait_a_while(event, seconds(10), late));
  start(wait_a_while(event, seconds(0), looked));
  loop_.post([&] { loop_.add_timer(seconds(3), [&] { event.set(); }); });
  run_for(seconds(20));
  EXPECT_FALSE(early.happened);
  EXPECT_EQ(early.at, seconds(1));
  EXPECT_TRUE(late.happened);
  EXPECT_EQ(late.at, seconds(3));
  EXPECT_FALSE(looked.happened);
  EXPECT_EQ(looked.at, seconds(0));
  Outcome set;
  start(wait_a_while(event, seconds(0), set));
  settle();
  EXPECT_TRUE(set.happened);
}

TEST_F(EventTest, SetAndTimeOutAtTheSameMoment) {
  // Whoever is first decides; the waiter goes on once.
  for (const bool set_first : {false, true}) {
    Event event;
    Outcome outcome;
    if (set_first) loop_.post([&] { loop_.add_timer(seconds(1), [&] { event.set(); }); });
    start(wait_a_while(event, seconds(1), outcome));
    if (!set_first) loop_.post([&] { loop_.add_timer(seconds(1), [&] { event.set(); }); });
    run_for(seconds(2));
    EXPECT_EQ(outcome.happened, set_first);
  }
}

Task<void> sleep_unless(CancelToken token, Nanoseconds delay, Outcome& outcome) {
  outcome.happened = co_await sleep_for(delay, token);
  outcome.at = Loop::current()->now();
}

TEST_F(EventTest, CancelledSleepsEnd) {
  CancelSource source;
  Outcome whole, cut, late;
  start(sleep_unless(source.token(), seconds(1), whole));
  start(sleep_unless(source.token(), seconds(60), cut));
  run_for(seconds(5));
  EXPECT_FALSE(source.token().is_cancelled());
  source.cancel();
  EXPECT_TRUE(source.token().is_cancelled());
  settle();
  start(sleep_unless(source.token(), seconds(60), late));
  settle();
  EXPECT_TRUE(whole.happened);
  EXPECT_EQ(whole.at, seconds(1));
  EXPECT_FALSE(cut.happened);
  EXPECT_EQ(cut.at, seconds(5));
  EXPECT_FALSE(late.happened);
  EXPECT_EQ(late.at, seconds(5));
}

// Timers and set() of another thread meet again and again: each wait ends once, with the truth.
TEST(EventThreads, TimersAndSettersRace) {
  constexpr int kRounds = 2000;
  std::atomic<int> happened{0}, timed_out{0};
  Countdown ended(4);
  ThreadLoop loops[2];
  for (int i = 0; i < 4; ++i) {
    auto task = [](Loop& setter, std::atomic<int>& good, std::atomic<int>& bad, int salt) -> Task<void> {
      for (int round = 0; round < kRounds; ++round) {
        Event event;
        Event done;
        setter.post([&event, &done] {
          event.set();
          done.set();
        });
        const bool came = co_await event.wait_for(microseconds(1 + (round + salt) % 5));
        (came ? good : bad).fetch_add(1);
        co_await done.wait();
        // The setter may still be within done.set(): one more trip to its loop and back.
        Loop& home = *Loop::current();
        co_await resume_on(setter);
        co_await resume_on(home);
      }
    };
    loops[i % 2].start(task(loops[(i + 1) % 2], happened, timed_out, i), [&ended] { ended.arrive(); });
  }
  ended.wait();
  EXPECT_EQ(happened + timed_out, 4 * kRounds);
}

}  // namespace
}  // namespace ais::async
