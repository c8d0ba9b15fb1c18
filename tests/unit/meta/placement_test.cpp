#include "meta/placement.h"

#include <gtest/gtest.h>

#include <string>

#include "meta/bucket.h"
#include "meta/cluster_map.h"

namespace ais::meta {
namespace {

TEST(PlacementTest, MixVectors) {
  EXPECT_EQ(placement_mix(4573842), 5026071747115404967ull);
  EXPECT_EQ(placement_mix(0), 1905207664160064169ull);
}

TEST(PlacementTest, DigestVectors) {
  struct Row {
    const char* text;
    uint64_t digest;
  };
  for (Row row :
       {Row{"", 12295767445558623539ull}, Row{"a", 6843093361001225328ull}, Row{"t8081abcd", 15182509344376648168ull},
        Row{"ais/@#/bck/obj", 7636710260493408699ull}, Row{"ais/@uuid#ns/bck/dir/obj-0001.tar", 16933251549765580324ull},
        Row{"ais/@#/my-bucket/a/quite/long/object/name/shard-000123.tar", 2666845149312292049ull}, Row{"tgtAAAAA", 10840569510068142044ull},
        Row{"tgtBBBBB", 16588492973478853077ull}, Row{"tgtCCCCC", 1748012830622217219ull}})
    EXPECT_EQ(placement_digest(row.text), row.digest) << row.text;
}

TEST(PlacementTest, WeightVectors) {
  uint64_t object = placement_digest("ais/@#/bck/obj");
  EXPECT_EQ(placement_weight(placement_digest("tgtAAAAA"), object), 12027972394036300698ull);
  EXPECT_EQ(placement_weight(placement_digest("tgtBBBBB"), object), 18230986704399602918ull);
  EXPECT_EQ(placement_weight(placement_digest("tgtCCCCC"), object), 15542326659809662298ull);
}

ClusterMap three_targets() {
  ClusterMap map;
  for (const char* id : {"tgtAAAAA", "tgtBBBBB", "tgtCCCCC"}) {
    Node node;
    node.id = id;
    node.digest = placement_digest(id);
    map.targets[id] = node;
  }
  return map;
}

TEST(PlacementTest, WinnersVectors) {
  ClusterMap map = three_targets();
  Bucket bucket;
  bucket.name = "bck";
  EXPECT_EQ(map.owner_of(bucket.object_uname("obj"))->id, "tgtBBBBB");
  std::string winners;
  for (int i = 0; i < 5; ++i) winners.push_back(map.owner_of(bucket.object_uname("obj-000" + std::to_string(i)))->id.back());
  EXPECT_EQ(winners, "ABAAC");
}

TEST(PlacementTest, InactiveTargetsOwnNothing) {
  ClusterMap map = three_targets();
  map.targets["tgtBBBBB"].flags = kMaintenance;
  EXPECT_EQ(map.owner_of("ais/@#/bck/obj")->id, "tgtCCCCC");
  map.targets["tgtCCCCC"].flags = kDecommission;
  EXPECT_EQ(map.owner_of("ais/@#/bck/obj")->id, "tgtAAAAA");
  EXPECT_EQ(map.active_targets(), 1u);
  map.targets["tgtAAAAA"].flags = kMaintenance | kMaintenancePostRebalance;
  EXPECT_EQ(map.owner_of("ais/@#/bck/obj"), nullptr);
}

TEST(PlacementTest, ALostTargetMovesOnlyItsOwnObjects) {
  ClusterMap before = three_targets();
  ClusterMap after = before;
  after.targets.erase("tgtCCCCC");
  int moved = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string uname = "ais/@#/bck/o" + std::to_string(i);
    const std::string& owner = before.owner_of(uname)->id;
    if (owner == "tgtCCCCC") {
      ++moved;
    } else {
      EXPECT_EQ(after.owner_of(uname)->id, owner);
    }
  }
  EXPECT_NEAR(moved, 1000, 120);
}

}  // namespace
}  // namespace ais::meta
