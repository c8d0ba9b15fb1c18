// Copies and renames, wherever they land: on the same mountpath, the other one, another target. And what happens beside a transfer.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <map>

#include "api/http_date.h"
#include "codec/checksum.h"
#include "unit/ais-target/pretended_peer.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

std::string rename_to(const std::string& name) { return R"({"action":"rename-obj","name":")" + name + R"("})"; }
std::string copy_to(const std::string& bucket, const std::string& name) { return "object_to=ais%2F%40%23%2F" + bucket + "%2F" + name; }

constexpr const char* kTypes[] = {"none", "xxhash", "xxhash2", "md5", "crc32c", "sha256", "sha512"};

/// Buckets "<type>-v" and "<type>-u", with and without versions.
class PlacementTest : public TargetTest {
 protected:
  Buckets buckets() override {
    Buckets all;
    for (const std::string type : kTypes) {
      for (const bool versioned : {true, false}) {
        all.emplace_back(type + (versioned ? "-v" : "-u"), [type, versioned](meta::BucketProperties& p) {
          p.checksum.type = type;
          p.versioning.enabled = versioned;
          p.write_policy.data = p.write_policy.md = "never";
        });
      }
    }
    return all;
  }
  void SetUp() override {
    TargetTest::SetUp();
    other_ = std::make_unique<TestTarget>("t2test00");
    install_cluster({target_.get(), other_.get()}, 2, buckets());
  }
  /// Three names: on the first mountpath, where the sources are, on the second, on the other target.
  std::vector<std::string> places(const std::string& bucket) {
    return {name_at(bucket, "t1test00", 0, "to"), name_at(bucket, "t1test00", 1, "to"), name_at(bucket, "t2test00", {}, "to")};
  }
  static std::string path(const std::string& bucket, const std::string& name) { return "/v1/objects/" + bucket + "/" + name; }
  Answer read(const std::string& bucket, const std::string& name) {
    const std::string own = path(bucket, name) + "?pid=p&utm=1";
    const Answer here = HttpProbe(target_->public_port()).call("GET", own);
    return here.status == 404 ? HttpProbe(other_->public_port()).call("GET", own) : here;
  }
  /// What an answer tells of an object, but for times.
  static std::string described(const Answer& answer) {
    std::vector<std::string> custom = answer.all("ais-custom-md");
    std::sort(custom.begin(), custom.end());
    std::string text = std::to_string(answer.status) + " " + answer.header("ais-checksum-type") + " " + answer.header("ais-checksum-value");
    text += " version " + answer.header("ais-version") + " length " + answer.header("content-length");
    for (const std::string& pair : custom) text += " " + pair;
    return text;
  }
  std::unique_ptr<TestTarget> other_;
};

TEST_F(PlacementTest, ACopyIsTheSameWhereverItLands) {
  const std::string content = "the content";
  std::map<std::string, int> versions;
  for (const auto& [from, unused] : buckets()) {
    const std::string source = path(from, name_at(from, "t1test00", 0));
    for (int i = 0; i < 3; ++i) ASSERT_EQ(call("PUT", source, content, "", "Ais-Custom-Md: k=v\r\n").status, 200);
    ASSERT_EQ(call("PATCH", source, R"({"value":{"blank":" v","and":"a&b=c%"}})").status, 200);
    for (const auto& [to, unused_too] : buckets()) {
      const auto type = *codec::parse_checksum_type(to.substr(0, to.find('-')));
      const codec::Checksum checksum = codec::checksum_of(type, content);
      const bool versioned = to.ends_with("-v");
      for (const std::string& name : places(to)) {
        SCOPED_TRACE(from + " to " + to + "/" + name);
        ASSERT_EQ(call("PUT", source, "", copy_to(to, name)).status, 200);
        const Answer copied = read(to, name);
        EXPECT_EQ(copied.body, content);
        std::string want = "200 " + (checksum.value.empty() ? " " : std::string(codec::checksum_type_name(type)) + " " + checksum.value);
        want += " version " + (versioned ? std::to_string(++versions[path(to, name)]) : "") + " length 11 and=a&b=c% blank= v k=v";
        EXPECT_EQ(described(copied), want);
        EXPECT_GT(std::stoll(copied.header("ais-atime")), 1'700'000'000'000'000'000);
      }
    }
  }
}

