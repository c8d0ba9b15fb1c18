// HEAD v1 and v2.
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class HeadTest : public TargetTest {
 protected:
  Buckets buckets() override {
    return {{"b", {}}, {"md5", [](meta::BucketProperties& p) { p.checksum.type = "md5"; }}, {"plain", [](meta::BucketProperties& p) {
                                                                                               p.checksum.type = "none";
                                                                                             }}};
  }
};

TEST_F(HeadTest, V1TellsEverything) {
  ASSERT_EQ(put("dir/o", "hello", "Ais-Custom-Md: k=v\r\n").status, 200);
  const Answer answer = call("HEAD", "dir/o");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "5");
  EXPECT_EQ(answer.header("ais-checksum-value"), "26c7827d889f6da3");
  EXPECT_EQ(answer.header("ais-version"), "1");
  EXPECT_EQ(answer.header("ais-custom-md"), "k=v");
  EXPECT_FALSE(answer.header("ais-atime").empty());
  EXPECT_EQ(answer.header("ais-name"), "dir/o");
  EXPECT_EQ(answer.header("ais-bucket-name"), "b");
  EXPECT_EQ(answer.header("ais-bucket-provider"), "ais");
  EXPECT_FALSE(answer.has("ais-bucket-namespace-uuid"));
  EXPECT_TRUE(answer.header("ais-location").starts_with("t[t1test00]:mp[" + target_->directory() + "/mp")) << answer.header("ais-location");
  EXPECT_TRUE(answer.header("ais-mirror-paths").starts_with("[" + target_->directory() + "/mp"));
  EXPECT_EQ(answer.header("ais-mirror-copies"), "1");
  EXPECT_EQ(answer.header("ais-present"), "true");
  EXPECT_FALSE(answer.has("ais-ec-data"));
}

TEST_F(HeadTest, SizeZero) {
  ASSERT_EQ(put("empty", "").status, 200);
  EXPECT_FALSE(call("HEAD", "empty").has("content-length"));
  EXPECT_EQ(call("HEAD", "empty", "", "props=name,size").header("content-length"), "0");
}

TEST_F(HeadTest, V2GivesWhatIsAskedFor) {
  ASSERT_EQ(put("o", "hello", "Ais-Custom-Md: k=v\r\n").status, 200);
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"name,size", {}},
      {"checksum", {"ais-checksum-type", "ais-checksum-value"}},
      {"atime", {"ais-atime"}},
      {"version", {"ais-version"}},
      {"custom", {"ais-custom-md"}},
      {"last-modified", {"last-modified"}},
      {"etag", {"etag"}},
      {"location", {"ais-location"}},
      {"copies", {"ais-mirror-copies", "ais-mirror-paths"}},
      {"ec,chunked", {}},
      {"checksum,atime,version,copies,custom,location",
       {"ais-checksum-type", "ais-checksum-value", "ais-atime", "ais-version", "ais-mirror-copies", "ais-mirror-paths", "ais-custom-md",
        "ais-location"}},
  };
  const std::vector<std::string> watched = {"ais-checksum-type", "ais-checksum-value", "ais-atime", "ais-version",
                                            "ais-custom-md",     "last-modified",      "etag",      "ais-location",
                                            "ais-mirror-copies", "ais-mirror-paths",   "ais-name",  "ais-bucket-name"};
  for (const auto& [props, expected] : cases) {
    SCOPED_TRACE(props);
    const Answer answer = call("HEAD", "o", "", "props=" + props);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("content-length"), "5");
    EXPECT_EQ(answer.header("ais-present"), "true");
    for (const std::string& name : watched)
      EXPECT_EQ(answer.has(name), std::find(expected.begin(), expected.end(), name) != expected.end()) << name;
  }
  EXPECT_FALSE(call("HEAD", "o", "", "props=copies").header("ais-mirror-paths").starts_with("["));
}

TEST_F(HeadTest, V2RejectsUnknownProperties) {
  ASSERT_EQ(put("o", "x").status, 200);
  for (const char* name : {"cached", "status", "bogus"}) {
    const Answer answer = call("HEAD", "o", "", std::string("props=name,") + name);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(error_of(answer), "|invalid property \"" + std::string(name) + "\" in props list");
  }
}

TEST_F(HeadTest, Etags) {
  ASSERT_EQ(put("o", "hello").status, 200);
  EXPECT_TRUE(call("HEAD", "o", "", "props=etag").header("etag").starts_with("\"v1-26c7827d889f6da3-"));
  ASSERT_EQ(put("custom", "hello", "Ais-Custom-Md: ETag=mine\r\n").status, 200);
  EXPECT_EQ(call("HEAD", "custom", "", "props=etag,custom").all("etag"), std::vector<std::string>{"\"mine\""});
  ASSERT_EQ(call("PUT", "/v1/objects/md5/o", "hello").status, 200);
  EXPECT_EQ(call("HEAD", "/v1/objects/md5/o", "", "props=etag").header("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
  ASSERT_EQ(call("PUT", "/v1/objects/plain/o", "hello").status, 200);
  EXPECT_TRUE(call("HEAD", "/v1/objects/plain/o", "", "props=etag").header("etag").starts_with("\"g1-"));
  for (const char* object : {"o", "custom", "/v1/objects/md5/o", "/v1/objects/plain/o"}) {
    const std::string tag = call("HEAD", object, "", "props=etag").header("etag");
    EXPECT_EQ(call("HEAD", object).all("etag"), std::vector<std::string>{tag});
    EXPECT_EQ(call("GET", object).all("etag"), std::vector<std::string>{tag});
    EXPECT_EQ(call("GET", object).header("last-modified"), call("HEAD", object, "", "props=last-modified").header("last-modified"));
  }
}

TEST_F(HeadTest, ErrorsComeInAHeader) {
  const Answer answer = call("HEAD", "none");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(error_of(answer), "ErrNotFound|t[t1test00]: ais://b/none does not exist");
  EXPECT_EQ(call("HEAD", "trailing/").status, 404);
  const Answer silent = call("HEAD", "none", "", "sln=true");
  EXPECT_EQ(silent.status, 404);
  EXPECT_FALSE(silent.has("hdr-error"));
}

TEST_F(HeadTest, PresenceWithoutProps) {
  ASSERT_EQ(put("o", "hello").status, 200);
  const Answer answer = call("HEAD", "o", "", "presence=3");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("ais-present"), "true");
  EXPECT_FALSE(answer.has("ais-version"));
}

}  // namespace
}  // namespace ais::target
