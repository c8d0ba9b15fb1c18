// The pieces of commands that move many objects: the progress line, the queue of work, filters of names.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <optional>

#include "ais/job/interrupt.h"
#include "ais/job/parallel.h"
#include "ais/job/progress.h"
#include "ais/job/work_queue.h"

namespace ais::cli {
namespace {

ProgressState halfway() {
  ProgressState state;
  state.verb = "uploaded";
  state.objects = 5000;
  state.bytes = 20 * kMiB;
  state.total_known = true;
  state.objects_total = 10000;
  state.bytes_total = 40 * kMiB;
  state.seconds = 4;
  return state;
}

TEST(Progress, SaysHowFarAndHowLong) {
  EXPECT_EQ(progress_text(halfway(), 100),
            "[==================>                 ] uploaded 5,000/10,000 objects  50%  20.0MiB  5.0MiB/s  ETA 4s");
}

TEST(Progress, FitsAnyWidth) {
  for (size_t width = 1; width < 120; ++width) EXPECT_LE(progress_text(halfway(), width).size(), width);
  EXPECT_EQ(progress_text(halfway(), 40), "uploaded 5,000/10,000 objects  50%");
}

TEST(Progress, UnknownTotalHasNoBar) {
  ProgressState state = halfway();
  state.total_known = false;
  EXPECT_EQ(progress_text(state, 100), "uploaded 5,000 objects  20.0MiB  5.0MiB/s");
  ProgressState nothing;
  nothing.verb = "removed";
  EXPECT_EQ(progress_text(nothing, 80), "removed 0 objects");
}

TEST(Progress, WithoutSizesTheObjectsCountAndPartsOfThem) {
  ProgressState state = halfway();
  state.bytes_total = 0;
  state.objects = 2;
  state.objects_total = 4;
  state.underway = 0.5 + 0.5;
  EXPECT_NE(progress_text(state, 100).find("uploaded 2/4 objects  75%"), std::string::npos) << progress_text(state, 100);
}

TEST(Progress, FailuresAreNotDone) {
  ProgressState state;
  state.verb = "downloaded";
  state.failed = 1;
  state.total_known = true;
  state.objects_total = 1;
  EXPECT_EQ(progress_text(state, 60), "[>                    ] downloaded 0/1 objects, 1 failed  0%");
  state.total_known = false;
  EXPECT_EQ(progress_text(state, 80), "downloaded 0 objects, 1 failed");
}

TEST(Progress, WhereAllIsDoneItEndsAtTheEnd) {
  ProgressState state = halfway();
  state.objects = state.objects_total;
  state.bytes = 0;  // nobody told
  EXPECT_NE(progress_text(state, 100).find("100%"), std::string::npos) << progress_text(state, 100);
}

TEST(Progress, NeverBeyondTheEnd) {
  ProgressState state = halfway();
  state.bytes = 80 * kMiB;
  EXPECT_NE(progress_text(state, 100).find("100%"), std::string::npos);
}

net::Task<void> take_all(WorkQueue<int>& queue, std::vector<int>& taken) {
  while (std::optional<int> item = co_await queue.pop()) {
    taken.push_back(*item);
    co_await net::sleep_for(std::chrono::microseconds(10));
  }
}

net::Task<void> give(WorkQueue<int>& queue, size_t& most) {
  for (int i = 0; i < 50; ++i) {
    std::vector<int> items;
    for (int k = 0; k < 10; ++k) items.push_back(i * 10 + k);
    queue.push(std::move(items));
    co_await queue.wait_for_room(5);
    ++most;
  }
  queue.close();
}

net::Task<int> run_queue(size_t workers, std::vector<int>& taken) {
  WorkQueue<int> queue;
  size_t rounds = 0;
  std::vector<net::Task<void>> tasks;
  for (size_t i = 0; i < workers; ++i) tasks.push_back(take_all(queue, taken));
  tasks.push_back(give(queue, rounds));
  co_await run_parallel(std::move(tasks));
  co_return static_cast<int>(rounds);
}

TEST(WorkQueue, EveryItemOnce) {
  for (size_t workers : {1u, 3u, 64u}) {
    auto loop = std::move(net::EventLoop::create("test")).value();
    std::vector<int> taken;
    EXPECT_EQ(net::run_task(*loop, run_queue(workers, taken)), 50);
    std::sort(taken.begin(), taken.end());
    ASSERT_EQ(taken.size(), 500u);
    for (int i = 0; i < 500; ++i) EXPECT_EQ(taken[static_cast<size_t>(i)], i);
  }
}

TEST(InterruptWatch, FirstSignalIsACallback) {
  auto loop = std::move(net::EventLoop::create("test")).value();
  int called = 0;
  std::optional<InterruptWatch> watch;
  loop->post([&] {
    watch.emplace(*loop, [&](int number) {
      EXPECT_EQ(number, SIGTERM);
      ++called;
      loop->stop();
    });
    raise(SIGTERM);
    loop->add_timer(std::chrono::seconds(10), [&] { loop->stop(); });
  });
  loop->run();
  watch.reset();
  EXPECT_EQ(called, 1);
  struct sigaction now {};
  sigaction(SIGTERM, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL) << "the former handling is not back";
}

}  // namespace
}  // namespace ais::cli
