#include "sim/simulation.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <map>

#include "async/cancel.h"
#include "async/event.h"
#include "async/task.h"

namespace ais::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A hundred nodes that ask each other, over a network that delays and loses; who gets no answer asks again.
class Exchange {
 public:
  static constexpr size_t kNodes = 100;
  static constexpr Nanoseconds kRetryAfter = milliseconds(200);

  explicit Exchange(Simulation& simulation) : simulation_(simulation) {
    for (size_t i = 0; i < kNodes; ++i) nodes_.push_back(std::make_unique<Node>(simulation_.add_loop()));
    for (auto& node : nodes_) node->loop.post([this, pointer = node.get()] { start(*pointer); });
  }

  /// No more questions are begun; those under way end with their answers.
  void stop() { stop_.cancel(); }
  bool is_over() const { return running_ == 0; }

  uint64_t asked = 0, answered = 0, served = 0, repeated = 0, lost = 0;

 private:
  struct Node {
    explicit Node(SimulatedLoop& own) : loop(own) {}
    SimulatedLoop& loop;
    uint64_t next_question = 1;
    std::map<uint64_t, async::Event*> waiting;  // for the answer to the question with this number
    std::map<size_t, uint64_t> served;          // the last question of each peer
  };
  struct Message {
    size_t from;
    uint64_t question;
    bool is_answer;
  };

  void start(Node& node) {
    ++running_;
    async::start_detached(ask(node), [this] { --running_; });
  }

  async::Task<void> ask(Node& node) {
    while (co_await async::sleep_for(random_up_to(seconds(20)), stop_.token())) {
      const uint64_t question = node.next_question++;
      const size_t peer = simulation_.random().below(kNodes);
      async::Event answer;
      node.waiting[question] = &answer;
      ++asked;
      bool came = false;
      while (!came) {
        send(node, peer, {node.loop.index(), question, false});
        came = co_await answer.wait_for(kRetryAfter);
      }
      node.waiting.erase(question);
      ++answered;
      simulation_.note(node.loop, "answered " + std::to_string(question) + " by " + std::to_string(peer));
    }
  }

  void send(Node& from, size_t to, Message message) {
    if (simulation_.random().below(100) < 20) {
      ++lost;
      simulation_.note(from.loop, "lost");
      return;
    }
    Node& receiver = *nodes_[to];
    from.loop.add_timer(random_up_to(milliseconds(150)),
                        [this, &receiver, message] { receiver.loop.post([this, &receiver, message] { receive(receiver, message); }); });
  }

  void receive(Node& node, Message message) {
    if (message.is_answer) {
      const auto waiting = node.waiting.find(message.question);
      if (waiting != node.waiting.end()) waiting->second->set();
      return;
    }
    // A peer asks one question at a time, and a repetition may come late.
    uint64_t& last = node.served[message.from];
    if (message.question > last) ++served;
    else ++repeated;
    last = std::max(last, message.question);
    send(node, message.from, {node.loop.index(), message.question, true});
  }

  Nanoseconds random_up_to(Nanoseconds most) {
    return Nanoseconds(static_cast<int64_t>(simulation_.random().below(static_cast<uint64_t>(most.count()))) + 1);
  }

  Simulation& simulation_;
  std::vector<std::unique_ptr<Node>> nodes_;
  async::CancelSource stop_;
  size_t running_ = 0;
};

struct Trace {
  uint64_t digest = 0;
  size_t lines = 0;
  uint64_t steps = 0;
  std::string end;
};

