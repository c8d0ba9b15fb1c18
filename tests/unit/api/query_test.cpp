#include "api/query.h"

#include <gtest/gtest.h>

#include <random>

#include "api/names.h"

namespace ais::api {
namespace {

TEST(QueryParameters, DecodesNamesAndValues) {
  struct Case {
    const char* raw;
    const char* name;
    const char* value;  // nullptr: absent
  };
  const Case cases[] = {
      {"", "a", nullptr},    {"a=1", "a", "1"},       {"a", "a", ""},        {"a=", "a", ""},
      {"b=2&a=1", "a", "1"}, {"a=1&a=2", "a", "1"},   {"&&a=1&", "a", "1"},  {"a=x%2Fy", "a", "x/y"},
      {"a=x+y", "a", "x y"}, {"a=x%2By", "a", "x+y"}, {"%61=1", "a", "1"},   {"a+b=1", "a b", "1"},
      {"a=b=c", "a", "b=c"}, {"a=%00", "a", ""},      {"A=1", "a", nullptr}, {"aa=1", "a", nullptr},
  };
  for (const Case& test : cases) {
    const auto parsed = QueryParameters::parse(test.raw);
    ASSERT_TRUE(parsed.ok()) << test.raw;
    const auto value = parsed->get(test.name);
    EXPECT_EQ(value.has_value(), test.value != nullptr) << test.raw;
    EXPECT_EQ(parsed->has(test.name), test.value != nullptr) << test.raw;
    if (value && !value->starts_with(std::string(1, 0))) {
      EXPECT_EQ(*value, test.value) << test.raw;
    }
  }
  EXPECT_EQ(QueryParameters::parse("a=%00")->get_or_empty("a"), std::string(1, '\0'));
}

TEST(QueryParameters, RefusesBrokenEscapes) {
  for (const char* raw : {"%", "a=%", "a=%1", "a=%zz", "a=%1g&b=1", "%2=1", "a=1&b=%F"}) {
    EXPECT_EQ(QueryParameters::parse(raw).code(), Code::kBadRequest) << raw;
  }
}

TEST(QueryParameters, TakesAHundredParametersAndNoMore) {
  std::string raw;
  for (int i = 0; i < 100; i++) raw += "p" + std::to_string(i) + "=1&";
  ASSERT_TRUE(QueryParameters::parse(raw).ok());
  EXPECT_EQ(QueryParameters::parse(raw)->raw_pairs().size(), 100u);
  EXPECT_EQ(QueryParameters::parse(raw + "one=more").code(), Code::kBadRequest);
}

TEST(QueryParameters, ReadsLenientBooleans) {
  const auto parsed = QueryParameters::parse("a=true&b=0&c=YES&d=");
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->get_bool("a"));
  EXPECT_FALSE(parsed->get_bool("b", true));
  EXPECT_TRUE(parsed->get_bool("c"));
  EXPECT_FALSE(parsed->get_bool("d", true));
  EXPECT_TRUE(parsed->get_bool("e", true));
}

TEST(QueryParameters, AppliesProviderAndNamespace) {
  const auto bucket = [](const char* raw) { return QueryParameters::parse(raw)->bucket("b"); };
  EXPECT_EQ(bucket("")->cname(), "ais://b");
  EXPECT_EQ(bucket("provider=")->cname(), "ais://b");
  EXPECT_EQ(bucket("provider=s3")->provider, "aws");
  EXPECT_EQ(bucket("namespace=%40u%23n")->cname(), "ais://@u#n/b");
  EXPECT_EQ(bucket("provider=ftp").code(), Code::kInvalidProvider);
  EXPECT_FALSE(bucket("namespace=%40..%2F").ok());
}

TEST(QueryBuilder, EncodesWhatItAdds) {
  EXPECT_EQ(QueryBuilder().add("a b", "c&d=e").add("x", "").take(), "a%20b=c%26d%3De&x=");
  meta::Bucket bucket{.name = "b", .provider = "aws", .ns = {}};
  EXPECT_EQ(QueryBuilder().add_bucket(bucket).take(), "provider=aws");
}

TEST(Query, AnyBytesComeBack) {
  std::mt19937 random(13);
  for (int i = 0; i < 2000; i++) {
    std::string name(1 + random() % 60, '\0');
    for (char& c : name) c = static_cast<char>(1 + random() % 255);
    const std::string target = object_target("bck", name);
    const auto path = parse_object_path(target, path::kObjects);
    ASSERT_TRUE(path.ok()) << target;
    ASSERT_EQ(path->object, name);
    const std::string query = QueryBuilder().add("object_to", name).add(name, "x").take();
    const auto parameters = QueryParameters::parse(query);
    ASSERT_TRUE(parameters.ok());
    ASSERT_EQ(parameters->get_or_empty("object_to"), name);
    ASSERT_EQ(parameters->decoded_pairs().at(1).first, name);
    const auto uname = meta::parse_uname("ais/@#/bck/" + name);
    if (uname.ok()) {
      ASSERT_EQ(uname->object, name);
    }
  }
}

TEST(QueryParameters, DecodesAllPairsInOrder) {
  const auto pairs = QueryParameters::parse("log.level=4&x+y=%41")->decoded_pairs();
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[1], (std::pair<std::string, std::string>("x y", "A")));
}

