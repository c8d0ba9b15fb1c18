// A cluster whose nodes die, whose network loses and whose disk fills, on virtual time; what must hold is in simulated_cluster.h.
// SIM_SEEDS=N runs the long one with N seeds (make sim).
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "base/strings.h"
#include "sim/simulated_cluster.h"

namespace ais::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr size_t kHosts = 100;
// Patience with a node is three keepalives of ten seconds; the primary looks every second; a last word may have been on its way.
constexpr Nanoseconds kSuspectWithin = seconds(30 + 1 + 5);
// After the last fault: a keepalive that fails, and the longest pause before a node registers again.
constexpr Nanoseconds kWholeWithin = seconds(30);

void start_all(SimulatedCluster& cluster) {
  for (size_t host = 0; host < cluster.size(); ++host) {
    if (!cluster.is_running(host)) cluster.start(host);
  }
}

bool becomes_whole(Simulation& simulation, SimulatedCluster& cluster, Nanoseconds within) {
  const Nanoseconds limit = simulation.now() + within;
  while (!cluster.trouble().empty() && simulation.now() < limit) simulation.run_until(simulation.now() + milliseconds(100));
  EXPECT_EQ(cluster.trouble(), "");
  return cluster.trouble().empty();
}

TEST(ClusterSimulation, AQuietClusterStaysAsItIs) {
  Simulation simulation(1);
  SimulatedCluster cluster(simulation, kHosts);
  start_all(cluster);
  ASSERT_TRUE(becomes_whole(simulation, cluster, seconds(5)));
  EXPECT_LE(cluster.counts().maps, kHosts / 2) << "nodes that come together enter together";
  const uint64_t maps = cluster.counts().maps, keepalives = cluster.counts().keepalives;
  constexpr int kMinutes = 30;
  for (int second = 0; second < kMinutes * 60; second += 10) {
    simulation.run_until(simulation.now() + seconds(10));
    ASSERT_EQ(cluster.trouble(), "");
  }
  EXPECT_EQ(cluster.counts().maps, maps);
  EXPECT_NEAR(static_cast<double>(cluster.counts().keepalives - keepalives), kMinutes * 6 * (kHosts - 1), 2 * kHosts);
  cluster.shut_down();
}

TEST(ClusterSimulation, ADeadNodeIsSuspectInTimeLeavesWhenItIsRemovedAndComesBack) {
  Simulation simulation(2);
  SimulatedCluster cluster(simulation, kHosts);
  start_all(cluster);
  ASSERT_TRUE(becomes_whole(simulation, cluster, seconds(5)));
  const size_t dead[] = {10, 37, 99};  // a gateway and two targets
  for (const size_t host : dead) cluster.kill(host, host == 37);
  simulation.run_until(simulation.now() + seconds(19));
  EXPECT_TRUE(cluster.suspects().empty()) << "each was heard less than thirty seconds ago";
  simulation.run_until(simulation.now() + kSuspectWithin - seconds(19));
  EXPECT_EQ(cluster.suspects(), (std::set<std::string>{cluster.id_of(10), cluster.id_of(37), cluster.id_of(99)}));
  simulation.run_until(simulation.now() + minutes(30));
  for (const size_t host : dead) EXPECT_TRUE(cluster.in_map(cluster.id_of(host))) << "nobody but the administrator removes a node";
  cluster.remove(cluster.id_of(37));
  simulation.run_until(simulation.now() + seconds(1));
  EXPECT_FALSE(cluster.in_map(cluster.id_of(37)));
  EXPECT_EQ(cluster.suspects().size(), 2u);
  cluster.remove(cluster.id_of(50));  // which is alive
  start_all(cluster);
  EXPECT_TRUE(becomes_whole(simulation, cluster, seconds(15))) << "who is alive and was removed registers again";
  cluster.shut_down();
}

TEST(ClusterSimulation, AChangeThatNobodyHeardIsSaidAgainSoon) {
  Simulation simulation(4);
  SimulatedCluster cluster(simulation, kHosts);
  start_all(cluster);
  ASSERT_TRUE(becomes_whole(simulation, cluster, seconds(5)));
  cluster.set_faults({milliseconds(1), milliseconds(30), 100, 0});
  cluster.change_buckets();
  simulation.run_until(simulation.now() + milliseconds(2500));
  EXPECT_EQ(cluster.disk_of(1).bmd->version + 1, cluster.disk_of(0).bmd->version);
  cluster.set_faults({});
  // A push has two seconds to be answered, laggards are looked for every two seconds; their keepalives come every ten.
  simulation.run_until(simulation.now() + milliseconds(4500));
  for (size_t host = 1; host < cluster.size(); ++host) EXPECT_EQ(cluster.disk_of(host).bmd->version, cluster.disk_of(0).bmd->version);
  EXPECT_EQ(cluster.trouble(), "");
  cluster.shut_down();
}

