#include "aisloader/cluster_facts.h"

#include <gtest/gtest.h>

namespace ais::loader {
namespace {

meta::ClusterMap two_nodes() {
  meta::ClusterMap map;
  map.uuid = "u";
  meta::Node node;
  node.id = "p1";
  node.type = meta::NodeType::kProxy;
  node.public_net = {"10.0.0.1", 8080};
  map.proxies["p1"] = node;
  node.id = "t1";
  node.type = meta::NodeType::kTarget;
  map.targets["t1"] = node;
  return map;
}

constexpr char kGateway[] = R"({"ais_version":"5.0.3"})";
constexpr char kSystem[] =
    R"({"proxy":{"p1":{"mem_used":1000,"mem_avail":3000,"cpus":4}},"target":{"t1":{"mem_used":1,"mem_avail":2,"cpus":8}}})";
constexpr char kNodes[] = R"({"target":{"t1":{"capacity":{"total_used":"5","total_avail":"7","mountpaths":{"/a":{"disks":["sdb","sda"]},)"
                          R"("/b":{"disks":["sda"]}}}}}})";

TEST(ClusterFacts, AreReadFromThreeAnswers) {
  const ClusterFacts facts = read_cluster_facts(two_nodes(), kGateway, kSystem, kNodes);
  ASSERT_EQ(facts.nodes.size(), 2u);
  EXPECT_EQ(facts.nodes[0].kind, "gateway");
  EXPECT_EQ(facts.nodes[0].memory, 3000u);
  EXPECT_EQ(facts.nodes[0].url, "http://10.0.0.1:8080");
  const NodeFacts& target = facts.nodes[1];
  EXPECT_EQ(target.cpus, 8u);
  EXPECT_EQ(target.mountpaths, 2u);
  EXPECT_EQ(target.disks, (std::vector<std::string>{"sda", "sdb"}));
  EXPECT_EQ(target.used, 5u);
  EXPECT_EQ(target.available, 7u);
  EXPECT_EQ(facts.text(), "5.0.3: 1 gateway, 1 target with 2 disks, 8 CPUs");  // of one host
}

TEST(ClusterFacts, WhatIsNotToldIsLeftOut) {
  for (const char* answer :
       {"", "[]", "{", "null", R"({"target":{"t1":7},"ais_version":[1]})", R"({"target":{"t1":{"capacity":{"mountpaths":[1]}}}})"}) {
    const ClusterFacts facts = read_cluster_facts(two_nodes(), answer, answer, answer);
    EXPECT_EQ(facts.nodes.size(), 2u);
    EXPECT_EQ(facts.text(), "1 gateway, 1 target") << answer;
  }
  EXPECT_EQ(ClusterFacts().text(), "not told");
}

}  // namespace
}  // namespace ais::loader