TEST_F(PlacementTest, ARenamedObjectIsTheSameWhereverItLands) {
  for (const auto& [bucket, unused] : buckets()) {
    const std::string source = name_at(bucket, "t1test00", 0);
    for (const std::string& to : places(bucket)) {
      SCOPED_TRACE(bucket + "/" + to);
      for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(call("PUT", path(bucket, source), "content", "", "Ais-Custom-Md: k=v\r\nAis-Atime: 1600000000000000000\r\n").status, 200);
      }
      const Answer before = call("HEAD", path(bucket, source));
      ASSERT_EQ(call("POST", path(bucket, source), rename_to(to)).status, 200);
      const Answer after = read(bucket, to);
      EXPECT_EQ(described(after), described(before));
      EXPECT_GE(*api::parse_http_date(after.header("last-modified")), *api::parse_http_date(before.header("last-modified")));
      EXPECT_EQ(after.header("ais-atime"), "1600000000000000000");
      // Without a checksum the tag follows the generation, and that rises.
      if (after.has("ais-checksum-type")) {
        EXPECT_EQ(after.header("etag"), before.header("etag"));
      }
      EXPECT_EQ(call("GET", path(bucket, source)).status, 404);
    }
  }
}

TEST_F(PlacementTest, ATransferThatWasGivenUpIsNotInstalledLate) {
  const std::string head = "PUT /v1/objects/md5-v/late?provider=ais HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nAis-Caller-Id: t2\r\n\r\n";
  // The last bytes and the end of the connection in one segment, as a node finds them that hung meanwhile.
  const auto put_and_leave = [&](uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    const int on = 1;
    ASSERT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on)), 0);
    const std::string bytes = head + "bytes";
    ASSERT_EQ(send(fd, bytes.data(), bytes.size(), MSG_MORE), static_cast<ssize_t>(bytes.size()));
    ASSERT_EQ(shutdown(fd, SHUT_WR), 0);
    char answer[4096];
    while (::recv(fd, answer, sizeof(answer), 0) > 0) {
    }
    ::close(fd);
  };
  put_and_leave(target_->intra_port());
  EXPECT_EQ(call("HEAD", path("md5-v", "late")).status, 404);
}

TEST_F(PlacementTest, ConditionsReachTheOwnerOfTheCopy) {
  for (const std::string& name : places("md5-v")) {
    SCOPED_TRACE(name);
    const std::string source = path("md5-v", name_at("md5-v", "t1test00", 0)), query = copy_to("md5-v", name);
    ASSERT_EQ(call("PUT", source, "first").status, 200);
    EXPECT_EQ(call("PUT", source, "", query, "If-Match: *\r\n").status, 412);
    EXPECT_EQ(read("md5-v", name).status, 404);
    EXPECT_EQ(call("PUT", source, "", query, "If-None-Match: *\r\n").status, 200);
    EXPECT_EQ(call("PUT", source, "", query, "If-None-Match: *\r\n").status, 412);
    EXPECT_EQ(call("PUT", source, "", query, "If-None-Match: \"x\", W/" + read("md5-v", name).header("etag") + "\r\n").status, 412);
    EXPECT_EQ(call("PUT", source, "", query, "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:10 GMT\r\n").status, 412);
    EXPECT_EQ(read("md5-v", name).header("ais-version"), "1");
    EXPECT_EQ(call("PUT", source, "", query, "If-Match: " + read("md5-v", name).header("etag") + "\r\n").status, 200);
    EXPECT_EQ(read("md5-v", name).header("ais-version"), "2");
  }
}

