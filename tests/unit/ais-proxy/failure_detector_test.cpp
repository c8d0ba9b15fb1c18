#include "ais-proxy/failure_detector.h"

#include <gtest/gtest.h>

namespace ais::proxy {
namespace {

using std::chrono::seconds;

meta::ClusterMap map_of(std::initializer_list<const char*> targets) {
  meta::ClusterMap map;
  map.proxies["p1"].id = "p1";
  for (const char* id : targets) map.targets[id].id = id;
  return map;
}

TEST(FailureDetector, SilenceBeyondTheLimitIsSuspect) {
  FailureDetector detector("p1");
  const meta::ClusterConfig config;  // 10 s, factor 3
  const meta::ClusterMap map = map_of({"t1", "t2"});
  EXPECT_TRUE(detector.suspects(map, config, seconds(100)).empty()) << "a node never heard counts from now";
  detector.heard("t1", seconds(125));
  EXPECT_TRUE(detector.suspects(map, config, seconds(130)).empty());
  const auto suspects = detector.suspects(map, config, seconds(131));
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects.at("t2"), Nanoseconds(seconds(31)));
}

TEST(FailureDetector, ReportsEachChangeOnce) {
  FailureDetector detector("p1");
  const meta::ClusterConfig config;
  const meta::ClusterMap map = map_of({"t1"});
  (void)detector.suspects(map, config, seconds(0));
  auto changes = detector.look(map, config, seconds(60));
  EXPECT_EQ(changes.suspect, std::set<std::string>{"t1"});
  EXPECT_EQ(detector.suspect_count(), 1u);
  changes = detector.look(map, config, seconds(61));
  EXPECT_TRUE(changes.suspect.empty() && changes.recovered.empty());
  detector.heard("t1", seconds(62));
  changes = detector.look(map, config, seconds(62));
  EXPECT_EQ(changes.recovered, std::set<std::string>{"t1"});
  EXPECT_EQ(detector.suspect_count(), 0u);
}

TEST(FailureDetector, ForgetsNodesThatLeft) {
  FailureDetector detector("p1");
  const meta::ClusterConfig config;
  (void)detector.suspects(map_of({"t1"}), config, seconds(0));
  EXPECT_TRUE(detector.suspects(map_of({}), config, seconds(60)).empty());
  EXPECT_TRUE(detector.suspects(map_of({"t1"}), config, seconds(61)).empty()) << "one that came back starts anew";
}

}  // namespace
}  // namespace ais::proxy
