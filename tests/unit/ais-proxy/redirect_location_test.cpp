#include "ais-proxy/redirect_location.h"

#include <gtest/gtest.h>

#include "api/query.h"

namespace ais::proxy {
namespace {

meta::Node target_node() {
  meta::Node node;
  node.id = "t1";
  node.public_net = {"10.0.0.7", 8081};
  return node;
}

constexpr RedirectMarks kMarks{"pAbc", 1700000000123456789};

TEST(RedirectLocation, KeepsPathAndQueryAsTheyCame) {
  struct Case {
    const char *path, *query, *expected;
  };
  const Case cases[] = {
      {"/v1/objects/b/o", "", "http://10.0.0.7:8081/v1/objects/b/o?pid=pAbc&utm=1700000000123456789"},
      {"/v1/objects/b/o", "provider=ais", "http://10.0.0.7:8081/v1/objects/b/o?provider=ais&pid=pAbc&utm=1700000000123456789"},
      {"/v1/objects/b/a/b/c.tar", "z=1&a=%20", "http://10.0.0.7:8081/v1/objects/b/a/b/c.tar?z=1&a=%20&pid=pAbc&utm=1700000000123456789"},
      {"/v1/objects/b/%C3%A4", "", "http://10.0.0.7:8081/v1/objects/b/%C3%A4?pid=pAbc&utm=1700000000123456789"},
  };
  std::string location = "left over";
  for (const Case& c : cases) {
    raw_location(location, target_node(), c.path, c.query, kMarks);
    EXPECT_EQ(location, c.expected);
  }
}

TEST(RedirectLocation, RebuildsPathsThatReadDifferently) {
  EXPECT_FALSE(needs_rebuild("bucket/plain-name_1.tar"));
  EXPECT_FALSE(needs_rebuild("\xC3\xA4"));
  for (const char* name : {"100%", "what?", "a#b", "a b", "a+b"}) EXPECT_TRUE(needs_rebuild(name)) << name;

  struct Case {
    const char *object, *query, *expected;
  };
  const Case cases[] = {
      {"a b", "", "http://10.0.0.7:8081/v1/objects/b/a%20b?pid=pAbc&utm=1700000000123456789"},
      {"a+b", "", "http://10.0.0.7:8081/v1/objects/b/a%2Bb?pid=pAbc&utm=1700000000123456789"},
      {"100%/x?y#z", "", "http://10.0.0.7:8081/v1/objects/b/100%25/x%3Fy%23z?pid=pAbc&utm=1700000000123456789"},
      {"a b", "zz=1&provider=ais&aa=x", "http://10.0.0.7:8081/v1/objects/b/a%20b?aa=x&pid=pAbc&provider=ais&utm=1700000000123456789&zz=1"},
  };
  std::string location;
  for (const Case& c : cases) {
    rebuilt_location(location, target_node(), "b", c.object, c.query, kMarks);
    EXPECT_EQ(location, c.expected);
  }
}

TEST(RedirectLocation, RebuiltQueryMeansTheSame) {
  std::string location;
  rebuilt_location(location, target_node(), "b", "o o", "k=a%26b%3Dc&e=&n=x+y", kMarks);
  const std::string query = location.substr(location.find('?') + 1);
  const auto parsed = api::QueryParameters::parse(query);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->get_or_empty("k"), "a&b=c");
  EXPECT_EQ(parsed->get_or_empty("n"), "x y");
  EXPECT_TRUE(parsed->has("e"));
  EXPECT_EQ(parsed->get_or_empty("pid"), "pAbc");
}

TEST(RedirectLocation, NamesSurviveARoundTrip) {
  for (const std::string object : {"plain", "a b/c d", "%41", "%", "q?x=1", "#", "+", "a//b", "\x01\x7f", "\xff\xfe", "x&y=z;"}) {
    std::string location;
    rebuilt_location(location, target_node(), "b", object, "", kMarks);
    const size_t path = std::string("http://10.0.0.7:8081").size();
    const auto names = api::parse_object_path(std::string_view(location).substr(path, location.find('?') - path), "/v1/objects/");
    ASSERT_TRUE(names.ok());
    EXPECT_EQ(names->object, object);
  }
}

}  // namespace
}  // namespace ais::proxy
