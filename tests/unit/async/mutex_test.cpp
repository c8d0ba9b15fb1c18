#include "async/mutex.h"

#include "async/loop.h"
#include "unit/async/loop_fixture.h"
#include "unit/async/thread_loop.h"

namespace ais::async {
namespace {

using std::chrono::seconds;
using MutexTest = LoopTest;

TEST_F(MutexTest, FirstComeFirstServed) {
  Mutex mutex;
  std::vector<int> order;
  bool inside = false;
  auto task = [](Mutex& turns, std::vector<int>& out, bool& busy, int number) -> Task<void> {
    const Mutex::Lock turn = co_await turns.lock();
    EXPECT_FALSE(std::exchange(busy, true));
    co_await sleep_for(seconds(1));
    out.push_back(number);
    busy = false;
  };
  for (int i = 0; i < 5; ++i) start(task(mutex, order, inside, i));
  settle();
  EXPECT_EQ(mutex.waiting(), 4u);
  run_for(seconds(5));
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(mutex.waiting(), 0u);
}

TEST_F(MutexTest, UnlockEndsTheTurnEarly) {
  Mutex mutex;
  auto task = [](Mutex& turns) -> Task<void> {
    Mutex::Lock turn = co_await turns.lock();
    turn.unlock();
    Mutex::Lock second = co_await turns.lock();
    second.unlock();
    second.unlock();  // nothing more
    const Mutex::Lock third = co_await turns.lock();
  };
  start(task(mutex));
  settle();
}

TEST(MutexThreads, OneAtATime) {
  constexpr int kRounds = 2000;
  constexpr size_t kTasks = 8;
  Mutex mutex;
  int plain = 0;  // no atomic: the mutex must do
  Countdown ended(kTasks);
  {
    ThreadLoop loops[3];
    auto task = [](Mutex& turns, int& count) -> Task<void> {
      for (int i = 0; i < kRounds; ++i) {
        Loop* const home = Loop::current();
        const Mutex::Lock turn = co_await turns.lock();
        EXPECT_EQ(Loop::current(), home);
        ++count;
        if (i % 16 == 0) co_await yield();
      }
    };
    for (size_t i = 0; i < kTasks; ++i) loops[i % 3].start(task(mutex, plain), [&] { ended.arrive(); });
    ended.wait();
  }
  EXPECT_EQ(plain, kRounds * static_cast<int>(kTasks));
}

}  // namespace
}  // namespace ais::async
