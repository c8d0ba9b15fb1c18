// GET: whole objects, ranges, headers, errors.
#include "codec/checksum.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class GetTest : public TargetTest {
 protected:
  Buckets buckets() override {
    return {{"b", {}},
            {"ranged", [](meta::BucketProperties& p) { p.checksum.enable_read_range = true; }},
            {"warm", [](meta::BucketProperties& p) { p.checksum.validate_warm_get = true; }},
            {"closed", [](meta::BucketProperties& p) { p.access = meta::kAccessAll & ~uint64_t{meta::kAccessGet}; }}};
  }
};

TEST_F(GetTest, AnswersContentAndAttributes) {
  ASSERT_EQ(put("dir/hello", "hello", "Ais-Custom-Md: k=v\r\nAis-Custom-Md: ETag=e1\r\n").status, 200);
  HttpProbe probe(target_->public_port());
  for (int i = 0; i < 2; ++i) {  // the second from the cache, on the same connection
    const Answer answer = probe.call("GET", "/v1/objects/b/dir/hello");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "hello");
    EXPECT_EQ(answer.header("content-type"), "application/octet-stream");
    EXPECT_EQ(answer.header("content-length"), "5");
    EXPECT_EQ(answer.header("ais-checksum-type"), "xxhash2");
    EXPECT_EQ(answer.header("ais-checksum-value"), "26c7827d889f6da3");
    EXPECT_EQ(answer.header("ais-version"), "1");
    EXPECT_EQ(answer.all("ais-custom-md"), (std::vector<std::string>{"k=v", "ETag=e1"}));
    EXPECT_EQ(answer.all("etag"), std::vector<std::string>{"\"e1\""});
    EXPECT_EQ(answer.all("last-modified").size(), 1u);
    EXPECT_GT(std::stoll(answer.header("ais-atime")), 1'600'000'000'000'000'000);
    EXPECT_EQ(answer.all("ais-atime").size(), 1u);
    EXPECT_EQ(answer.all("content-length").size(), 1u);
  }
}

TEST_F(GetTest, EmptyObject) {
  ASSERT_EQ(put("empty", "").status, 200);
  const Answer answer = call("GET", "empty");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "0");
  EXPECT_EQ(answer.body, "");
  const Answer range = call("GET", "empty", "", "", "Range: bytes=0-0\r\n");
  EXPECT_EQ(range.status, 416);
  EXPECT_EQ(range.header("content-range"), "bytes */0");
}

TEST_F(GetTest, EachReadIsAnAccess) {
  ASSERT_EQ(put("o", "x", "Ais-Atime: 1600000000000000000\r\n").status, 200);
  const int64_t first = std::stoll(call("GET", "o").header("ais-atime"));
  EXPECT_EQ(first, 1600000000000000000);
  EXPECT_GT(std::stoll(call("GET", "o").header("ais-atime")), first);
}

struct RangeCase {
  const char* header;
  int status;
  const char* body;
  const char* content_range;
};

TEST_F(GetTest, Ranges) {
  ASSERT_EQ(put("ten", "0123456789").status, 200);
  const RangeCase cases[] = {
      {"bytes=0-3", 206, "0123", "bytes 0-3/10"},    {"bytes=7-", 206, "789", "bytes 7-9/10"},
      {"bytes=-4", 206, "6789", "bytes 6-9/10"},     {"bytes=-40", 206, "0123456789", "bytes 0-9/10"},
      {"bytes=8-100", 206, "89", "bytes 8-9/10"},    {"bytes=9-9", 206, "9", "bytes 9-9/10"},
      {"bytes=10-", 416, nullptr, "bytes */10"},     {"bytes=10-12", 416, nullptr, "bytes */10"},
      {"bytes=5-2", 416, nullptr, "bytes */10"},     {"bytes=a-b", 416, nullptr, "bytes */10"},
      {"bytes=0-1,3-4", 416, nullptr, "bytes */10"}, {"bytes=", 416, nullptr, "bytes */10"},
      {"lines=0-1", 416, nullptr, "bytes */10"},     {"bytes=18446744073709551615-", 416, nullptr, "bytes */10"},
      {"bytes=-0", 416, nullptr, "bytes */10"},
  };
  for (const RangeCase& one : cases) {
    SCOPED_TRACE(one.header);
    const Answer answer = call("GET", "ten", "", "", std::string("Range: ") + one.header + "\r\n");
    EXPECT_EQ(answer.status, one.status);
    EXPECT_EQ(answer.header("content-range"), one.content_range);
    if (one.body == nullptr) {
      EXPECT_TRUE(error_of(answer).starts_with("ErrRangeNotSatisfiable|")) << answer.body;
      continue;
    }
    EXPECT_EQ(answer.body, one.body);
    EXPECT_EQ(answer.header("accept-ranges"), "bytes");
    EXPECT_EQ(answer.header("ais-checksum-value"), codec::checksum_of(codec::ChecksumType::kXxhash2, "0123456789").value);
  }
}

