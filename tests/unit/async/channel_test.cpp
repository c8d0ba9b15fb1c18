#include "async/channel.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "unit/async/loop_fixture.h"
#include "unit/async/thread_loop.h"

namespace ais::async {
namespace {

using std::chrono::seconds;
using ChannelTest = LoopTest;
using IntChannel = Channel<int>;

Task<void> send_range(IntChannel& channel, int begin, int end, int& sent) {
  for (int i = begin; i < end; ++i) {
    const bool taken = co_await channel.send(i);
    if (!taken) break;
    ++sent;
  }
}

Task<void> receive_all(IntChannel& channel, std::vector<int>& received) {
  while (std::optional<int> item = co_await channel.receive()) received.push_back(*item);
}

TEST_F(ChannelTest, HoldsItsCapacityAndRefillsWhenHalfEmpty) {
  IntChannel channel(4);
  int sent = 0;
  std::vector<int> received;
  start(send_range(channel, 0, 10, sent));
  settle();
  EXPECT_EQ(sent, 4);
  auto take = [](IntChannel& from, std::vector<int>& out) -> Task<void> { out.push_back((co_await from.receive()).value_or(-1)); };
  start(take(channel, received));
  settle();
  EXPECT_EQ(sent, 4) << "the sender was woken for one place";
  start(take(channel, received));
  settle();
  EXPECT_EQ(sent, 6);
  channel.close();
  start(receive_all(channel, received));
  settle();
  EXPECT_EQ(sent, 6) << "taken after the close";
  EXPECT_EQ(received, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

TEST_F(ChannelTest, CapacityOneKeepsTheOrder) {
  IntChannel channel(1);
  int sent = 0;
  std::vector<int> received;
  auto sender = [](IntChannel& into, int& count) -> Task<void> {
    co_await send_range(into, 0, 100, count);
    into.close();
  };
  start(receive_all(channel, received));
  start(sender(channel, sent));
  settle();
  std::vector<int> expected(100);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(received, expected);
}

TEST_F(ChannelTest, CloseWakesBothSides) {
  IntChannel full(1), empty(1);
  int sent = 0;
  std::vector<int> received, rest;
  start(send_range(full, 0, 5, sent));
  start(receive_all(empty, received));
  settle();
  EXPECT_EQ(ended(), 0u);
  full.close();
  empty.close();
  settle();
  EXPECT_EQ(ended(), 2u);
  EXPECT_EQ(sent, 1);
  start(receive_all(full, rest));
  settle();
  EXPECT_EQ(rest, std::vector<int>{0});
}

TEST_F(ChannelTest, DropForgetsWhatIsIn) {
  IntChannel channel(8);
  int sent = 0;
  std::vector<int> received;
  start(send_range(channel, 0, 8, sent));
  settle();
  channel.close_and_drop();
  start(receive_all(channel, received));
  start(send_range(channel, 0, 8, sent));
  settle();
  EXPECT_TRUE(received.empty());
  EXPECT_EQ(sent, 8);
}

TEST_F(ChannelTest, ItemsMove) {
  Channel<std::unique_ptr<int>> channel(1);
  int sum = 0;
  auto sender = [](Channel<std::unique_ptr<int>>& into) -> Task<void> {
    for (int i = 1; i <= 3; ++i) (void)co_await into.send(std::make_unique<int>(i));
    into.close();
  };
  auto receiver = [](Channel<std::unique_ptr<int>>& from, int& out) -> Task<void> {
    while (auto item = co_await from.receive()) out += **item;
  };
  start(sender(channel));
  start(receiver(channel, sum));
  settle();
  EXPECT_EQ(sum, 6);
}

TEST(ChannelThreads, EveryItemOnce) {
  constexpr int kItems = 20'000;
  for (const size_t capacity : {1u, 2u, 64u}) {
    IntChannel channel(capacity);
    std::vector<int> received[4];
    int sent[2] = {0, 0};
    Countdown senders(2), receivers(4);
    {
      ThreadLoop loops[3];
      for (int i = 0; i < 4; ++i) loops[i % 3].start(receive_all(channel, received[i]), [&] { receivers.arrive(); });
      for (int i = 0; i < 2; ++i) loops[i].start(send_range(channel, i * kItems, (i + 1) * kItems, sent[i]), [&] { senders.arrive(); });
      senders.wait();
      channel.close();
      receivers.wait();
    }
    std::vector<int> all;
    for (const auto& part : received) all.insert(all.end(), part.begin(), part.end());
    std::sort(all.begin(), all.end());
    ASSERT_EQ(all.size(), 2u * kItems);
    for (int i = 0; i < 2 * kItems; ++i) ASSERT_EQ(all[static_cast<size_t>(i)], i);
  }
}

}  // namespace
}  // namespace ais::async
