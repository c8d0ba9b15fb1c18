#include "api/membership.h"

#include <gtest/gtest.h>

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
  JoinRequest request{sample_node(), {"u", 1, 2, 3, {"log.level", "space.lowwm"}}, 6};
  const auto back = JoinRequest::from_json(request.to_json());
  ASSERT_TRUE(back.ok()) << back.status().to_string();
  EXPECT_EQ(back->node, request.node);
  EXPECT_EQ(back->versions.cluster_uuid, "u");
  EXPECT_EQ(back->versions.config, 3u);
  EXPECT_EQ(back->state_flags, 6u);
  EXPECT_EQ(back->versions.lost_overrides, request.versions.lost_overrides);
  EXPECT_EQ((DocumentVersions{"u", 1, 2, 3, {}}).to_json(), R"({"uuid":"u","smap":"1","bmd":"2","config":"3"})");
  for (const char* text : {"", "{}", "[]", R"({"node":{}})", R"({"versions":{}})"}) EXPECT_FALSE(JoinRequest::from_json(text).ok()) << text;
}

}  // namespace
}  // namespace ais::api
