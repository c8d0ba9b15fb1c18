#include "cli/stop_signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>

namespace ais::cli {
namespace {

sighandler_t handler_of(int number) {
  struct sigaction now {};
  sigaction(number, nullptr, &now);
  return now.sa_handler;
}

TEST(StopSignals, TheFirstIsToldAndTheFormerHandlingComesBack) {
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    std::atomic<int> told{0}, calls{0};
    {
      StopSignals signals(
          [&](int which) {
            ++calls;
            told = which;
            told.notify_one();
          },
          true);
      raise(number);
      told.wait(0);
    }
    EXPECT_EQ(told, number);
    EXPECT_EQ(calls, 1);
    for (int each : {SIGINT, SIGTERM, SIGHUP}) EXPECT_EQ(handler_of(each), SIG_DFL);
  }
}

TEST(StopSignals, WithoutASignalNothingIsCalledAndHangUpIsNotTouched) {
  std::atomic<int> calls{0};
  {
    StopSignals signals([&](int) { ++calls; });
    EXPECT_NE(handler_of(SIGINT), SIG_DFL);
    EXPECT_EQ(handler_of(SIGHUP), SIG_DFL);
  }
  EXPECT_EQ(calls, 0);
}

TEST(StopSignalsDeathTest, TheSecondEndsTheProcessThoughTheFirstIsStillBeingHandled) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        std::atomic<bool> begun{false};
        StopSignals signals([&](int) {
          begun = true;
          begun.notify_one();
          while (true) pause();
        });
        raise(SIGINT);
        begun.wait(false);
        raise(SIGINT);
      },
      testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace ais::cli
