// PUT: what is stored, what is answered, and that nothing is left of what failed.
#include <fstream>
#include <random>
#include <thread>

#include "ais-target/node/target_context.h"
#include "codec/checksum.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class PutTest : public TargetTest {
 protected:
  Buckets buckets() override {
    return {{"b", {}},
            {"md5", [](meta::BucketProperties& p) { p.checksum.type = "md5"; }},
            {"plain", [](meta::BucketProperties& p) { p.checksum.type = "none"; }},
            {"unversioned", [](meta::BucketProperties& p) { p.versioning.enabled = false; }},
            {"readonly", [](meta::BucketProperties& p) { p.access = meta::kAccessGet | meta::kAccessHeadObject; }},
            {"never", [](meta::BucketProperties& p) { p.write_policy.data = p.write_policy.md = "never"; }}};
  }
  static std::string checksum_headers(codec::ChecksumType type, std::string_view content) {
    return "Ais-Checksum-Type: " + std::string(codec::checksum_type_name(type)) +
           "\r\nAis-Checksum-Value: " + codec::checksum_of(type, content).value + "\r\n";
  }
};

TEST_F(PutTest, AnswersStoredAttributes) {
  const Answer answer = put("o", "hello", "Ais-Custom-Md: k=v\r\nContent-Type: application/json\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.header("content-length"), "0");
  EXPECT_EQ(answer.header("ais-checksum-type"), "xxhash2");
  EXPECT_EQ(answer.header("ais-checksum-value"), "26c7827d889f6da3");
  EXPECT_EQ(answer.header("ais-version"), "1");
  EXPECT_EQ(answer.header("ais-custom-md"), "k=v");
  EXPECT_FALSE(answer.header("ais-atime").empty());
  EXPECT_EQ(put("o", "other").header("ais-version"), "2");
  EXPECT_EQ(call("GET", "o").body, "other");
  EXPECT_FALSE(call("GET", "o").has("ais-custom-md"));
}

TEST_F(PutTest, SizesAroundEveryBoundary) {
  std::mt19937_64 random(1);
  for (const size_t size : {0ul, 1ul, 4095ul, 4096ul, 4097ul, 262143ul, 262144ul, 262145ul, 1048576ul, 1048577ul, 3000001ul}) {
    SCOPED_TRACE(size);
    std::string content(size, '\0');
    for (char& c : content) c = static_cast<char>(random());
    const Answer answer = put("o" + std::to_string(size), content);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("ais-checksum-value"), codec::checksum_of(codec::ChecksumType::kXxhash2, content).value);
    EXPECT_TRUE(call("GET", "o" + std::to_string(size)).body == content);
  }
}