Trace run_exchange(uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Simulation simulation(seed);
  Exchange exchange(simulation);
  simulation.run_until(seconds(3000));
  EXPECT_FALSE(exchange.is_over());
  exchange.stop();
  EXPECT_TRUE(simulation.run_until([&] { return exchange.is_over(); }, seconds(3100)));
  simulation.run_until(seconds(3100));  // answers that come late find nobody
  EXPECT_GT(exchange.asked, 20'000u);
  EXPECT_EQ(exchange.answered, exchange.asked);
  EXPECT_EQ(exchange.served, exchange.asked) << "a question was lost for good, or was taken for two";
  EXPECT_GT(exchange.lost, 0u);
  EXPECT_GT(exchange.repeated, 0u);
  return {simulation.trace_digest(), simulation.trace_lines(), simulation.steps(), simulation.trace_end()};
}

double cpu_seconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

TEST(Simulation, EqualSeedsEqualRuns) {
  const Trace first = run_exchange(7), second = run_exchange(7), other = run_exchange(8);
  EXPECT_GT(first.lines, 20'000u);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.lines, second.lines);
  EXPECT_EQ(first.steps, second.steps);
  EXPECT_EQ(first.end, second.end);
  EXPECT_NE(first.digest, other.digest);
  EXPECT_NE(first.end, other.end);
}

TEST(Simulation, VirtualTimeIsCheap) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr double kLimit = 30;
#else
  constexpr double kLimit = 1;
#endif
  const double before = cpu_seconds();
  const Trace trace = run_exchange(1);
  const double took = cpu_seconds() - before;
  RecordProperty("steps", std::to_string(trace.steps));
  RecordProperty("seconds", std::to_string(took));
  EXPECT_LT(took, kLimit) << trace.steps << " steps";
}

TEST(Simulation, ALoopKeepsItsOrder) {
  Simulation simulation(3);
  std::vector<int> seen[3];
  std::vector<size_t> turns;
  for (size_t k = 0; k < 3; ++k) {
    SimulatedLoop& loop = simulation.add_loop();
    for (int i = 0; i < 20; ++i) {
      loop.post([&, i, k] {
        EXPECT_EQ(async::Loop::current(), &loop);
        seen[k].push_back(i);
        turns.push_back(k);
      });
    }
  }
  EXPECT_EQ(async::Loop::current(), nullptr);
  simulation.run_until(Nanoseconds(0));
  EXPECT_EQ(async::Loop::current(), nullptr);
  for (const auto& order : seen) {
    ASSERT_EQ(order.size(), 20u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  }
  EXPECT_FALSE(std::is_sorted(turns.begin(), turns.end())) << "the loops took turns as they were made";
}

TEST(Simulation, TimersAreDueInOrderAndCanBeCancelledLate) {
  Simulation simulation(1);
  SimulatedLoop& loop = simulation.add_loop();
  std::vector<int> seen;
  async::Loop::TimerId doomed = 0;
  loop.post([&] {
    loop.add_timer(seconds(2), [&] { seen.push_back(2); });
    loop.add_timer(seconds(1), [&] {
      seen.push_back(1);
      loop.cancel_timer(doomed);  // due at this very moment
      loop.post([&] { seen.push_back(10); });
    });
    doomed = loop.add_timer(seconds(1), [&] { seen.push_back(99); });
    loop.add_timer(seconds(5), [&] { seen.push_back(5); });
  });
  EXPECT_TRUE(simulation.run_until([&] { return seen.size() == 3; }, seconds(10)));
  EXPECT_EQ(simulation.now(), seconds(2));
  EXPECT_FALSE(simulation.run_until([&] { return seen.size() == 5; }, seconds(4)));
  simulation.run_until(seconds(4));
  EXPECT_EQ(simulation.now(), seconds(4));
  simulation.run_until(seconds(6));
  EXPECT_EQ(seen, (std::vector<int>{1, 10, 2, 5}));
}

TEST(Simulation, ALoopHasNoDescriptors) {
  Simulation simulation(1);
  EXPECT_EQ(simulation.add_loop().watch(0, async::kReadable, [](unsigned) {}).code(), Code::kUnsupported);
}

TEST(Simulation, WhatNobodyRanIsFreed) {
  auto shared = std::make_shared<int>(1);
  {
    Simulation simulation(1);
    SimulatedLoop& loop = simulation.add_loop();
    loop.post([shared] {});
    loop.add_timer(seconds(1), [shared] {});
    EXPECT_EQ(shared.use_count(), 3);
  }
  EXPECT_EQ(shared.use_count(), 1);
}

}  // namespace
}  // namespace ais::sim
