#include "async/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "async/callback.h"
#include "async/offload.h"
#include "unit/async/loop_fixture.h"
#include "unit/async/thread_loop.h"

namespace ais::async {
namespace {

using std::chrono::milliseconds;
using TaskTest = LoopTest;

Task<int> twice(int value) { co_return 2 * value; }

TEST_F(TaskTest, StartsWhenAwaitedAndReturnsItsValue) {
  bool begun = false;
  int result = 0;
  auto outer = [](bool& flag, int& out) -> Task<void> {
    flag = true;
    Task<int> lazy = twice(20);
    out = co_await lazy + 2;
  };
  Task<void> task = outer(begun, result);
  EXPECT_FALSE(begun);
  start(std::move(task));
  settle();
  EXPECT_TRUE(begun);
  EXPECT_EQ(result, 42);
}

TEST_F(TaskTest, DetachedFrameIsGoneWhenDoneIsCalled) {
  auto held = std::make_shared<int>(1);
  long uses = 0;
  auto task = [](std::shared_ptr<int> parameter) -> Task<void> {
    co_await sleep_for(milliseconds(1));
    ++*parameter;
  };
  loop_.post([&] { start_detached(task(held), [&] { uses = held.use_count(); }); });
  run_for(milliseconds(1));
  EXPECT_EQ(uses, 1) << "done ran while the task still held something";
  EXPECT_EQ(*held, 2);
}

TEST_F(TaskTest, AnUnstartedTaskIsFreed) {
  auto held = std::make_shared<int>(1);
  {
    Task<void> never = [](std::shared_ptr<int>) -> Task<void> { co_return; }(held);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(TaskTest, SleepYieldAndOtherLoops) {
  sim::SimulatedLoop& other = simulation_.add_loop();
  std::string trace;
  auto task = [](sim::SimulatedLoop& home, sim::SimulatedLoop& away, std::string& out) -> Task<void> {
    const Nanoseconds begun = home.now();
    co_await sleep_for(milliseconds(5));
    EXPECT_EQ(home.now() - begun, milliseconds(5));
    home.post([&out] { out += "posted "; });
    co_await yield();
    out += "yielded ";
    co_await resume_on(away);
    EXPECT_TRUE(away.in_loop());
    co_await resume_on(away);  // is there already
    co_await resume_on(home);
    EXPECT_TRUE(home.in_loop());
    co_await sleep_for(Nanoseconds(0));
    EXPECT_EQ(home.now() - begun, milliseconds(5));
  };
  start(task(loop_, other, trace));
  run_for(milliseconds(5));
  EXPECT_EQ(trace, "posted yielded ");
}

TEST_F(TaskTest, CallbacksResumeInALaterTurn) {
  UniqueFunction<void(int)> kept;
  std::vector<int> seen;
  auto task = [](UniqueFunction<void(int)>& later, std::vector<int>& out) -> Task<void> {
    auto at_once = [](auto done) { done(1); };
    out.push_back(co_await from_callback<int>(at_once));
    auto keep = [&later](auto done) { later = done; };
    out.push_back(co_await from_callback<int>(keep));
  };
  start(task(kept, seen));
  settle();
  EXPECT_EQ(seen, std::vector<int>{1});
  ASSERT_TRUE(kept);
  kept(2);
  EXPECT_EQ(seen.size(), 1u) << "resumed within the caller's frame";
  settle();
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
}

TEST(Offload, RunsOnThePoolAndComesBack) {
  sys::ThreadPool pool("test", 2);
  Countdown ended(1);
  ThreadLoop loop;
  auto task = [](sys::ThreadPool& threads, Loop& home) -> Task<void> {
    const std::thread::id before = std::this_thread::get_id();
    const std::thread::id worker = co_await offload(threads, [] { return std::this_thread::get_id(); });
    EXPECT_NE(worker, before);
    EXPECT_EQ(std::this_thread::get_id(), before);
    EXPECT_TRUE(home.in_loop());
    bool ran = false;
    co_await offload(threads, [&ran] { ran = true; });
    EXPECT_TRUE(ran);
  };
  loop.start(task(pool, loop), [&] { ended.arrive(); });
  ended.wait();
}

}  // namespace
}  // namespace ais::async