TEST(ObjectPath, SplitsAfterTheBucket) {
  struct Case {
    const char* raw;
    const char* bucket;
    const char* object;
  };
  const Case cases[] = {
      {"/v1/objects/b/o", "b", "o"},
      {"/v1/objects/b/dir/o", "b", "dir/o"},
      {"/v1/objects//b/o", "b", "o"},
      {"/v1/objects/b", "b", ""},
      {"/v1/objects/b/", "b", ""},
      {"/v1/objects", "", ""},
      {"/v1/objects/b/a%20b+c", "b", "a b+c"},
      {"/v1/objects/b/%2e%2e/x", "b", "../x"},
      {"/v1/objects/b//o", "b", "/o"},
      {"/v1/objects/b%2Fc/o", "b/c", "o"},
  };
  for (const Case& test : cases) {
    const auto path = parse_object_path(test.raw, "/v1/objects/");
    ASSERT_TRUE(path.ok()) << test.raw;
    EXPECT_EQ(path->bucket, test.bucket) << test.raw;
    EXPECT_EQ(path->object, test.object) << test.raw;
  }
  for (const char* raw : {"/v1/objects/b/%00", "/v1/objects/b/a%", "/v1/objects/%zz/o", "/v1/objectsx/b", "/v2/objects/b/o", ""}) {
    EXPECT_EQ(parse_object_path(raw, "/v1/objects/").code(), Code::kBadRequest) << raw;
  }
}

TEST(PathItems, DropsEmptySegments) {
  EXPECT_EQ(*parse_path_items("/v1/daemon", "/v1/daemon"), std::vector<std::string>());
  EXPECT_EQ(*parse_path_items("/v1/daemon//a/%62/", "/v1/daemon"), (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(parse_path_items("/v1/daemon/%00", "/v1/daemon").ok());
}

TEST(ObjectTarget, ComesBackFromItsOwnText) {
  const std::string name = "dir/a b?c#d%e+\xc3\xa9";
  const std::string target = object_target("bck", name);
  EXPECT_EQ(target, "/v1/objects/bck/dir/a%20b%3Fc%23d%25e%2B%C3%A9");
  EXPECT_EQ(parse_object_path(target, "/v1/objects/")->object, name);
}

TEST(QueryParameters, WhatIsNoBooleanIsRefusedWhateverTheRequest) {
  for (const char* bad : {"transient=maybe", "a=b&sln=2", "readiness=soon", "sys=%6daybe", "set-new-custom=-1", "presence=9", "presence=x"})
    EXPECT_EQ(QueryParameters::parse(bad).code(), Code::kInvalid) << bad;
  for (const char* yes : {"transient=true", "transient=T", "transient=1", "transient=YES", "transient=on"})
    EXPECT_TRUE(QueryParameters::parse(yes)->get_bool("transient")) << yes;
  for (const char* no :
       {"transient", "transient=", "transient=F", "transient=0", "transient=no", "transient=off", "other=maybe&presence=5"})
    EXPECT_FALSE(QueryParameters::parse(no)->get_bool("transient")) << no;
}

}  // namespace
}  // namespace ais::api
