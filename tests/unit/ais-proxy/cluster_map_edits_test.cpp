#include "ais-proxy/cluster_map_edits.h"

#include <gtest/gtest.h>

#include "meta/placement.h"

namespace ais::proxy {
namespace {

meta::Node node(std::string id, meta::NodeType type, uint16_t port = 1000) {
  meta::Node made;
  made.id = std::move(id);
  made.type = type;
  made.public_net = {"127.0.0.1", port};
  made.control_net = made.data_net = {"127.0.0.1", static_cast<uint16_t>(port + 1)};
  return made;
}
meta::Node proxy(std::string id, uint16_t port = 1000) { return node(std::move(id), meta::NodeType::kProxy, port); }
meta::Node target(std::string id, uint16_t port = 1000) { return node(std::move(id), meta::NodeType::kTarget, port); }

meta::ClusterMap new_map() { return first_cluster_map(proxy("gw1"), "uuid1", 1'700'000'000'000'000'000); }

TEST(ClusterMapEdits, FirstMapHasThePrimaryAlone) {
  const meta::ClusterMap map = new_map();
  EXPECT_EQ(map.version, 1u);
  EXPECT_EQ(map.creation_time, "2023-11-14 22:13:20");
  ASSERT_NE(map.primary(), nullptr);
  EXPECT_EQ(map.primary()->digest, meta::placement_digest("gw1"));
  EXPECT_EQ(map.primary()->flags, uint64_t{meta::kInformationCentre});
}

TEST(ClusterMapEdits, VersionRisesOnlyWithAChange) {
  meta::ClusterMap map = new_map();
  ASSERT_TRUE(add_node(map, target("tgt1")).ok());
  EXPECT_EQ(map.version, 2u);
  ASSERT_TRUE(add_node(map, target("tgt1")).ok());
  EXPECT_EQ(map.version, 2u);
  ASSERT_TRUE(add_node(map, target("tgt1", 2000)).ok());
  EXPECT_EQ(map.version, 3u);
  EXPECT_EQ(map.targets.at("tgt1").public_net.port, 2000);
}

TEST(ClusterMapEdits, FlagsAndDigestAreNotTheJoinersToSet) {
  meta::ClusterMap map = new_map();
  meta::Node liar = target("tgt1");
  liar.digest = 42;
  liar.flags = meta::kMaintenance | meta::kInformationCentre;
  ASSERT_TRUE(add_node(map, liar).ok());
  EXPECT_EQ(map.targets.at("tgt1").digest, meta::placement_digest("tgt1"));
  EXPECT_EQ(map.targets.at("tgt1").flags, 0u);
  map.targets.at("tgt1").flags = meta::kMaintenance;
  ASSERT_TRUE(add_node(map, target("tgt1", 3000)).ok());
  EXPECT_EQ(map.targets.at("tgt1").flags, uint64_t{meta::kMaintenance}) << "a restart does not end maintenance";
}

TEST(ClusterMapEdits, RefusesBadNodes) {
  meta::ClusterMap map = new_map();
  EXPECT_EQ(add_node(map, target("gw1")).code(), Code::kAlreadyExists);
  EXPECT_EQ(add_node(map, target("")).code(), Code::kInvalid);
  EXPECT_EQ(add_node(map, target("t1")).code(), Code::kInvalid) << "too short for the stored map";
  EXPECT_EQ(add_node(map, target("../x")).code(), Code::kInvalid);
  EXPECT_EQ(add_node(map, target(std::string(65, 'a'))).code(), Code::kInvalid);
  meta::Node bad_host = target("tgt1");
  bad_host.public_net.host = "a b\r\n";
  EXPECT_EQ(add_node(map, bad_host).code(), Code::kInvalid);
  meta::Node no_port = target("tgt1");
  no_port.data_net.port = 0;
  EXPECT_EQ(add_node(map, no_port).code(), Code::kInvalid);
  EXPECT_EQ(map.version, 1u);
}

TEST(ClusterMapEdits, InformationCentresAreThePrimaryAndTwoMore) {
  meta::ClusterMap map = new_map();
  for (const char* id : {"gw5", "gw4", "gw3", "gw2"}) ASSERT_TRUE(add_node(map, proxy(id)).ok());
  const auto centres = [&] {
    std::string ids;
    for (const auto& [id, gateway] : map.proxies) {
      if (gateway.flags & meta::kInformationCentre) ids += id + " ";
    }
    return ids;
  };
  EXPECT_EQ(centres(), "gw1 gw4 gw5 ") << "those that came first keep it";
  ASSERT_TRUE(remove_node(map, "gw4").ok());
  EXPECT_EQ(centres(), "gw1 gw2 gw5 ");
}

TEST(ClusterMapEdits, RemovesAllButThePrimary) {
  meta::ClusterMap map = new_map();
  ASSERT_TRUE(add_node(map, target("tgt1")).ok());
  EXPECT_EQ(remove_node(map, "tgt2").code(), Code::kNodeNotFound);
  EXPECT_EQ(remove_node(map, "gw1").code(), Code::kInvalid);
  EXPECT_EQ(map.version, 2u);
  ASSERT_TRUE(remove_node(map, "tgt1").ok());
  EXPECT_EQ(map.version, 3u);
  EXPECT_TRUE(map.targets.empty());
}

}  // namespace
}  // namespace ais::proxy