/// One real target, and one that only stands in the map.
class BesideATransferTest : public TargetTest {
 protected:
  void SetUp() override {
    TargetTest::SetUp();
    install_cluster({target_.get()}, 2, buckets(), {}, {peer_.node()});
    from_ = name_at("b", "t1test00", 0);
    to_ = name_at("b", "t2test00");
    ASSERT_EQ(put(from_, content_, "Ais-Custom-Md: k=v\r\n").status, 200);
  }
  /// Begins a request that makes the target send the object to the peer, and reads some of the body.
  std::future<Answer> begin(const std::string& method, const std::string& body, const std::string& query) {
    auto answer = std::async(std::launch::async, [this, method, body, query] { return call(method, from_, body, query); });
    head_ = peer_.accept_head();
    EXPECT_EQ(peer_.read_body(100'000), content_.substr(0, 100'000));
    return answer;
  }
  std::string read_rest() { return peer_.read_body(content_.size() - 100'000); }
  std::future<Answer> begin_rename() { return begin("POST", rename_to(to_), ""); }

  PretendedPeer peer_{"t2test00"};
  std::string from_, to_, head_;
  const std::string content_ = std::string(8'000'000, 'o');
};

TEST_F(BesideATransferTest, AWriteOverTheSourceOfARename) {
  auto renamed = begin_rename();
  EXPECT_NE(head_.find("Ais-Moved: "), std::string::npos) << head_;
  EXPECT_EQ(put(from_, "new content").status, 200) << "goes on at once";
  EXPECT_EQ(call("GET", from_).body, "new content");
  EXPECT_TRUE(read_rest() == content_.substr(100'000)) << "the whole of what was renamed";
  EXPECT_NE(head_.find(codec::checksum_of(codec::ChecksumType::kXxhash2, content_).value), std::string::npos);
  peer_.answer(200);
  EXPECT_EQ(renamed.get().status, 200);
  EXPECT_EQ(call("GET", from_).body, "new content");
}

TEST_F(BesideATransferTest, AWriteOverTheSourceOfACopy) {
  auto copied = begin("PUT", "", copy_to("b", to_));
  EXPECT_EQ(head_.find("Ais-Moved: "), std::string::npos) << head_;
  EXPECT_EQ(put(from_, "new content").status, 200);
  EXPECT_TRUE(read_rest() == content_.substr(100'000));
  peer_.answer(200);
  EXPECT_EQ(copied.get().status, 200);
  EXPECT_EQ(call("GET", from_).body, "new content");
}

TEST_F(BesideATransferTest, OtherChangesOfTheSourceComeAfterTheRename) {
  auto renamed = begin_rename();
  std::vector<std::future<Answer>> others;
  const auto beside = [&](const std::string& method, const std::string& body) {
    others.push_back(std::async(std::launch::async, [this, method, body] { return call(method, from_, body); }));
  };
  beside("DELETE", "");
  beside("PATCH", R"({"value":{"k":"new"}})");
  beside("POST", rename_to("elsewhere"));
  EXPECT_EQ(call("GET", from_).status, 200) << "readable until the end";
  EXPECT_TRUE(read_rest() == content_.substr(100'000));
  for (auto& other : others) EXPECT_EQ(other.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  peer_.answer(200);
  EXPECT_EQ(renamed.get().status, 200);
  for (auto& other : others) EXPECT_EQ(other.get().status, 404);
  EXPECT_TRUE(target_->files_on_disk().empty());
}

TEST_F(BesideATransferTest, WhoLeavesMeanwhileChangesNothing) {
  auto renamed = begin_rename();
  HttpProbe leaving(target_->intra_port());
  leaving.send_raw("DELETE /v1/objects/b/" + from_ + "?provider=ais HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n");
  const std::string waits = "ais_target_rename_wait_count{node_id=\"t1test00\"} 1\n";
  HttpProbe metrics(target_->public_port());
  while (metrics.call("GET", "/metrics").body.find(waits) == std::string::npos) ASSERT_FALSE(HasFailure());
  leaving.shutdown_sending();
  EXPECT_EQ(put(from_, "acknowledged meanwhile").status, 200);
  peer_.break_off();
  EXPECT_EQ(renamed.get().status, 502);
  EXPECT_NE(leaving.read_answer().status, 200);
  EXPECT_EQ(call("GET", from_).body, "acknowledged meanwhile");
}

TEST_F(BesideATransferTest, ATargetThatStopsTellsWhoWaitsForThePeer) {
  HttpProbe renaming(target_->public_port());
  const std::string body = rename_to(to_);
  renaming.send_raw("POST /v1/objects/b/" + from_ + "?pid=p&utm=1 HTTP/1.1\r\nHost: t\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
  head_ = peer_.accept_head();
  const auto begun = std::chrono::steady_clock::now();
  target_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  const Answer answer = renaming.read_answer();
  EXPECT_EQ(answer.status, 503) << answer.body;
  EXPECT_NE(error_of(answer).find("about to stop"), std::string::npos) << answer.body;
  target_->restart();
  install_cluster({target_.get()}, 3, buckets());
  EXPECT_TRUE(call("GET", from_).body == content_);
}

TEST_F(BesideATransferTest, AFailedTransferLeavesTheSourceFree) {
  for (const bool refused : {true, false}) {
    auto renamed = begin_rename();
    if (refused) {
      EXPECT_TRUE(read_rest() == content_.substr(100'000));
      peer_.answer(409, "ErrBusy", "is currently busy, please try again");
    } else {
      peer_.break_off();
    }
    const Answer answer = renamed.get();
    EXPECT_EQ(answer.status, refused ? 409 : 502) << answer.body;
    EXPECT_TRUE(error_of(answer).starts_with(refused ? "ErrBusy|transfer to t[t2test00]: is currently busy" : "|transfer to t[t2test00]"))
        << answer.body;
    EXPECT_EQ(call("PATCH", from_, R"({"value":{"k":"new"}})").status, 200) << "at once";
    EXPECT_TRUE(call("GET", from_).body == content_);
  }
  EXPECT_EQ(call("DELETE", from_).status, 200);
}

TEST_F(BesideATransferTest, NothingMovesOntoWhatMoves) {
  auto renamed = begin_rename();
  const std::string beside = name_at("b", "t1test00", 1);
  ASSERT_EQ(put(beside, "beside").status, 200);
  const Answer crossing = call("POST", beside, rename_to(from_));
  EXPECT_EQ(crossing.status, 409);
  EXPECT_EQ(error_of(crossing), "ErrBusy|object \"ais://b/" + from_ + "\" is currently busy (being renamed), please try again");
  // The same from another target. Only nodes may say that they move an object.
  const std::string path = "/v1/objects/b/" + from_, moved = "Ais-Moved: 1600000000000000000\r\n";
  EXPECT_EQ(HttpProbe(target_->intra_port()).call("PUT", path, "of a peer", moved).status, 409);
  EXPECT_TRUE(call("GET", from_).body == content_);
  EXPECT_EQ(call("GET", beside).body, "beside");
  EXPECT_EQ(put(from_, "of a client", moved).status, 200);
  read_rest();
  peer_.answer(200);
  EXPECT_EQ(renamed.get().status, 200);
  EXPECT_EQ(call("GET", from_).body, "of a client");
  EXPECT_EQ(HttpProbe(target_->intra_port()).call("PUT", path, "of a peer", moved).status, 200);
  const Answer installed = call("GET", from_);
  EXPECT_EQ(installed.body, "of a peer");
  EXPECT_NE(installed.header("last-modified"), "Sun, 13 Sep 2020 12:26:40 GMT") << "the name has changed now";
  EXPECT_FALSE(installed.has("ais-version")) << "as the peer had it";
}

}  // namespace
}  // namespace ais::target