TEST_F(GetTest, ChecksumOfTheRangeWhereTheBucketAsks) {
  ASSERT_EQ(call("PUT", "/v1/objects/ranged/o", "0123456789").status, 200);
  const Answer answer = call("GET", "/v1/objects/ranged/o", "", "", "Range: bytes=2-5\r\n");
  EXPECT_EQ(answer.status, 206);
  EXPECT_EQ(answer.header("ais-checksum-type"), "xxhash2");
  EXPECT_EQ(answer.header("ais-checksum-value"), codec::checksum_of(codec::ChecksumType::kXxhash2, "2345").value);
  EXPECT_EQ(answer.all("ais-checksum-value").size(), 1u);
}

TEST_F(GetTest, LargeObjectWholeAndInTheMiddle) {
  std::string content(5 << 20, '\0');
  for (size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 31 >> 3);
  ASSERT_EQ(put("large", content).status, 200);
  EXPECT_TRUE(call("GET", "large").body == content);
  EXPECT_TRUE(call("GET", "large", "", "", "Range: bytes=1048575-3145728\r\n").body == content.substr(1048575, 3145728 - 1048575 + 1));
}

TEST_F(GetTest, Errors) {
  struct Case {
    const char* path;
    const char* query;
    int status;
    const char* error;
  };
  const Case cases[] = {
      {"/v1/objects/b/none", "", 404, "ErrNotFound|t[t1test00]: ais://b/none does not exist"},
      {"/v1/objects/nob/none", "", 404, "ErrBckNotFound|bucket \"ais://nob\" does not exist"},
      {"/v1/objects/nob/none", "provider=aws", 501, "ErrNotImpl|AWS backend is missing in the cluster configuration: "},
      {"/v1/objects/nob/none", "namespace=%40uuid%23", 404, "ErrRemoteBckNotFound|remote bucket \"ais://@uuid/nob\" does not exist"},
      {"/v1/objects/closed/o", "", 403, "ErrBucketAccessDenied|"},
      {"/v1/objects/b/o", "archpath=x", 501, "ErrNotImpl|"},
      {"/v1/objects/b/o", "etl_name=x", 501, "ErrNotImpl|"},
      {"/v1/objects/b/o", "provider=bad", 400, "ErrInvalidBackendProvider|"},
      {"/v1/objects/b/..", "", 400, "|"},
      {"/v1/objects/b/a/../o", "", 400, "|"},
      {"/v1/objects/b/a/%2e%2e/o", "", 400, "|"},
      {"/v1/objects/b/a/./o", "", 400, "|"},
      {"/v1/objects/b/~/o", "", 400, "|"},
      {"/v1/objects/b/a/", "", 400, "|"},
      {"/v1/objects/b/a%00b", "", 400, "|"},
      {"/v1/objects/b/a%zz", "", 400, "|"},
      {"/v1/objects/b/a%2", "", 400, "|"},
      {"/v1/objects/b/", "", 400, "|"},
      {"/v1/objects/b", "", 400, "|"},
      {"/v1/objects/b%2fc/o", "", 400, "|"},
      {"/v1/objects/%2e%2e/o", "", 400, "|"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(std::string(one.path) + "?" + one.query);
    const Answer answer = call("GET", one.path, "", one.query);
    EXPECT_EQ(answer.status, one.status);
    EXPECT_TRUE(error_of(answer).starts_with(one.error)) << answer.body;
  }
}

TEST_F(GetTest, NeedsNoGatewayToRead) {
  ASSERT_EQ(put("o", "x").status, 200);
  EXPECT_EQ(HttpProbe(target_->public_port()).call("GET", "/v1/objects/b/o").status, 200);
  EXPECT_EQ(HttpProbe(target_->intra_port()).call("GET", "/v1/objects/b/o").status, 200);
  EXPECT_EQ(HttpProbe(target_->public_port()).call("HEAD", "/v1/objects/b/o").status, 200);
}

TEST_F(GetTest, SendsReadersWithAnOldMapToTheOwner) {
  TestTarget other("t2test00");
  install_cluster({target_.get(), &other}, 2, buckets());
  const auto smap = target_->daemon().cluster().copy().smap;
  std::map<std::string, std::string> name_of;  // by owner
  for (int i = 0; name_of.size() < 2; ++i) {
    const std::string name = "o" + std::to_string(i);
    name_of[smap->owner_of("ais/@#/b/" + name)->id] = name;
  }
  const std::string mine = name_of["t1test00"], theirs = name_of["t2test00"];
  for (const std::string& name : {mine, theirs}) ASSERT_EQ(put(name, "x").status, 200);
  HttpProbe direct(target_->public_port());
  EXPECT_EQ(direct.call("GET", "/v1/objects/b/" + mine).status, 200);
  for (const char* method : {"GET", "HEAD"}) {
    direct.send_raw(std::string(method) + " /v1/objects/b/" + theirs + "?provider=ais HTTP/1.1\r\nHost: x\r\n\r\n");
    const Answer answer = direct.read_answer(std::string_view(method) == "HEAD");
    EXPECT_EQ(answer.status, 307) << method;
    const std::string owner = "http://127.0.0.1:" + std::to_string(other.public_port());
    EXPECT_EQ(answer.header("location"), owner + "/v1/objects/b/" + theirs + "?provider=ais");
  }
  EXPECT_EQ(target_->daemon().metrics().tracker().at("redirect.n"), 2);
  EXPECT_EQ(call("GET", theirs).status, 200) << "a gateway chose this node";
  EXPECT_EQ(HttpProbe(target_->intra_port()).call("GET", "/v1/objects/b/" + theirs).status, 200) << "a node of the cluster asks";
}

TEST_F(GetTest, DamagedContentIsFoundAndKept) {
  ASSERT_EQ(call("PUT", "/v1/objects/warm/o", "precious").status, 200);
  EXPECT_EQ(call("GET", "/v1/objects/warm/o").body, "precious");
  const auto files = target_->files_on_disk();
  ASSERT_EQ(files.size(), 1u);
  FILE* file = fopen(files[0].c_str(), "r+");
  ASSERT_NE(file, nullptr);
  fputs("PRECIOUS", file);
  fclose(file);
  const Answer answer = call("GET", "/v1/objects/warm/o");
  EXPECT_EQ(answer.status, 500);
  EXPECT_TRUE(error_of(answer).starts_with("ErrBadCksum|BAD DATA CHECKSUM: xxhash2(")) << answer.body;
  EXPECT_EQ(call("HEAD", "/v1/objects/warm/o", "", "validate-checksum=true").status, 500);
  EXPECT_EQ(call("HEAD", "/v1/objects/warm/o").status, 200);
  EXPECT_EQ(target_->files_on_disk(), files);
}

TEST_F(GetTest, UnsupportedMethodsNameTheAllowedOnes) {
  const Answer answer = call("TRACE", "o");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "GET, HEAD, PUT, POST, DELETE, PATCH");
  EXPECT_EQ(call("OPTIONS", "o").status, 200);
}

}  // namespace
}  // namespace ais::target
