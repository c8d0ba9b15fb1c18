#include "meta/node_overrides.h"

#include <gtest/gtest.h>

namespace ais::meta {
namespace {

ClusterConfig base_with(const ConfigValues& values) {
  auto base = change_config(ClusterConfig(), codec::JsonView(), values);
  EXPECT_TRUE(base.ok()) << base.status().to_string();
  return base.ok() ? *base : ClusterConfig();
}

NodeOverrides read(const std::string& text) {
  const auto document = codec::JsonDocument::parse(text);
  const auto overrides = read_overrides(document->root());
  EXPECT_TRUE(overrides.ok());
  return *overrides;
}

TEST(NodeOverrides, JsonAndBack) {
  NodeOverrides overrides;
  EXPECT_EQ(overrides_json(overrides), "{}");
  add_overrides(overrides,
                {{"Log.Level", "5"}, {"keepalivetracker.proxy.factor", "4"}, {"keepalivetracker.num_retries", "2"}, {"features", "0"}});
  const std::string text = overrides_json(overrides);
  EXPECT_EQ(text, R"({"features":"0","keepalivetracker":{"num_retries":"2","proxy":{"factor":"4"}},"log":{"level":"5"}})");
  EXPECT_EQ(read(text), overrides);
  // As an earlier version wrote it: values of their types.
  EXPECT_EQ(read(R"({"space":{"lowwm":40},"fshc":{"enabled":false},"disk":null})"),
            (NodeOverrides{{"space.lowwm", "40"}, {"fshc.enabled", "false"}}));
  EXPECT_FALSE(read_overrides(codec::JsonDocument::parse("[]")->root()).ok());
}

TEST(NodeOverrides, OneThatRepeatsTheClustersValueStays) {
  const AppliedOverrides applied = apply_overrides(base_with({{"log.level", "4"}}), {{"log.level", "3"}});
  EXPECT_EQ(applied.config.log.level, "3");
  EXPECT_TRUE(applied.lost.empty());
}

TEST(NodeOverrides, OnlyThoseThatBreakARuleAreLost) {
  const NodeOverrides overrides{
      {"log.level", "2"}, {"log.max_size", "1MiB"}, {"space.lowwm", "40"}, {"space.cleanupwm", "30"}, {"space.batch_size", "1024"}};
  const AppliedOverrides all = apply_overrides(ClusterConfig(), overrides);
  EXPECT_TRUE(all.lost.empty());
  EXPECT_EQ(all.config.space.lowwm, 40);
  const ClusterConfig tight = base_with({{"space.highwm", "35"}, {"space.lowwm", "20"}, {"space.cleanupwm", "10"}});
  const AppliedOverrides applied = apply_overrides(tight, overrides);
  EXPECT_EQ(applied.lost, (std::vector<std::string>{"space.cleanupwm", "space.lowwm"}));
  EXPECT_EQ(applied.config.log.level, "2");
  EXPECT_EQ(applied.config.log.max_size.bytes, kMiB);
  EXPECT_EQ(applied.config.space.batch_size, 1024);
  EXPECT_EQ(applied.config.space.lowwm, 20);
  EXPECT_TRUE(validate_config(applied.config).ok());
}

TEST(NodeOverrides, SectionsThatNeedEachOther) {
  NodeOverrides overrides{
      {"keepalivetracker.proxy.interval", "1m"}, {"keepalivetracker.target.interval", "1m"}, {"timeout.max_keepalive", "1m"}};
  EXPECT_TRUE(apply_overrides(ClusterConfig(), overrides).lost.empty());
  overrides["space.highwm"] = "99";
  EXPECT_EQ(apply_overrides(ClusterConfig(), overrides).lost, std::vector<std::string>{"space.highwm"});
}

TEST(NodeOverrides, WhatMeansNothingHereIsLostAlone) {
  const NodeOverrides overrides{{"log.level", "5"}, {"mirror.copies", "3"}, {"no.such", "1"}, {"timeout.startup_time", "soon"}};
  const AppliedOverrides applied = apply_overrides(ClusterConfig(), overrides);
  EXPECT_EQ(applied.lost, (std::vector<std::string>{"mirror.copies", "no.such", "timeout.startup_time"}));
  EXPECT_EQ(applied.config.log.level, "5");
}

}  // namespace
}  // namespace ais::meta
