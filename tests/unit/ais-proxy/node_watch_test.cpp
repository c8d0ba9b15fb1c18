#include "ais-proxy/node_watch.h"

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

TEST(NodeWatch, SilenceBeyondTheLimitIsSuspect) {
  NodeWatch watch;
  const meta::ClusterConfig config;  // 10 s, factor 3
  const meta::ClusterMap map = map_of({"t1", "t2"});
  EXPECT_TRUE(watch.suspects(map, config, "p1", seconds(100)).empty()) << "a node never heard counts from now";
  watch.seen("t1", seconds(125));
  EXPECT_TRUE(watch.suspects(map, config, "p1", seconds(130)).empty());
  const auto suspects = watch.suspects(map, config, "p1", seconds(131));
  ASSERT_EQ(suspects.size(), 1u);
  EXPECT_EQ(suspects.at("t2"), Nanoseconds(seconds(31)));
}

TEST(NodeWatch, ReportsEachChangeOnce) {
  NodeWatch watch;
  const meta::ClusterConfig config;
  const meta::ClusterMap map = map_of({"t1"});
  (void)watch.suspects(map, config, "p1", seconds(0));
  auto changes = watch.changes(watch.suspects(map, config, "p1", seconds(60)));
  EXPECT_EQ(changes.suspect, std::set<std::string>{"t1"});
  EXPECT_EQ(watch.suspect_count(), 1u);
  changes = watch.changes(watch.suspects(map, config, "p1", seconds(61)));
  EXPECT_TRUE(changes.suspect.empty() && changes.recovered.empty());
  watch.seen("t1", seconds(62));
  changes = watch.changes(watch.suspects(map, config, "p1", seconds(62)));
  EXPECT_EQ(changes.recovered, std::set<std::string>{"t1"});
  EXPECT_EQ(watch.suspect_count(), 0u);
}

TEST(NodeWatch, ForgetsNodesThatLeft) {
  NodeWatch watch;
  const meta::ClusterConfig config;
  (void)watch.suspects(map_of({"t1"}), config, "p1", seconds(0));
  EXPECT_TRUE(watch.suspects(map_of({}), config, "p1", seconds(60)).empty());
  EXPECT_TRUE(watch.suspects(map_of({"t1"}), config, "p1", seconds(61)).empty()) << "one that came back starts anew";
}

}  // namespace
}  // namespace ais::proxy