TEST(ClusterSimulation, APrimaryThatWasSetBackStopsBeforeItDoesHarm) {
  Simulation simulation(3);
  SimulatedCluster cluster(simulation, 20);
  start_all(cluster);
  ASSERT_TRUE(becomes_whole(simulation, cluster, seconds(5)));
  const app::ClusterSnapshot older = cluster.disk_of(0);
  for (int i = 0; i < 10; ++i) {
    cluster.change_buckets();
    simulation.run_until(simulation.now() + seconds(1));
  }
  ASSERT_EQ(cluster.trouble(), "");
  const uint64_t buckets = cluster.disk_of(7).bmd->version;
  ASSERT_EQ(buckets, older.bmd->version + 10);
  cluster.kill(0, false);
  cluster.set_back(0, older);
  cluster.start(0);
  simulation.run_until(simulation.now() + seconds(20));
  EXPECT_TRUE(cluster.primary_in_quarantine());
  cluster.change_buckets();
  simulation.run_until(simulation.now() + minutes(5));
  EXPECT_EQ(cluster.disk_of(0).bmd->version, older.bmd->version) << "it makes nothing from there";
  for (size_t host = 1; host < cluster.size(); ++host) EXPECT_EQ(cluster.disk_of(host).bmd->version, buckets);
  cluster.shut_down();
}

/// Kills, restarts, changes and removes at random.
class Trouble {
 public:
  Trouble(Simulation& simulation, SimulatedCluster& cluster) : simulation_(simulation), cluster_(cluster) {}

  void run_for(Nanoseconds time) {
    for (const Nanoseconds end = simulation_.now() + time; simulation_.now() < end;) {
      simulation_.run_until(simulation_.now() + milliseconds(static_cast<int64_t>(random(1000)) + 1));
      make_some();
      remove_the_dead();
    }
  }

 private:
  uint64_t random(uint64_t bound) { return simulation_.random().below(bound); }

  void make_some() {
    const size_t host = random(random(10) == 0 ? 1 : cluster_.size());  // the primary more often than its share
    switch (random(8)) {
      case 0:
      case 1:
        cluster_.kill(host, random(2) == 0);
        if (random(3) == 0) cluster_.start(host);  // at once: before its last messages have arrived
        break;
      case 2:
      case 3:
      case 4:
        if (!cluster_.is_running(host)) cluster_.start(host);
        break;
      case 5: cluster_.change_buckets(); break;
      case 6:
        cluster_.set_faults({milliseconds(1), milliseconds(static_cast<int64_t>(random(1500)) + 1), static_cast<unsigned>(random(30)),
                             static_cast<unsigned>(random(10))});
        break;
      case 7: cluster_.set_store_failures(static_cast<unsigned>(random(40))); break;
      default: break;
    }
    if (!cluster_.is_running(0) && random(5) == 0) cluster_.start(0);
  }

  // As an administrator who waits for a while before he believes it.
  void remove_the_dead() {
    const std::set<std::string> suspects = cluster_.suspects();
    std::erase_if(suspect_since_, [&](const auto& entry) { return !suspects.contains(entry.first); });
    for (const std::string& id : suspects) {
      const Nanoseconds since = suspect_since_.try_emplace(id, simulation_.now()).first->second;
      if (simulation_.now() - since > seconds(20)) cluster_.remove(id);
    }
  }

  Simulation& simulation_;
  SimulatedCluster& cluster_;
  std::map<std::string, Nanoseconds> suspect_since_;
};

struct Outcome {
  uint64_t digest = 0, steps = 0;
  SimulatedCluster::Counts counts;
  std::string trace_end;
};

Outcome run_trouble(uint64_t seed, size_t hosts, Nanoseconds time) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Simulation simulation(seed);
  SimulatedCluster cluster(simulation, hosts);
  start_all(cluster);
  Trouble(simulation, cluster).run_for(time);
  cluster.set_faults({});
  cluster.set_store_failures(0);
  start_all(cluster);
  if (becomes_whole(simulation, cluster, kWholeWithin)) {
    for (int i = 0; i < 12; ++i) {
      simulation.run_until(simulation.now() + seconds(10));
      EXPECT_EQ(cluster.trouble(), "") << "and stays so";
    }
  }
  EXPECT_FALSE(cluster.primary_in_quarantine());
  cluster.shut_down();
  if (testing::Test::HasFailure()) ADD_FAILURE() << "the end of seed " << seed << ":\n" << simulation.trace_end();
  return {simulation.trace_digest(), simulation.steps(), cluster.counts(), simulation.trace_end()};
}

TEST(ClusterSimulation, WhateverDiesAndIsLostTheClusterBecomesWhole) {
  const char* asked = std::getenv("SIM_SEEDS");
  const uint64_t seeds = asked != nullptr ? parse_uint(asked).value_or(1) : 1;
  for (uint64_t seed = 1; seed <= seeds && !HasFailure(); ++seed) {
    const Outcome outcome = run_trouble(seed, kHosts, minutes(10));
    EXPECT_GT(outcome.counts.kills, 100u);
    EXPECT_GT(outcome.counts.maps, 50u);
    EXPECT_GT(outcome.counts.lost, 100u);
    EXPECT_GT(outcome.counts.store_failures, 5u);
    std::printf("seed %llu: %llu steps, %llu messages, %llu lost, %llu kills, %llu maps, %llu documents written\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(outcome.steps),
                static_cast<unsigned long long>(outcome.counts.messages), static_cast<unsigned long long>(outcome.counts.lost),
                static_cast<unsigned long long>(outcome.counts.kills), static_cast<unsigned long long>(outcome.counts.maps),
                static_cast<unsigned long long>(outcome.counts.installs));
  }
}

TEST(ClusterSimulation, EqualSeedsEqualRuns) {
  const Outcome first = run_trouble(11, 20, minutes(3)), second = run_trouble(11, 20, minutes(3)), other = run_trouble(12, 20, minutes(3));
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.steps, second.steps);
  EXPECT_EQ(first.trace_end, second.trace_end);
  EXPECT_NE(first.digest, other.digest);
}

}  // namespace
}  // namespace ais::sim
