#include "api/membership.h"

#include <gtest/gtest.h>

#include "api/cgroup.h"
#include "api/node_status.h"
#include "meta/placement.h"

namespace ais::api {
namespace {

meta::Node sample_node() {
  meta::Node node;
  node.id = "tAbcdefgh";
  node.public_net = {"10.0.0.1", 8081};
  node.control_net = node.data_net = {"10.0.0.1", 9081};
  node.digest = meta::placement_digest(node.id);
  return node;
}

TEST(Membership, DocumentsComeBack) {
  ClusterDocuments documents;
  documents.smap.emplace();
  documents.smap->uuid = "uuid";
  documents.smap->version = 3;
  documents.smap->targets["tAbcdefgh"] = sample_node();
  documents.config.emplace();
  documents.config->version = 9;
  const auto back = ClusterDocuments::from_json(documents.to_json());
  ASSERT_TRUE(back.ok()) << back.status().to_string();
  ASSERT_TRUE(back->smap && back->config);
  EXPECT_FALSE(back->bmd.has_value());
  EXPECT_EQ(back->smap->targets.at("tAbcdefgh"), sample_node());
  EXPECT_EQ(back->config->version, 9);
  EXPECT_EQ(ClusterDocuments().to_json(), "{}");
  EXPECT_TRUE(ClusterDocuments::from_json("{}").ok());
  EXPECT_FALSE(ClusterDocuments::from_json("[]").ok());
  EXPECT_FALSE(ClusterDocuments::from_json(R"({"smap":7})").ok());
}

TEST(Membership, JoinRequestComesBack) {
  JoinRequest request{sample_node(), {"u", 1, 2, 3}, 6};
  const auto back = JoinRequest::from_json(request.to_json());
  ASSERT_TRUE(back.ok()) << back.status().to_string();
  EXPECT_EQ(back->node, request.node);
  EXPECT_EQ(back->versions.cluster_uuid, "u");
  EXPECT_EQ(back->versions.config, 3u);
  EXPECT_EQ(back->state_flags, 6u);
  EXPECT_EQ((DocumentVersions{"u", 1, 2, 3}).to_json(), R"({"uuid":"u","smap":"1","bmd":"2","config":"3"})");
  for (const char* text : {"", "{}", "[]", R"({"node":{}})", R"({"versions":{}})"}) EXPECT_FALSE(JoinRequest::from_json(text).ok()) << text;
}

TEST(NodeStatus, HasTheShapeThatClientsRead) {
  NodeStatus status;
  status.node = sample_node();
  status.tracker["get.n"] = 4;
  status.capacity.mountpaths.push_back({.path = "/m", .label = "", .filesystem_device = "sda", .filesystem_type = "xfs", .disks = {"sda"}});
  status.cluster.primary_id = "p1";
  status.smap_version = 12;
  const auto document = codec::JsonDocument::parse(status.to_json());
  ASSERT_TRUE(document.ok());
  const auto root = document->root();
  EXPECT_EQ(root["tracker"]["get.n"]["v"].string_or(""), "4");
  EXPECT_EQ(root["smap_version"].string_or(""), "12");
  EXPECT_EQ(root["capacity"]["mountpaths"]["/m"]["fs"]["FsType"].string_or(""), "xfs");
  EXPECT_EQ(root["cluster"]["smap"]["Primary"]["id"].string_or(""), "p1");
  EXPECT_TRUE(root["ais_version"].string_or("").starts_with("5.0."));
  EXPECT_FALSE(root["build_time"].string_or("").empty());
}

TEST(SystemInfo, ReadsThisMachine) {
  const SystemInfo info = SystemInfo::read();
  EXPECT_GT(info.memory_used + info.memory_available, 1u << 20);
  EXPECT_GT(info.process_resident, 1u << 16);
  EXPECT_GE(info.percent_memory_used, 0);
  EXPECT_LE(info.percent_memory_used, 100);
  EXPECT_GE(usable_cpus(), 1u);
}

}  // namespace
}  // namespace ais::api
