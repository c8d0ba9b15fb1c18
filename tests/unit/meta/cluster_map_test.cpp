#include "meta/cluster_map.h"

#include <gtest/gtest.h>

#include "meta/placement.h"
#include "unit/meta/golden.h"

namespace ais::meta {
namespace {

Node make_node(const char* id, NodeType type, uint16_t port) {
  Node node;
  node.id = id;
  node.type = type;
  node.public_net.host = "10.0.0.1";
  node.public_net.port = port;
  node.control_net = node.data_net = node.public_net;
  node.control_net.port = static_cast<uint16_t>(port + 1);
  node.digest = placement_digest(id);
  return node;
}

ClusterMap sample() {
  ClusterMap map;
  map.uuid = "clu-1";
  map.version = 18446744073709551615u;
  map.creation_time = "2026-01-02 03:04:05";
  map.primary_id = "p8080abc";
  map.proxies["p8080abc"] = make_node("p8080abc", NodeType::kProxy, 8080);
  map.targets["tgtAAAAA"] = make_node("tgtAAAAA", NodeType::kTarget, 9001);
  map.targets["tgtBBBBB"] = make_node("tgtBBBBB", NodeType::kTarget, 9011);
  map.targets["tgtBBBBB"].flags = kMaintenance;
  return map;
}

TEST(ClusterMapTest, GoldenJson) { expect_golden("tests/golden/smap.json", sample().to_json() + "\n"); }

TEST(ClusterMapTest, RoundTrip) {
  ClusterMap map = sample();
  auto read = ClusterMap::from_json(map.to_json());
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(read->to_json(), map.to_json());
  EXPECT_EQ(read->targets, map.targets);
  EXPECT_EQ(read->primary()->id, "p8080abc");
  EXPECT_EQ(read->version, 18446744073709551615u);
  EXPECT_EQ(read->find("tgtBBBBB")->display_name(), "t[tgtBBBBB]");
  EXPECT_EQ(read->find("nobody"), nullptr);
}

TEST(ClusterMapTest, EmptyMapsAreObjects) {
  EXPECT_EQ(ClusterMap().to_json(), R"({"pmap":{},"proxy_si":null,"tmap":{},"uuid":"","creation_time":"","version":"0"})");
  EXPECT_TRUE(ClusterMap::from_json(ClusterMap().to_json()).ok());
}

TEST(ClusterMapTest, DigestsAreComputedNotBelieved) {
  std::string text = sample().to_json();
  std::string digest = std::to_string(placement_digest("tgtAAAAA"));
  text.replace(text.find(digest), digest.size(), "18446744073709551615");
  EXPECT_EQ(ClusterMap::from_json(text)->targets.at("tgtAAAAA").digest, placement_digest("tgtAAAAA"));
}

TEST(ClusterMapTest, KeysMatchWithoutRegardToCase) {
  std::string text = sample().to_json();
  text.replace(text.find("daemon_id"), 9, "Daemon_ID");
  EXPECT_TRUE(ClusterMap::from_json(text).ok());
}

TEST(ClusterMapTest, HostileDocumentsAreRefused) {
  const std::string good = sample().to_json();
  using Row = std::pair<const char*, const char*>;
  for (auto [from, to] : {
           Row{"\"daemon_id\":\"tgtAAAAA\"", "\"daemon_id\":\"tgtXXXXX\""},
           Row{"\"daemon_type\":\"target\"", "\"daemon_type\":\"proxy\""},
           Row{"\"daemon_type\":\"target\"", "\"daemon_type\":\"king\""},
           Row{"\"daemon_port\":\"9001\"", "\"daemon_port\":\"0\""},
           Row{"\"daemon_port\":\"9001\"", "\"daemon_port\":\"65536\""},
           Row{"\"daemon_port\":\"9001\"", "\"daemon_port\":\"x\""},
           Row{"\"node_ip_addr\":\"10.0.0.1\"", "\"node_ip_addr\":\"\""},
           Row{"\"node_ip_addr\":\"10.0.0.1\"", "\"node_ip_addr\":\"h/../\""},
           Row{"\"node_ip_addr\":\"10.0.0.1\"", "\"node_ip_addr\":\"h\\r\\nX: y\""},
           Row{"\"version\":\"18446744073709551615\"", "\"version\":\"-1\""},
           Row{"\"tmap\":{", "\"tmap\":[],\"x\":{"},
           Row{"\"flags\":0", "\"flags\":\"many\""},
           Row{"\"proxy_si\":{", "\"proxy_si\":{\"daemon_id\":\"ghost-id\"},\"old\":{"},
       }) {
    std::string bad = good;
    bad.replace(bad.find(from), std::string_view(from).size(), to);
    EXPECT_EQ(ClusterMap::from_json(bad).code(), Code::kInvalid) << to;
  }
  for (const char* text : {"", "null", "[]", "1", "{\"tmap\":{\"a\":null}}", "{\"tmap\":{\"ab\":{\"daemon_id\":\"ab\"}}}"})
    EXPECT_FALSE(ClusterMap::from_json(text).ok()) << text;
  for (size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(ClusterMap::from_json(good.substr(0, length)).ok());
}

TEST(ClusterMapTest, Ipv6HostsGetBrackets) {
  NetEndpoint net;
  net.host = "fd00::1";
  net.port = 80;
  EXPECT_EQ(net.url(), "http://[fd00::1]:80");
  net.host = "[fd00::1]";
  EXPECT_EQ(net.url(), "http://[fd00::1]:80");
}

}  // namespace
}  // namespace ais::meta