TEST_F(PutTest, ChunkedBodies) {
  std::string content;
  HttpProbe probe(target_->public_port());
  probe.send_raw("PUT /v1/objects/b/chunked?pid=p&utm=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 40; ++i) {
    const std::string chunk(10000 + i, static_cast<char>('a' + i % 26));
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    probe.send_raw(size + chunk + "\r\n");
    content += chunk;
  }
  probe.send_raw("0\r\n\r\n");
  EXPECT_EQ(probe.read_answer().status, 200);
  EXPECT_TRUE(call("GET", "chunked").body == content);
  probe.send_raw("PUT /v1/objects/b/none?pid=p&utm=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_EQ(probe.read_answer().status, 200);
  EXPECT_EQ(call("GET", "none").header("content-length"), "0");
}

TEST_F(PutTest, ClientChecksumsAreVerified) {
  using codec::ChecksumType;
  for (const char* bucket : {"b", "md5", "plain"}) {
    for (const ChecksumType type : {ChecksumType::kXxhash, ChecksumType::kXxhash2, ChecksumType::kMd5, ChecksumType::kCrc32c,
                                    ChecksumType::kSha256, ChecksumType::kSha512}) {
      SCOPED_TRACE(std::string(bucket) + " " + std::string(codec::checksum_type_name(type)));
      const std::string object = "/v1/objects/" + std::string(bucket) + "/" + std::string(codec::checksum_type_name(type));
      const Answer bad = call("PUT", object, "content", "", checksum_headers(type, "another"));
      EXPECT_EQ(bad.status, 500);
      EXPECT_TRUE(error_of(bad).starts_with("ErrBadCksum|BAD DATA CHECKSUM:")) << bad.body;
      EXPECT_EQ(call("GET", object).status, 404);
      EXPECT_EQ(call("PUT", object, "content", "", checksum_headers(type, "content")).status, 200);
      EXPECT_EQ(call("GET", object).body, "content");
    }
  }
  EXPECT_EQ(call("HEAD", "/v1/objects/md5/sha256").header("ais-checksum-type"), "md5");
  EXPECT_FALSE(call("HEAD", "/v1/objects/plain/sha256").has("ais-checksum-type"));
}

TEST_F(PutTest, MismatchOfALargeBodyLeavesTheOldObject) {
  ASSERT_EQ(put("o", "old").status, 200);
  const std::string content(2 << 20, 'n');
  EXPECT_EQ(put("o", content, checksum_headers(codec::ChecksumType::kXxhash2, "x")).status, 500);
  EXPECT_EQ(put("o", content, checksum_headers(codec::ChecksumType::kMd5, "x")).status, 500);
  EXPECT_EQ(call("GET", "o").body, "old");
  EXPECT_EQ(call("HEAD", "o").header("ais-version"), "1");
  EXPECT_EQ(target_->files_on_disk().size(), 1u);
}

TEST_F(PutTest, EqualContentChangesNothing) {
  ASSERT_EQ(put("o", "same", "Ais-Custom-Md: k=v\r\n").status, 200);
  const std::string headers = checksum_headers(codec::ChecksumType::kXxhash2, "same");
  const Answer again = put("o", "same", headers);
  EXPECT_EQ(again.status, 200);
  EXPECT_FALSE(again.has("etag"));
  EXPECT_EQ(call("HEAD", "o").header("ais-version"), "1");
  EXPECT_EQ(call("HEAD", "o").header("ais-custom-md"), "k=v");
  // The connection goes on after the body that was not needed.
  HttpProbe probe(target_->public_port());
  EXPECT_EQ(probe.call("PUT", "/v1/objects/b/o?pid=p&utm=1", "same", headers).status, 200);
  EXPECT_EQ(probe.call("GET", "/v1/objects/b/o").body, "same");
  // Another type is no equality, and skip_vc does not look.
  EXPECT_EQ(put("o", "same", checksum_headers(codec::ChecksumType::kMd5, "same")).status, 200);
  EXPECT_EQ(call("HEAD", "o").header("ais-version"), "2");
  EXPECT_EQ(call("PUT", "o", "same", "skip_vc=true", headers).status, 200);
  EXPECT_EQ(call("HEAD", "o").header("ais-version"), "3");
}

TEST_F(PutTest, EqualContentIsBelievedOnlyWhenItWasRead) {
  for (const size_t size : {10ul, 700'000ul}) {
    const std::string name = "o" + std::to_string(size), content(size, 's');
    for (const auto type : {codec::ChecksumType::kXxhash2, codec::ChecksumType::kMd5}) {
      const std::string path = (type == codec::ChecksumType::kMd5 ? "/v1/objects/md5/" : "/v1/objects/b/") + name;
      const std::string headers = checksum_headers(type, content);
      const auto version = [&] { return call("HEAD", path).header("ais-version"); };
      ASSERT_EQ(call("PUT", path, content, "", headers + "Ais-Custom-Md: k=v\r\n").status, 200);
      EXPECT_EQ(call("PUT", path, content, "", headers).status, 200);
      EXPECT_EQ(version(), "1");
      const Answer other = call("PUT", path, std::string(size, 'x'), "", headers);
      EXPECT_EQ(other.status, 500);
      EXPECT_TRUE(error_of(other).starts_with("ErrBadCksum|BAD DATA CHECKSUM:")) << other.body;
      EXPECT_EQ(version(), "1");
      EXPECT_EQ(call("PUT", path, content, "", headers + "Ais-Custom-Md: k=v\r\n").status, 200);
      EXPECT_EQ(version(), "1") << "the same pairs";
      EXPECT_EQ(call("PUT", path, content, "", headers + "Ais-Custom-Md: k=new\r\n").status, 200);
      EXPECT_EQ(version(), "2");
      EXPECT_EQ(call("HEAD", path).header("ais-custom-md"), "k=new");
      EXPECT_EQ(call("PUT", path, content, "", headers + "Ais-Version: 7\r\n").status, 200);
      EXPECT_EQ(version(), "7");
      // Damage that nobody has noticed yet.
      for (const std::string& file : target_->files_on_disk()) {
        if (!file.ends_with("/" + name) || file.find(type == codec::ChecksumType::kMd5 ? "/md5/" : "/b/") == std::string::npos) continue;
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes << "rot";
      }
      EXPECT_NE(call("GET", path).body, content) << "the test must have met the file";
      EXPECT_EQ(call("PUT", path, content, "", headers).status, 200);
      EXPECT_TRUE(call("GET", path).body == content);
      EXPECT_EQ(version(), "8");
    }
  }
}

TEST_F(PutTest, Versions) {
  ASSERT_EQ(call("PUT", "/v1/objects/unversioned/o", "x").status, 200);
  EXPECT_FALSE(call("HEAD", "/v1/objects/unversioned/o").has("ais-version"));
  ASSERT_EQ(put("o", "1").status, 200);
  ASSERT_EQ(put("o", "2").status, 200);
  ASSERT_EQ(call("DELETE", "o").status, 200);
  EXPECT_EQ(put("o", "3").header("ais-version"), "1");
  for (const char* last : {"18446744073709551615", "18446744073709551614"}) {
    ASSERT_EQ(put("o", "4", "Ais-Version: " + std::string(last) + "\r\n").header("ais-version"), last);
    EXPECT_EQ(put("o", "5").header("ais-version"), "18446744073709551615");
  }
}

TEST_F(PutTest, TheEndOfAMoveIsDurableWhateverThePolicy) {
  const auto& syncs = target_->context().store.counters().syncs;
  const uint64_t before = syncs;
  ASSERT_EQ(call("PUT", "/v1/objects/never/o", "content").status, 200);
  EXPECT_EQ(syncs, before);
  const std::string moved = "Ais-Moved: 1600000000000000000\r\n";
  ASSERT_EQ(HttpProbe(target_->intra_port()).call("PUT", "/v1/objects/never/m", "content", moved).status, 200);
  EXPECT_GT(syncs, before);
}

TEST_F(PutTest, SurvivesARestart) {
  ASSERT_EQ(put("dir/kept", "kept", "Ais-Custom-Md: k=v\r\n").status, 200);
  target_->restart();
  EXPECT_EQ(call("GET", "dir/kept").body, "kept");
  EXPECT_EQ(call("HEAD", "dir/kept").header("ais-custom-md"), "k=v");
  EXPECT_EQ(put("dir/kept", "new").header("ais-version"), "2");
}

TEST_F(PutTest, Errors) {
  struct Case {
    const char* path;
    const char* headers;
    int status;
    const char* error;
  };
  const std::string too_much = "Ais-Custom-Md: k=" + std::string(2048, 'x') + "\r\n";
  const Case cases[] = {
      {"/v1/objects/b/o", "Ais-Custom-Md: novalue\r\n", 400, "|"},
      {"/v1/objects/b/o", "Ais-Custom-Md: =v\r\n", 400, "|"},
      {"/v1/objects/b/o", too_much.c_str(), 400, "|"},
      {"/v1/objects/b/o", "Ais-Checksum-Type: md4\r\nAis-Checksum-Value: 00\r\n", 400, "ErrInvalidCksum|"},
      {"/v1/objects/b/o", "Ais-Checksum-Type: md5\r\nAis-Checksum-Value: 00\r\n", 500, "ErrBadCksum|BAD DATA CHECKSUM: md5(00"},
      {"/v1/objects/b/o", "Ais-Checksum-Type: md5\r\n", 400, "ErrInvalidCksum|"},
      {"/v1/objects/b/o", "Ais-Checksum-Value: 00\r\n", 400, "ErrInvalidCksum|"},
      {"/v1/objects/b/o", "Ais-Checksum-Type: md5\r\nAis-Checksum-Value: 00\r\nAis-Checksum-Value: 01\r\n", 400, "ErrInvalidCksum|"},
      {"/v1/objects/b/o", "Ais-Atime: yesterday\r\n", 400, "|"},
      {"/v1/objects/readonly/o", "", 403, "ErrBucketAccessDenied|"},
      {"/v1/objects/none/o", "", 404, "ErrBckNotFound|"},
      {"/v1/objects/b/o/", "", 400, "|"},
      {"/v1/objects/b/../o", "", 400, "|"},
      {"/v1/objects/b/%2e%2e%2fo", "", 400, "|"},
      {"/v1/objects/b/a%00", "", 400, "|"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(std::string(one.path) + " " + std::string(one.headers).substr(0, 60));
    const Answer answer = call("PUT", one.path, "body", "", one.headers);
    EXPECT_EQ(answer.status, one.status);
    EXPECT_TRUE(error_of(answer).starts_with(one.error)) << answer.body;
  }
  for (const char* query : {"uploadId=1", "partNumber=1&uploadId=2", "archpath=a", "etl_name=e"})
    EXPECT_EQ(call("PUT", "o", "x", query).status, 501) << query;
  EXPECT_TRUE(target_->files_on_disk().empty());
}

TEST_F(PutTest, ChangesMustComeFromAGateway) {
  for (const std::string method : {"PUT", "POST", "DELETE", "PATCH"}) {
    for (const char* query : {"", "?pid=p", "?utm=1"}) {
      const Answer answer = HttpProbe(target_->public_port()).call(method, std::string("/v1/objects/b/o") + query, "{}");
      EXPECT_EQ(answer.status, 400);
      EXPECT_EQ(error_of(answer), "|" + method + "(obj) is expected to be redirected");
    }
  }
  EXPECT_EQ(HttpProbe(target_->intra_port()).call("PUT", "/v1/objects/b/o", "x").status, 200);
}

TEST_F(PutTest, ClientThatStopsHalfWayLeavesNothing) {
  for (const size_t total : {1000ul, 5000000ul}) {
    for (const bool chunked : {false, true}) {
      HttpProbe probe(target_->public_port());
      const std::string length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + std::to_string(total);
      probe.send_raw("PUT /v1/objects/b/half?pid=p&utm=1 HTTP/1.1\r\nHost: x\r\n" + length + "\r\n\r\n");
      if (chunked) probe.send_raw("100000\r\n");
      probe.send_raw(std::string(total / 2, 'h'));
      probe.close_now();
    }
  }
  // Handlers of the closed connections have ended when their errors are counted.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (target_->daemon().metrics().tracker()["err.put.n"] < 4 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(target_->daemon().metrics().tracker()["err.put.n"], 4);
  EXPECT_EQ(call("GET", "half").status, 404);
  EXPECT_TRUE(target_->files_on_disk().empty());
}

TEST_F(PutTest, NamesThatAreHardOnFileSystems) {
  const std::string long_name = std::string(300, 'n') + "/" + std::string(600, 'm');
  const std::vector<std::string> names = {"a", "a/b", "a/b/c", "x//y", "with%20blank", "%D0%BF", "q%3Fr", "%25", long_name};
  for (const std::string& name : names) EXPECT_EQ(put(name, "content of " + name).status, 200) << name;
  for (const std::string& name : names) EXPECT_EQ(call("GET", name).body, "content of " + name) << name;
}

TEST_F(PutTest, ManyAtOnce) {
  std::vector<std::thread> clients;
  std::atomic<int> failures{0};
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      HttpProbe probe(target_->public_port());
      for (int i = 0; i < 50; ++i) {
        const std::string path = "/v1/objects/never/o" + std::to_string((c * 50 + i) % 100);
        const std::string body(static_cast<size_t>(i) * 1000, static_cast<char>('a' + c));
        if (probe.call("PUT", path + "?pid=p&utm=1", body).status != 200) ++failures;
        const Answer read = probe.call("GET", path);
        if (read.status != 200 || read.body.find_first_not_of(read.body.substr(0, 1)) != std::string::npos) ++failures;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace ais::target
