#include "ais-proxy/easy_url.h"

#include <gtest/gtest.h>

namespace ais::proxy {
namespace {

TEST(EasyUrl, StandsForBucketsAndObjects) {
  struct Case {
    const char *path, *query;
    bool object;
    const char *raw_path, *raw_query;
  };
  const Case cases[] = {
      {"/ais", "", false, "/v1/buckets/", "provider=ais"},
      {"/ais/", "", false, "/v1/buckets/", "provider=ais"},
      {"/gs/b", "", false, "/v1/buckets/b", "provider=gs"},
      {"/ais/b/", "", false, "/v1/buckets/b", "provider=ais"},
      {"/ais//b", "x=1", false, "/v1/buckets/b", "x=1&provider=ais"},
      {"/az/b/o", "", true, "/v1/objects/b/o", "provider=az"},
      {"/ais/b/a%20b/c", "provider=aws", true, "/v1/objects/b/a%20b/c", "provider=aws"},
      {"/ais/b/o", "xprovider=1", true, "/v1/objects/b/o", "xprovider=1&provider=ais"},
  };
  for (const Case& c : cases) {
    const EasyTarget target = translate_easy_url(c.path, c.query);
    EXPECT_EQ(target.object, c.object) << c.path;
    EXPECT_EQ(target.raw_path, c.raw_path);
    EXPECT_EQ(target.raw_query, c.raw_query);
  }
}

}  // namespace
}  // namespace ais::proxy
