#include "ais/properties.h"

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

TEST(Properties, OpenSectionsTakeAnyName) {
  Result<std::string> json = bucket_properties_json({{"extra.aws.profile", "work"}, {"backend_bck.name", "b"}});
  ASSERT_TRUE(json.ok()) << json.status().message();
  EXPECT_EQ(*json, R"({"backend_bck":{"name":"b"},"extra":{"aws":{"profile":"work"}}})");
}

TEST(Properties, RefusesUnknownNamesAndWrongValues) {
  EXPECT_NE(bucket_properties_json({{"mirror.copis", "2"}}).status().message().find("\"mirror.copies\""), std::string::npos);
  EXPECT_FALSE(bucket_properties_json({{"mirror", "2"}}).ok());
  EXPECT_FALSE(bucket_properties_json({{"mirror.enabled", "maybe"}}).ok());
  EXPECT_FALSE(bucket_properties_json({{"mirror.copies", "two"}}).ok());
}

}  // namespace
}  // namespace ais::cli
