#include "net/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "async/offload.h"

namespace ais::net {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<EventLoop> make_loop() {
  auto loop = EventLoop::create("test");
  EXPECT_TRUE(loop.ok());
  return std::move(*loop);
}

TEST(EventLoop, RunsWhatWasPostedBeforeRunInOrder) {
  auto loop = make_loop();
  std::vector<int> seen;
  for (int i = 0; i < 5; ++i) loop->post([&seen, i] { seen.push_back(i); });
  loop->post([&] { loop->stop(); });
  EXPECT_EQ(EventLoop::current(), nullptr);
  loop->run();
  EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(EventLoop, KeepsTheOrderOfEachPostingThread) {
  constexpr int kThreads = 4, kEach = 5000;
  auto loop = make_loop();
  std::vector<int> last(kThreads, -1);
  int total = 0;
  bool ordered = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i)
        loop->post([&, t, i] {
          ordered &= last[static_cast<size_t>(t)] == i - 1;
          last[static_cast<size_t>(t)] = i;
          if (++total == kThreads * kEach) loop->stop();
        });
    });
  }
  loop->run();
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(ordered);
  EXPECT_EQ(total, kThreads * kEach);
}

TEST(EventLoop, PostFromInsideRunsLaterAndNeverInline) {
  auto loop = make_loop();
  std::vector<int> seen;
  loop->post([&] {
    loop->post([&] {
      seen.push_back(2);
      loop->stop();
    });
    seen.push_back(1);
  });
  loop->run();
  EXPECT_EQ(seen, (std::vector<int>{1, 2}));
}

TEST(EventLoop, EndlessPostingDoesNotStarveTimers) {
  auto loop = make_loop();
  bool fired = false;
  std::function<void()> again = [&] {
    if (!fired) loop->post([&] { again(); });
  };
  loop->post([&] {
    loop->add_timer(milliseconds(5), [&] {
      fired = true;
      loop->stop();
    });
    again();
  });
  loop->run();
  EXPECT_TRUE(fired);
}

TEST(EventLoop, TimersFireInOrderOfTimeAndNotBefore) {
  auto loop = make_loop();
  std::vector<int> seen;
  Nanoseconds start = loop->now(), end{};
  loop->post([&] {
    loop->add_timer(milliseconds(30), [&] {
      seen.push_back(30);
      end = loop->now();
      loop->stop();
    });
    loop->add_timer(milliseconds(10), [&] { seen.push_back(10); });
    auto cancelled = loop->add_timer(milliseconds(20), [&] { seen.push_back(20); });
    loop->cancel_timer(cancelled);
    loop->cancel_timer(cancelled);
    loop->cancel_timer(123456);
  });
  loop->run();
  EXPECT_EQ(seen, (std::vector<int>{10, 30}));
  EXPECT_GE(end - start, milliseconds(29));
}

TEST(EventLoop, TimerCallbackMayCancelOthersAndAddNew) {
  auto loop = make_loop();
  int fired = 0;
  loop->post([&] {
    auto other = loop->add_timer(milliseconds(5), [&] { fired += 100; });
    loop->add_timer(milliseconds(1), [&, other] {
      loop->cancel_timer(other);
      ++fired;
      loop->add_timer(milliseconds(10), [&] {
        ++fired;
        loop->stop();
      });
    });
  });
  loop->run();
  EXPECT_EQ(fired, 2);
}

TEST(EventLoop, CanRunAgainAfterStop) {
  auto loop = make_loop();
  for (int i = 0; i < 3; ++i) {
    auto task = [](int value) -> async::Task<int> {
      co_await async::sleep_for(milliseconds(1));
      co_return value;
    };
    EXPECT_EQ(run_task(*loop, task(i)), i);
  }
}

TEST(EventLoop, DropsFunctionsThatNobodyRan) {
  auto counter = std::make_shared<int>(0);
  {
    auto loop = make_loop();
    loop->post([counter] { ++*counter; });
  }
  EXPECT_EQ(*counter, 0);
  EXPECT_EQ(counter.use_count(), 1);
}

TEST(EventLoop, OffloadResumesOnTheLoop) {
  auto loop = make_loop();
  sys::ThreadPool pool("test", 2);
  auto task = [](sys::ThreadPool& p) -> async::Task<bool> {
    EventLoop* home = EventLoop::current();
    auto job = [] { return std::this_thread::get_id(); };
    async::OffloadAwaiter<decltype(job)> awaiter(p, job);
    std::thread::id worker = co_await awaiter;
    co_return worker != std::this_thread::get_id() && EventLoop::current() == home;
  };
  EXPECT_TRUE(run_task(*loop, task(pool)));
}

struct SocketPair {
  int fds[2] = {-1, -1};
  SocketPair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0); }
  ~SocketPair() {
    close(fds[0]);
    if (fds[1] >= 0) close(fds[1]);
  }
};

TEST(EventLoop, WatchTellsOfReadinessInEachTurnUntilItEnds) {
  SocketPair pair;
  auto loop = make_loop();
  std::vector<unsigned> seen;
  std::unique_ptr<async::Watch> watch;
  loop->post([&] {
    ASSERT_EQ(write(pair.fds[1], "x", 1), 1);
    watch = *loop->watch(pair.fds[0], async::kReadable, [&](unsigned ready) {
      seen.push_back(ready);
      if (seen.size() < 3) return;
      watch.reset();  // within its own callback
      loop->post([&] { loop->stop(); });
    });
  });
  loop->run();
  EXPECT_EQ(seen, (std::vector<unsigned>(3, async::kReadable)));
}

TEST(EventLoop, WatchTellsWhatIsReady) {
  SocketPair pair;
  auto loop = make_loop();
  unsigned first = 0, second = 0;
  std::unique_ptr<async::Watch> watch;
  loop->post([&] {
    watch = *loop->watch(pair.fds[0], async::kReadable | async::kWritable, [&](unsigned ready) {
      if (std::exchange(first, ready)) return;
      close(std::exchange(pair.fds[1], -1));  // a hang-up
      watch.reset();
      watch = *loop->watch(pair.fds[0], async::kReadable, [&](unsigned now_ready) {
        second = now_ready;
        loop->stop();
        watch.reset();
      });
    });
  });
  loop->run();
  EXPECT_EQ(first, async::kWritable);
  EXPECT_EQ(second, async::kReadable);
}

TEST(EventLoop, WatchRefusesAFile) {
  auto loop = make_loop();
  int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(loop->watch(fd, async::kReadable, [](unsigned) {}).code(), Code::kUnsupported);
  close(fd);
}

TEST(EventLoop, DateIsInHttpForm) {
  auto loop = make_loop();
  std::string_view date = loop->http_date();
  ASSERT_EQ(date.size(), 29u);
  EXPECT_EQ(date.substr(25), " GMT");
  EXPECT_EQ(date[3], ',');
}

TEST(LoopGroup, LoopsHaveTheirOwnThreads) {
  auto group = LoopGroup::start("group", 3);
  ASSERT_TRUE(group.ok());
  std::atomic<int> right{0};
  for (size_t i = 0; i < 3; ++i) {
    EventLoop& loop = (**group)[i];
    loop.post([&right, &loop] { right += EventLoop::current() == &loop; });
  }
  (*group)->stop_and_join();
  EXPECT_EQ(right, 3);
  EXPECT_EQ((**group)[1].name(), "group/1");
}

}  // namespace
}  // namespace ais::net
