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

/// Whoever starts the tests may ignore signals.
class StopSignalsTest : public testing::Test {
 protected:
  StopSignalsTest() {
    for (int number : {SIGINT, SIGTERM, SIGHUP}) signal(number, SIG_DFL);
  }
};

TEST_F(StopSignalsTest, TheFirstIsToldAndTheFormerHandlingComesBack) {
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
    EXPECT_EQ(StopSignals::received(), number);
    EXPECT_EQ(calls, 1);
    for (int each : {SIGINT, SIGTERM, SIGHUP}) EXPECT_EQ(handler_of(each), SIG_DFL);
  }
}

TEST_F(StopSignalsTest, OneThatWaitsIsReceivedBeforeTheAnswer) {
  StopSignals signals([](int) {});
  EXPECT_EQ(StopSignals::received(), 0);
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &both, nullptr);
  kill(getpid(), SIGTERM);
  pthread_sigmask(SIG_UNBLOCK, &both, nullptr);
  EXPECT_EQ(StopSignals::received(), SIGTERM);
}

TEST_F(StopSignalsTest, WithoutASignalNothingIsCalledAndHangUpIsNotTouched) {
  std::atomic<int> calls{0};
  {
    StopSignals signals([&](int) { ++calls; });
    EXPECT_NE(handler_of(SIGINT), SIG_DFL);
    EXPECT_EQ(handler_of(SIGHUP), SIG_DFL);
  }
  EXPECT_EQ(calls, 0);
}

TEST_F(StopSignalsTest, WhatTheParentIgnoresStaysIgnored) {
  std::atomic<int> calls{0};
  signal(SIGHUP, SIG_IGN);
  {
    StopSignals signals([&](int) { ++calls; }, true);
    raise(SIGHUP);
  }
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(handler_of(SIGHUP), SIG_IGN);
  signal(SIGHUP, SIG_DFL);
}

using StopSignalsDeathTest = StopSignalsTest;
TEST_F(StopSignalsDeathTest, TheSecondEndsTheProcessThoughTheFirstIsStillBeingHandled) {
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
        raise(SIGTERM);
      },
      testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace ais::cli
