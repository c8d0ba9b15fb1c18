#include "async/parallel.h"

#include "async/loop.h"
#include "unit/async/loop_fixture.h"

namespace ais::async {
namespace {

using std::chrono::seconds;
using ParallelTest = LoopTest;

Task<void> nap(Nanoseconds time, std::vector<int>& ended, int number) {
  co_await sleep_for(time);
  ended.push_back(number);
}

TEST_F(ParallelTest, WhenAllWaitsForTheLast) {
  std::vector<int> ended;
  auto task = [](sim::SimulatedLoop& loop, std::vector<int>& out) -> Task<void> {
    std::vector<Task<void>> tasks;
    tasks.push_back(nap(seconds(3), out, 3));
    tasks.push_back(nap(seconds(0), out, 0));
    tasks.push_back(nap(seconds(1), out, 1));
    co_await when_all(std::move(tasks));
    EXPECT_EQ(loop.now(), seconds(3));
    out.push_back(-1);
  };
  start(task(loop_, ended));
  run_for(seconds(3));
  EXPECT_EQ(ended, (std::vector<int>{0, 1, 3, -1}));
}

TEST_F(ParallelTest, NothingToWaitFor) {
  auto task = []() -> Task<void> {
    co_await when_all({});
    co_await for_each(0, 5, [](size_t) -> Task<void> { co_return; });
  };
  start(task());
  settle();
}

TEST_F(ParallelTest, FramesAreGoneWhenAllHaveEnded) {
  auto task = []() -> Task<void> {
    auto held = std::make_shared<int>(0);
    std::vector<Task<void>> tasks;
    for (int i = 0; i < 3; ++i) tasks.push_back([](std::shared_ptr<int>, int k) -> Task<void> { co_await sleep_for(seconds(k)); }(held, i));
    co_await when_all(std::move(tasks));
    EXPECT_EQ(held.use_count(), 1);
  };
  start(task());
  run_for(seconds(2));
}

TEST_F(ParallelTest, ForEachKeepsItsLimitAndOrder) {
  for (const size_t limit : {1u, 3u, 100u}) {
    size_t running = 0, most = 0;
    std::vector<size_t> begun;
    auto task = [](size_t lanes, size_t& now, size_t& peak, std::vector<size_t>& order) -> Task<void> {
      auto work = [&](size_t index) -> Task<void> {
        order.push_back(index);
        peak = std::max(peak, ++now);
        co_await sleep_for(seconds(index % 3));
        --now;
      };
      co_await for_each(10, lanes, work);
    };
    start(task(limit, running, most, begun));
    run_for(seconds(20));
    EXPECT_EQ(running, 0u);
    EXPECT_LE(most, limit);
    EXPECT_GE(most, std::min<size_t>(limit, 6));
    ASSERT_EQ(begun.size(), 10u);
    EXPECT_TRUE(std::is_sorted(begun.begin(), begun.end()));
  }
}

TEST_F(ParallelTest, WorkThatEndsAtOnceTakesNoStack) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr size_t kCount = 1000;  // instrumented code has no tail calls
#else
  constexpr size_t kCount = 200'000;
#endif
  size_t sum = 0;
  auto task = [](size_t& out) -> Task<void> {
    co_await for_each(kCount, 2, [&out](size_t) -> Task<void> {
      ++out;
      co_return;
    });
  };
  start(task(sum));
  settle();
  EXPECT_EQ(sum, kCount);
}

}  // namespace
}  // namespace ais::async
