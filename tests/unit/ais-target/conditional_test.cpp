// Conditional requests, and what a PUT must not be.
#include <future>

#include "api/http_date.h"
#include "codec/checksum.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class ConditionalTest : public TargetTest {
 protected:
  Buckets buckets() override {
    return {{"b", {}}, {"c", {}}, {"plain", [](meta::BucketProperties& p) { p.checksum.type = "none"; }}};
  }
  void SetUp() override {
    TargetTest::SetUp();
    const Answer stored = put("o", "content");
    ASSERT_EQ(stored.status, 200);
    tag_ = stored.header("etag");
    date_ = stored.header("last-modified");
  }
  Answer copy_to_o(const std::string& headers) { return call("PUT", "source", "", "object_to=ais%2F%40%23%2Fb%2Fo", headers); }
  std::string tag_, date_;
  static constexpr char kPast[] = "Thu, 01 Jan 1970 00:00:10 GMT", kFuture[] = "Thu, 01 Jan 2099 00:00:10 GMT";
};

TEST_F(ConditionalTest, EveryAnswerHasTheSameTag) {
  ASSERT_FALSE(tag_.empty());
  EXPECT_EQ(call("HEAD", "o").header("etag"), tag_);
  EXPECT_EQ(call("GET", "o").header("etag"), tag_);
  EXPECT_EQ(call("GET", "o", "", "", "Range: bytes=1-2\r\n").header("etag"), tag_);
  EXPECT_EQ(call("HEAD", "o", "", "props=etag").header("etag"), tag_);
  EXPECT_EQ(call("HEAD", "o").header("last-modified"), date_);
  EXPECT_EQ(call("PATCH", "o", R"({"value":{"k":"v"}})").status, 200);
  EXPECT_EQ(call("HEAD", "o").header("etag"), tag_) << "the content is the same";
  EXPECT_NE(put("o", "content").header("etag"), "");
}

TEST_F(ConditionalTest, Reads) {
  struct Row {
    std::string headers;
    int status;
  };
  const Row rows[] = {{"If-Match: " + tag_ + "\r\n", 200},
                      {"If-Match: \"x\", " + tag_ + "\r\n", 200},
                      {"If-Match: *\r\n", 200},
                      {"If-Match: \"x\"\r\n", 412},
                      {"If-Match: W/" + tag_ + "\r\n", 412},
                      {"If-None-Match: " + tag_ + "\r\n", 304},
                      {"If-None-Match: W/" + tag_ + "\r\n", 304},
                      {"If-None-Match: *\r\n", 304},
                      {"If-None-Match: \"x\"\r\n", 200},
                      {"If-Modified-Since: " + date_ + "\r\n", 304},
                      {std::string("If-Modified-Since: ") + kFuture + "\r\n", 304},
                      {std::string("If-Modified-Since: ") + kPast + "\r\n", 200},
                      {"If-Modified-Since: yesterday\r\n", 200},
                      {"If-Unmodified-Since: " + date_ + "\r\n", 200},
                      {std::string("If-Unmodified-Since: ") + kPast + "\r\n", 412},
                      {"If-Match: " + tag_ + "\r\nIf-Unmodified-Since: " + kPast + "\r\n", 200},
                      {"If-None-Match: \"x\"\r\nIf-Modified-Since: " + date_ + "\r\n", 200},
                      {"If-Match: \"x\"\r\nIf-None-Match: " + tag_ + "\r\n", 412},
                      {"If-Match: \"x\r\n", 400}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.headers);
    HttpProbe probe(target_->public_port());
    for (const char* method : {"GET", "HEAD"}) {
      const Answer answer = probe.call(method, "/v1/objects/b/o", "", row.headers);
      EXPECT_EQ(answer.status, row.status) << method;
      if (row.status != 304) continue;
      EXPECT_EQ(answer.header("etag"), tag_);
      EXPECT_EQ(answer.header("last-modified"), date_);
      EXPECT_FALSE(answer.has("content-length"));
    }
    EXPECT_EQ(probe.call("GET", "/v1/objects/b/o").body, "content") << "nothing of a body stood behind the answer";
    EXPECT_EQ(call("GET", "none", "", "", row.headers).status, 404);
  }
  EXPECT_EQ(error_of(call("GET", "o", "", "", "If-Match: \"x\"\r\n")), "|ais://b/o: precondition failed, nothing was done");
}

