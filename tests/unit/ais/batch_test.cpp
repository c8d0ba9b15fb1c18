// The pieces of commands that move many objects: the progress line, interruption.
#include <gtest/gtest.h>
#include <signal.h>

#include <optional>

#include "ais/job/interrupt.h"
#include "ais/job/progress.h"

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
