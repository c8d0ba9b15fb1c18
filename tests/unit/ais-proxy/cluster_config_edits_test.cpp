#include "ais-proxy/cluster_config_edits.h"

#include <gtest/gtest.h>

namespace ais::proxy {
namespace {

TEST(ClusterConfigEdits, ReadsKnobsFromTheQuery) {
  const auto change = ConfigChange::from_query("mirror.copies=3&transient=yes&log.level=4+x%3D");
  ASSERT_TRUE(change.ok());
  EXPECT_TRUE(change->transient);
  ASSERT_EQ(change->values.size(), 2u);
  EXPECT_EQ(change->values[0], (std::pair<std::string, std::string>("mirror.copies", "3")));
  EXPECT_EQ(change->values[1].second, "4 x=");
}

TEST(ClusterConfigEdits, AppliesAllOrNothing) {
  const meta::ClusterConfig current;
  ConfigChange change;
  change.values = {{"checksum.type", "md5"}, {"log.to_stderr", "true"}};
  const auto next = apply_config_change(current, change, codec::JsonView());
  ASSERT_TRUE(next.ok()) << next.status().to_string();
  EXPECT_EQ(next->checksum.type, "md5");
  EXPECT_TRUE(next->log.to_stderr);
  change.values.emplace_back("no.such_knob", "1");
  const auto refused = apply_config_change(current, change, codec::JsonView());
  EXPECT_EQ(refused.code(), Code::kInvalid);
  EXPECT_NE(refused.status().message().find("no.such_knob"), std::string::npos);
}

TEST(ClusterConfigEdits, AppliesADocument) {
  const auto document = codec::JsonDocument::parse(R"({"Checksum":{"TYPE":"md5"},"unknown":null,"config_version":"77"})");
  ASSERT_TRUE(document.ok());
  const auto next = apply_config_change(meta::ClusterConfig(), ConfigChange(), document->root());
  ASSERT_TRUE(next.ok()) << next.status().to_string();
  EXPECT_EQ(next->checksum.type, "md5");
  for (const char* wrong : {R"({"unknown":{"x":1}})", R"({"log":{"levl":"4"}})", R"({"uuid":"other"})"}) {
    const auto misspelt = codec::JsonDocument::parse(wrong);
    EXPECT_EQ(apply_config_change(meta::ClusterConfig(), ConfigChange(), misspelt->root()).code(), Code::kInvalid) << wrong;
  }
  const auto tracing = codec::JsonDocument::parse(R"({"tracing":{"enabled":true}})");
  EXPECT_EQ(apply_config_change(meta::ClusterConfig(), ConfigChange(), tracing->root()).code(), Code::kNotImplemented);
  const auto no_tracing = codec::JsonDocument::parse(R"({"tracing":{"enabled":false,"attributes":{}}})");
  EXPECT_TRUE(apply_config_change(meta::ClusterConfig(), ConfigChange(), no_tracing->root()).ok());
  EXPECT_EQ(ConfigChange::from_query("log.level=4&transient=maybe").code(), Code::kInvalid);
  const auto twice = ConfigChange::from_query("log.level=4&LOG.level=5");
  EXPECT_EQ(apply_config_change(meta::ClusterConfig(), *twice, codec::JsonView()).code(), Code::kInvalid);
  const auto text = codec::JsonDocument::parse(R"("copies")");
  EXPECT_EQ(apply_config_change(meta::ClusterConfig(), ConfigChange(), text->root()).code(), Code::kInvalid);
}

TEST(ClusterConfigEdits, SomeKnobsCannotBeTransient) {
  ConfigChange change;
  change.transient = true;
  change.values = {{"timeout.max_keepalive", "6s"}};
  EXPECT_EQ(apply_config_change(meta::ClusterConfig(), change, codec::JsonView()).status().http_status(), 501);
  const auto document = codec::JsonDocument::parse(R"({"Timeout":{"Max_Keepalive":"6s"}})");
  change.values.clear();
  EXPECT_EQ(apply_config_change(meta::ClusterConfig(), change, document->root()).status().http_status(), 501);
  change.values = {{"checksum.type", "md5"}};
  EXPECT_TRUE(apply_config_change(meta::ClusterConfig(), change, codec::JsonView()).ok());
}

TEST(ClusterConfigEdits, WhatNothingActsOnIsRefusedWithAllThatCameWithIt) {
  ConfigChange change;
  for (const bool transient : {false, true}) {
    change.transient = transient;
    change.values = {{"log.level", "4"}, {"mirror.enabled", "true"}};
    const auto refused = apply_config_change(meta::ClusterConfig(), change, codec::JsonView());
    EXPECT_EQ(refused.code(), Code::kNotImplemented);
    EXPECT_EQ(refused.status().http_status(), 501);
    EXPECT_EQ(refused.status().message(), "mirror.enabled: mirroring is not there in this version");
    change.values.clear();
    const auto document = codec::JsonDocument::parse(R"({"log":{"level":"4"},"Mirror":{"Enabled":true}})");
    EXPECT_EQ(apply_config_change(meta::ClusterConfig(), change, document->root()).code(), Code::kNotImplemented);
  }
}

TEST(ClusterConfigEdits, ResetKeepsWhatIdentifiesTheCluster) {
  meta::ClusterConfig config;
  config.uuid = "uuid1";
  config.version = 4;
  config.mirror.copies = 7;
  config.proxy.primary_url = "http://p:1";
  meta::ClusterConfig fresh = reset_config(config);
  stamp_config(fresh, 1'700'000'000'000'000'000);
  EXPECT_EQ(fresh.mirror.copies, 2);
  EXPECT_EQ(fresh.uuid, "uuid1");
  EXPECT_EQ(fresh.version, 5);
  EXPECT_EQ(fresh.proxy.primary_url, "http://p:1");
  EXPECT_EQ(fresh.lastupdate_time, "2023-11-14T22:13:20Z");
}

}  // namespace
}  // namespace ais::proxy