TEST_F(ConditionalTest, ARangeOnlyOfTheSameObject) {
  const auto ranged = [&](const std::string& if_range) {
    return call("GET", "o", "", "", "Range: bytes=0-3\r\nIf-Range: " + if_range + "\r\n");
  };
  EXPECT_EQ(ranged(tag_).status, 206);
  EXPECT_EQ(ranged(tag_).body, "cont");
  // A date tells two states of one second not apart.
  for (const std::string& other : {std::string("\"x\""), "W/" + tag_, std::string(kPast), std::string("*"), date_}) {
    EXPECT_EQ(ranged(other).status, 200) << other;
    EXPECT_EQ(ranged(other).body, "content");
  }
  EXPECT_EQ(call("GET", "o", "", "", "Range: bytes=100-\r\nIf-Range: \"x\"\r\n").status, 200) << "no 416 for another object";
  EXPECT_EQ(call("GET", "o", "", "", "Range: bytes=0-3\r\nIf-None-Match: " + tag_ + "\r\n").status, 304);
}

TEST_F(ConditionalTest, DatesRiseWithARename) {
  // An object of long ago, as a peer would move it here, by its own rename and by one in place.
  const std::string moved = "Ais-Moved: 1600000000000000000\r\n", path = "/v1/objects/b/o";
  ASSERT_EQ(HttpProbe(target_->intra_port()).call("PUT", path, "older", moved).status, 200);
  const auto check = [&](const std::string& name) {
    const Answer now = call("GET", name);
    EXPECT_GE(*api::parse_http_date(now.header("last-modified")), *api::parse_http_date(date_)) << "what the name had before was of then";
    EXPECT_EQ(call("GET", name, "", "", std::string("If-Modified-Since: Sun, 13 Sep 2020 12:26:40 GMT\r\n")).status, 200);
    EXPECT_EQ(call("PUT", name, "lost update", "", "If-Unmodified-Since: Sun, 13 Sep 2020 12:26:40 GMT\r\n").status, 412);
    EXPECT_EQ(call("HEAD", name, "", "props=last-modified").header("last-modified"), now.header("last-modified"));
    EXPECT_EQ(now.body, "older");
  };
  check("o");
  ASSERT_EQ(call("POST", "o", R"({"action":"rename-obj","name":"p"})").status, 200);
  check("p");
}

