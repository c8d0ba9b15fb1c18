#include "cli/properties.h"

#include <gtest/gtest.h>

namespace ais::cli {
namespace {

TEST(Properties, FlattensInOrder) {
  auto document = codec::JsonDocument::parse(R"({"b":{"x":1,"y":{"z":"t"}},"a":[1,2],"e":{},"f":true,"n":null})");
  ASSERT_TRUE(document.ok());
  Assignments expected = {{"b.x", "1"}, {"b.y.z", "t"}, {"a", "[1,2]"}, {"e", "{}"}, {"f", "true"}, {"n", "null"}};
  EXPECT_EQ(flatten(document->root()), expected);
}

TEST(Properties, SectionsMatchWholeNames) {
  Assignments all = {{"log.level", "3"}, {"logs", "x"}, {"log", "y"}};
  EXPECT_EQ(in_section(all, "log"), (Assignments{{"log.level", "3"}, {"log", "y"}}));
  EXPECT_EQ(in_section(all, ""), all);
}

TEST(Properties, NestsWithTheTypeOfEachProperty) {
  Result<std::string> json = bucket_properties_json(
      {{"versioning.enabled", "false"}, {"mirror.copies", "3"}, {"mirror.enabled", "true"}, {"checksum.type", "md5"}, {"access", "7"}});
  ASSERT_TRUE(json.ok()) << json.status().message();
  EXPECT_EQ(*json, R"({"access":"7","checksum":{"type":"md5"},"mirror":{"copies":3,"enabled":true},"versioning":{"enabled":false}})");
}

TEST(Properties, WordsForNumbers) {
  EXPECT_EQ(bucket_properties_json({{"access", "GET,PUT"}, {"features", "none"}}).value(), R"({"access":"5","features":"0"})");
  EXPECT_EQ(bucket_properties_json({{"backend_bck", "none"}}).value(), R"({"backend_bck":{"name":"","provider":""}})");
  EXPECT_EQ(bucket_properties_json({{"backend_bck", "s3://b"}}).value(), R"({"backend_bck":{"name":"b","provider":"aws"}})");
  EXPECT_NE(bucket_properties_json({{"access", "GTE"}}).status().message().find("access: \"GTE\""), std::string::npos);
  EXPECT_EQ(value_text("access", "18446744073709551615"), "su");
  EXPECT_EQ(value_text("features", "16"), "Fsync-PUT");
  EXPECT_EQ(value_text("created", "1795377498842934588"), "2026-11-22T19:58:18Z");
  EXPECT_EQ(value_text("mirror.copies", "2"), "2");
}

TEST(Properties, OpenSectionsTakeAnyName) {
  Result<std::string> json = bucket_properties_json({{"extra.aws.profile", "work"}, {"backend_bck.name", "b"}});
  ASSERT_TRUE(json.ok()) << json.status().message();
  EXPECT_EQ(*json, R"({"backend_bck":{"name":"b"},"extra":{"aws":{"profile":"work"}}})");
}

TEST(Properties, RefusesUnknownNamesAndWrongValues) {
  EXPECT_NE(bucket_properties_json({{"mirror.copis", "2"}}).status().message().find("\"mirror.copies\""), std::string::npos);
  EXPECT_EQ(bucket_properties_json({{"versioning", "2"}}).status().message().find("\"versioning\" is a section: set versioning."), 0u);
  EXPECT_EQ(bucket_properties_json({{"backend", "2"}}).status().message().find("did you mean \"backend\""), std::string::npos);
  EXPECT_FALSE(bucket_properties_json({{"mirror.enabled", "maybe"}}).ok());
  EXPECT_FALSE(bucket_properties_json({{"mirror.copies", "two"}}).ok());
}

}  // namespace
}  // namespace ais::cli
