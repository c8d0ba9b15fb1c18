#include "ais-proxy/distribution_plan.h"

#include <gtest/gtest.h>

namespace ais::proxy {
namespace {

app::ClusterSnapshot view(uint64_t version, std::initializer_list<const char*> targets = {"t1", "t2"}) {
  meta::ClusterMap map;
  map.uuid = "u";
  map.version = version;
  map.proxies["p1"].id = "p1";
  for (const char* id : targets) map.targets[id].id = id;
  app::ClusterSnapshot made;
  made.smap = std::make_shared<const meta::ClusterMap>(map);
  made.bmd = std::make_shared<const meta::BucketMetadata>();
  made.cluster_config = made.config = std::make_shared<const meta::ClusterConfig>();
  return made;
}

api::DocumentVersions has(uint64_t smap) { return {"u", smap, 0, 0, {}}; }
Status silence() { return Status(Code::kTimeout, "no answer"); }

TEST(DistributionPlan, EachNodeGetsWhatItLacks) {
  DistributionPlan plan("p1");
  plan.told("t2", has(2));
  const auto started = plan.begin(view(2));
  ASSERT_EQ(started.pushes.size(), 1u) << "not itself, and not who has it";
  EXPECT_EQ(started.pushes[0].node.id, "t1");
  EXPECT_TRUE(started.pushes[0].documents().smap);
  EXPECT_FALSE(started.pushes[0].documents().bmd) << "version 0 is none";
  EXPECT_FALSE(started.over);
  const auto ended = plan.ended("t1", has(2), view(2));
  EXPECT_TRUE(ended.acknowledged);
  EXPECT_FALSE(ended.changed);
  EXPECT_EQ(ended.over, (std::map<DistributionPlan::Round, size_t>{{started.round, 0}}));
  EXPECT_TRUE(plan.begin(view(2)).over);
  EXPECT_EQ(plan.known_of("t1").smap, 2u);
  EXPECT_EQ(plan.known_of("nobody").smap, 0u);
}

TEST(DistributionPlan, ALaggardIsAskedAgainUntilItAcknowledgesOrLeaves) {
  DistributionPlan plan("p1");
  const auto started = plan.begin(view(2));
  ASSERT_EQ(started.pushes.size(), 2u);
  EXPECT_TRUE(plan.retry(view(2)).empty()) << "pushes are under way";
  auto ended = plan.ended("t1", silence(), view(2));
  EXPECT_TRUE(!ended.acknowledged && ended.changed && ended.over.empty() && ended.next.empty());
  ended = plan.ended("t2", has(1), view(2));
  EXPECT_FALSE(ended.acknowledged) << "it has answered, with an older version";
  EXPECT_EQ(ended.over, (std::map<DistributionPlan::Round, size_t>{{started.round, 2}}));
  ASSERT_EQ(plan.retry(view(2)).size(), 2u);
  EXPECT_FALSE(plan.ended("t1", silence(), view(2)).changed) << "as before";
  EXPECT_TRUE(plan.ended("t2", has(2), view(2)).changed);
  const auto again = plan.retry(view(3, {"t2"}));
  ASSERT_EQ(again.size(), 1u) << "t1 has left";
  EXPECT_EQ(again[0].node.id, "t2");
}

TEST(DistributionPlan, OnePushAtATimeForEachNode) {
  DistributionPlan plan("p1");
  const auto first = plan.begin(view(2, {"t1"}));
  ASSERT_EQ(first.pushes.size(), 1u);
  const auto second = plan.begin(view(3, {"t1"})), third = plan.begin(view(4, {"t1"}));
  EXPECT_TRUE(second.pushes.empty() && third.pushes.empty());
  auto ended = plan.ended("t1", has(2), view(4, {"t1"}));
  EXPECT_TRUE(ended.acknowledged) << "of what was sent";
  EXPECT_EQ(ended.over, (std::map<DistributionPlan::Round, size_t>{{first.round, 0}}));
  ASSERT_EQ(ended.next.size(), 1u);
  EXPECT_EQ(ended.next[0].documents().smap->version, 4u) << "both rounds with one push";
  ended = plan.ended("t1", silence(), view(4, {"t1"}));
  EXPECT_EQ(ended.over, (std::map<DistributionPlan::Round, size_t>{{second.round, 1}, {third.round, 1}}));
}

TEST(DistributionPlan, ThePushBeforeMayHaveBeenEnough) {
  DistributionPlan plan("p1");
  (void)plan.begin(view(2, {"t1"}));
  const auto second = plan.begin(view(3, {"t1"}));
  auto ended = plan.ended("t1", has(3), view(3, {"t1"}));  // it got the newest by a keepalive
  EXPECT_TRUE(ended.next.empty());
  EXPECT_EQ(ended.over.at(second.round), 0u);
}

TEST(DistributionPlan, ANodeThatLeavesEndsItsRounds) {
  DistributionPlan plan("p1");
  (void)plan.begin(view(2, {"t1"}));
  const auto second = plan.begin(view(3, {"t1"}));
  const auto ended = plan.ended("t1", silence(), view(4, {}));
  EXPECT_TRUE(ended.next.empty());
  EXPECT_TRUE(ended.over.contains(second.round));
}

}  // namespace
}  // namespace ais::proxy