TEST_F(ConditionalTest, ChangesThatAreRefusedChangeNothing) {
  ASSERT_EQ(put("source", "copied").status, 200);
  const auto files = target_->files_on_disk();
  const std::string past = std::string("If-Unmodified-Since: ") + kPast + "\r\n";
  for (const std::string& headers :
       {std::string("If-None-Match: *\r\n"), "If-None-Match: " + tag_ + "\r\n", std::string("If-Match: \"x\"\r\n"), past}) {
    SCOPED_TRACE(headers);
    EXPECT_EQ(put("o", "other", headers).status, 412);
    EXPECT_EQ(put("o", std::string(600'000, 'x'), headers).status, 412);
    EXPECT_EQ(copy_to_o(headers).status, 412);
    EXPECT_EQ(call("DELETE", "o", "", "", headers).status, 412);
    EXPECT_EQ(call("PATCH", "o", R"({"value":{"k":"v"}})", "", headers).status, 412);
    EXPECT_EQ(call("POST", "o", R"({"action":"rename-obj","name":"p"})", "", headers).status, 412);
    const Answer read = call("GET", "o");
    EXPECT_EQ(read.body, "content");
    EXPECT_EQ(read.header("etag"), tag_);
    EXPECT_EQ(read.header("ais-version"), "1");
    EXPECT_FALSE(read.has("ais-custom-md"));
    EXPECT_EQ(target_->files_on_disk(), files);
  }
  EXPECT_EQ(put("none", "x", "If-Match: *\r\n").status, 412);
  EXPECT_EQ(call("GET", "none").status, 404);
  EXPECT_EQ(call("DELETE", "none", "", "", "If-Match: *\r\n").status, 404);
}

TEST_F(ConditionalTest, ChangesThatAreAllowedAreMade) {
  ASSERT_EQ(put("source", "copied").status, 200);
  EXPECT_EQ(put("new", "x", "If-None-Match: *\r\n").status, 200);
  EXPECT_EQ(put("newer", "x", std::string("If-Unmodified-Since: ") + kPast + "\r\n").status, 200)
      << "there is no date that it could speak of";
  EXPECT_EQ(call("PATCH", "o", R"({"value":{"k":"v"}})", "", "If-Match: " + tag_ + "\r\n").status, 200);
  const Answer updated = put("o", "updated", "If-Match: " + tag_ + "\r\n");
  ASSERT_EQ(updated.status, 200);
  EXPECT_NE(updated.header("etag"), tag_);
  EXPECT_EQ(copy_to_o("If-Match: " + tag_ + "\r\n").status, 412);
  EXPECT_EQ(copy_to_o("If-Match: " + updated.header("etag") + "\r\n").status, 200);
  EXPECT_EQ(call("GET", "o").body, "copied");
  EXPECT_EQ(call("DELETE", "o", "", "", "If-Match: \"x\"\r\n").status, 412);
  EXPECT_EQ(call("DELETE", "o", "", "", "If-Match: *\r\n").status, 200);
  // Onto itself a copy changes nothing, but not under any condition.
  EXPECT_EQ(call("PUT", "source", "", "object_to=ais%2F%40%23%2Fb%2Fsource", "If-None-Match: *\r\n").status, 412);
  EXPECT_EQ(call("PUT", "source", "", "object_to=ais%2F%40%23%2Fb%2Fsource", "If-Match: *\r\n").status, 200);
}

TEST_F(ConditionalTest, EqualContentIsNoWayAroundACondition) {
  const std::string checksum =
      "Ais-Checksum-Type: xxhash2\r\nAis-Checksum-Value: " + codec::checksum_of(codec::ChecksumType::kXxhash2, "content").value + "\r\n";
  EXPECT_EQ(put("o", "content", checksum + "If-None-Match: *\r\n").status, 412);
  EXPECT_EQ(put("o", "content", checksum + "If-Match: \"x\"\r\n").status, 412);
  EXPECT_EQ(put("o", "content", checksum + "If-Match: " + tag_ + "\r\n").status, 200);
  EXPECT_EQ(call("HEAD", "o").header("ais-version"), "1");
}

TEST_F(ConditionalTest, OfManyCreationsOneIsAnswered200) {
  for (int round = 0; round < 10; ++round) {
    const std::string name = "race" + std::to_string(round);
    std::vector<std::future<int>> answers;
    for (int i = 0; i < 6; ++i)
      answers.push_back(std::async(std::launch::async, [&, i] { return put(name, std::to_string(i), "If-None-Match: *\r\n").status; }));
    std::vector<int> statuses;
    for (auto& answer : answers) statuses.push_back(answer.get());
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 1);
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 412), 5);
  }
}

TEST_F(ConditionalTest, APartIsNotTakenForTheWhole) {
  const std::string part = "Content-Range: bytes 100-103/200\r\n";
  const auto files = target_->files_on_disk();
  const Answer refused = put("o", "tail", part);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(error_of(refused), "|PUT ais://b/o: Content-Range: a part of an object cannot be written");
  EXPECT_EQ(put("o", "tail", "Content-Range: nonsense\r\n").status, 400);
  EXPECT_EQ(put("new", "tail", part).status, 400);
  EXPECT_EQ(call("PUT", "o", "x", "append_type=append&append_handle=", part).status, 400);
  EXPECT_EQ(call("PUT", "o", "", "object_to=ais%2F%40%23%2Fb%2Fp", part).status, 400);
  EXPECT_EQ(call("GET", "o").body, "content");
  EXPECT_EQ(call("GET", "new").status, 404);
  EXPECT_EQ(target_->files_on_disk(), files);
  // Before anything of the body is read.
  HttpProbe probe(target_->public_port());
  probe.send_raw("PUT /v1/objects/b/o?pid=p&utm=1 HTTP/1.1\r\nHost: x\r\n" + part + "Content-Length: 1000\r\n\r\n");
  EXPECT_EQ(probe.read_answer().status, 400);
}

}  // namespace
}  // namespace ais::target
