// Append and flush.
#include <filesystem>
#include <fstream>

#include "ais-target/node/append_table.h"
#include "ais-target/node/target_context.h"
#include "base/strings.h"
#include "codec/checksum.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class AppendTest : public TargetTest {
 protected:
  Answer append(const std::string& object, const std::string& body, const std::string& handle) {
    return call("PUT", object, body, "append_type=append&append_handle=" + percent_encode(handle));
  }
  Answer flush(const std::string& object, const std::string& handle, const std::string& headers = "") {
    return call("PUT", object, "", "append_type=flush&append_handle=" + percent_encode(handle), headers);
  }
};

TEST_F(AppendTest, BuildsANewObject) {
  std::string handle, content;
  for (int i = 0; i < 5; ++i) {
    const std::string part(static_cast<size_t>(i) * 500000, static_cast<char>('a' + i));
    const Answer answer = append("o", part, handle);
    ASSERT_EQ(answer.status, 200) << answer.body;
    handle = answer.header("ais-append-handle");
    content += part;
    EXPECT_TRUE(handle.starts_with("t1test00|"));
    EXPECT_EQ(split(handle, '|').size(), 4u);
    EXPECT_EQ(call("GET", "o").status, 404);
  }
  const Answer flushed = flush("o", handle);
  EXPECT_EQ(flushed.status, 200) << flushed.body;
  EXPECT_FALSE(flushed.has("ais-append-handle"));
  const Answer read = call("GET", "o");
  EXPECT_TRUE(read.body == content);
  EXPECT_EQ(read.header("ais-version"), "1");
  EXPECT_EQ(read.header("ais-checksum-value"), codec::checksum_of(codec::ChecksumType::kXxhash2, content).value);
  EXPECT_EQ(target_->files_on_disk().size(), 1u);
}

TEST_F(AppendTest, ContinuesAnExistingObject) {
  ASSERT_EQ(put("o", "begin ").status, 200);
  const std::string handle = append("o", "end", "").header("ais-append-handle");
  EXPECT_EQ(call("GET", "o").body, "begin ");
  EXPECT_EQ(flush("o", handle).status, 200);
  EXPECT_EQ(call("GET", "o").body, "begin end");
  EXPECT_EQ(call("HEAD", "o").header("ais-version"), "2");
}

TEST_F(AppendTest, AReplayIsDetected) {
  const std::string first = append("o", "one", "").header("ais-append-handle");
  const std::string second = append("o", "two", first).header("ais-append-handle");
  EXPECT_NE(first, second);
  const Answer replay = append("o", "two", first);
  EXPECT_EQ(replay.status, 400);
  EXPECT_NE(error_of(replay).find("stale APPEND handle"), std::string::npos) << replay.body;
  EXPECT_EQ(flush("o", second).status, 200);
  EXPECT_EQ(call("GET", "o").body, "onetwo");
}

TEST_F(AppendTest, Errors) {
  const std::string handle = append("o", "x", "").header("ais-append-handle");
  EXPECT_EQ(flush("o", "").status, 400);
  for (const char* bad :
       {"a|b|c", "t1test00|../x|xxhash2|AAAAAAAAAAA=", "t1test00|w|xxhash2|", "t1test00|w|nosum|AAAAAAAAAAA=", "|||", "x"}) {
    const Answer answer = append("o", "y", bad);
    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_EQ(error_of(answer), "|invalid APPEND handle: \"" + std::string(bad) + "\"");
    EXPECT_EQ(flush("o", bad).status, 400) << bad;
  }
  EXPECT_EQ(append("o", "y", "t9other0" + handle.substr(8)).status, 400);
  EXPECT_EQ(call("PUT", "o", "", "append_type=sideways").status, 400);
  EXPECT_EQ(flush("o", handle, "Ais-Checksum-Type: xxhash2\r\nAis-Checksum-Value: 0000000000000000\r\n").status, 500);
  EXPECT_EQ(call("GET", "o").status, 404);
}

TEST_F(AppendTest, FlushVerifiesTheChecksum) {
  const std::string handle = append("o", "hello", "").header("ais-append-handle");
  EXPECT_EQ(flush("o", handle, "Ais-Checksum-Type: xxhash\r\nAis-Checksum-Value: 26c7827d889f6da3\r\n").status, 200);
  EXPECT_EQ(call("GET", "o").body, "hello");
}

TEST_F(AppendTest, AnotherObjectsHandleBreaksNothing) {
  const std::string handle = append("mine", "one ", "").header("ais-append-handle");
  const Answer refused = append("other", "stolen", handle);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(error_of(refused), "|invalid APPEND handle: it does not belong to ais://b/other");
  EXPECT_EQ(flush("other", handle).status, 400);
  const Answer next = append("mine", "two", handle);
  ASSERT_EQ(next.status, 200) << next.body;
  EXPECT_EQ(flush("mine", next.header("ais-append-handle")).status, 200);
  EXPECT_EQ(call("GET", "mine").body, "one two");
  EXPECT_EQ(call("GET", "other").status, 404);
}

TEST_F(AppendTest, ARefusedFlushCanBeRepeated) {
  ASSERT_EQ(put("o", "begin ").status, 200);
  const std::string handle = append("o", "end", "").header("ais-append-handle");
  const auto files = target_->files_on_disk();
  EXPECT_EQ(flush("o", handle, "Ais-Checksum-Type: xxhash2\r\nAis-Checksum-Value: 0000000000000000\r\n").status, 500);
  EXPECT_EQ(flush("o", handle, "If-None-Match: *\r\n").status, 412);
  EXPECT_EQ(flush("o", handle, "If-Match: \"another\"\r\n").status, 412);
  EXPECT_EQ(flush("o", handle, "Ais-Custom-Md: no pair\r\n").status, 400);
  EXPECT_EQ(append("o", "x", handle).status, 200) << "and goes on";
  EXPECT_EQ(target_->files_on_disk(), files);
  EXPECT_EQ(call("GET", "o").body, "begin ");
}

TEST_F(AppendTest, ConditionsOfAppendAndFlush) {
  ASSERT_EQ(put("o", "begin ").status, 200);
  const std::string tag = call("HEAD", "o").header("etag");
  const auto files = target_->files_on_disk();
  EXPECT_EQ(call("PUT", "o", "x", "append_type=append&append_handle=", "If-None-Match: *\r\n").status, 412);
  EXPECT_EQ(target_->files_on_disk(), files);
  const Answer first = call("PUT", "o", "end", "append_type=append&append_handle=", "If-Match: " + tag + "\r\n");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(flush("o", first.header("ais-append-handle"), "If-Match: " + tag + "\r\n").status, 200);
  EXPECT_EQ(call("GET", "o").body, "begin end");
}

TEST_F(AppendTest, ABodyThatBreaksOffAddsNothing) {
  const std::string query = "pid=p&utm=1&append_type=append&append_handle=";
  const auto break_off = [&](const std::string& handle) {
    HttpProbe probe(target_->public_port());
    probe.send_raw("PUT /v1/objects/b/o?" + query + percent_encode(handle) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n");
    probe.send_raw(std::string(3'000'000, 'x'));
    probe.shutdown_sending();
    EXPECT_NE(probe.read_answer().status, 200);
  };
  break_off("");
  EXPECT_TRUE(target_->files_on_disk().empty());
  const std::string first = append("o", "one ", "").header("ais-append-handle");
  break_off(first);
  const Answer second = append("o", "two", first);
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(flush("o", second.header("ais-append-handle")).status, 200);
  EXPECT_EQ(call("GET", "o").body, "one two");
}

TEST_F(AppendTest, AnUnknownHandleIsForgotten) {
  const std::string handle = append("o", "x", "").header("ais-append-handle");
  ASSERT_EQ(flush("o", handle).status, 200);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(append("o", "y", handle).status, 404);
    EXPECT_EQ(flush("o", handle).status, 404);
  }
}

TEST_F(AppendTest, AnAppendWhoseFileIsGoneIsForgotten) {
  for (const char* kind : {"append", "flush"}) {
    const std::string handle = append("o", "x", "").header("ais-append-handle");
    const auto files = target_->files_on_disk();
    ASSERT_EQ(files.size(), 1u);
    std::filesystem::remove(files[0]);
    const std::string query = std::string("append_type=") + kind + "&append_handle=" + percent_encode(handle);
    EXPECT_EQ(call("PUT", "o", "more", query).status, 404) << kind;
    const Result<bool> is_known = target_->context().appends.begin(*AppendHandle::parse(handle));
    EXPECT_TRUE(is_known.ok() && !*is_known) << kind;
  }
}

TEST_F(AppendTest, AFlushMayHaveContent) {
  const std::string handle = append("o", "one ", "").header("ais-append-handle");
  const std::string query = "append_type=flush&append_handle=" + percent_encode(handle);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(call("PUT", "o", "two", query, "If-Match: *\r\n").status, 412) << "takes back what it added";
  EXPECT_EQ(call("PUT", "o", "two", query).status, 200);
  EXPECT_EQ(call("GET", "o").body, "one two");
}

TEST_F(AppendTest, APartIsVerifiedAndTakenBack) {
  const auto checksum = [](std::string_view bytes) {
    return "Ais-Checksum-Type: md5\r\nAis-Checksum-Value: " + codec::checksum_of(codec::ChecksumType::kMd5, bytes).value + "\r\n";
  };
  const auto add = [&](const std::string& bytes, const std::string& handle, const std::string& headers) {
    return call("PUT", "o", bytes, "append_type=append&append_handle=" + percent_encode(handle), headers);
  };
  EXPECT_EQ(add("one", "", checksum("another")).status, 500);
  EXPECT_TRUE(target_->files_on_disk().empty());
  const Answer first = add("one", "", checksum("one"));
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string handle = first.header("ais-append-handle");
  const Answer bad = add(std::string(3'000'000, 'x'), handle, checksum("another"));
  EXPECT_EQ(bad.status, 500);
  EXPECT_TRUE(error_of(bad).starts_with("ErrBadCksum|BAD DATA CHECKSUM:")) << bad.body;
  for (const char* unused : {"Ais-Custom-Md: k=v\r\n", "Ais-Version: 7\r\n", "Ais-Checksum-Type: md5\r\n"})
    EXPECT_EQ(add("x", handle, unused).status, 400) << unused;
  EXPECT_EQ(call("PUT", "o", "x", "append_type=append&append_handle=&object_to=ais%2F%40%23%2Fb%2Fother").status, 400);
  const Answer second = add("two", handle, checksum("two"));
  EXPECT_EQ(flush("o", second.header("ais-append-handle")).status, 200);
  EXPECT_EQ(call("GET", "o").body, "onetwo");
}

TEST_F(AppendTest, CustomPropertiesStay) {
  ASSERT_EQ(put("o", "begin ", "Ais-Custom-Md: k=v\r\nAis-Custom-Md: ETag=of the old content\r\n").status, 200);
  EXPECT_EQ(flush("o", append("o", "more", "").header("ais-append-handle")).status, 200);
  EXPECT_EQ(call("HEAD", "o").all("ais-custom-md"), std::vector<std::string>{"k=v"});
  EXPECT_EQ(flush("o", append("o", "", "").header("ais-append-handle"), "Ais-Custom-Md: n=w\r\n").status, 200);
  EXPECT_EQ(call("HEAD", "o").all("ais-custom-md"), std::vector<std::string>{"n=w"});
}

TEST_F(AppendTest, AReplayIsDetectedWithoutMemory) {
  ASSERT_EQ(put("o", "begin ").status, 200);
  const std::string first = append("o", "one", "").header("ais-append-handle");
  const std::string second = append("o", "two", first).header("ais-append-handle");
  for (size_t i = 0; i < AppendTable::kAppendsMax + 1; ++i) {
    const AppendHandle other{.target_id = "t1test00", .work = std::to_string(i), .checksum = codec::ChecksumType::kNone, .appended = 0};
    target_->context().appends.finish(other.work, 0);
  }
  const Answer replay = append("o", "two", first);
  EXPECT_EQ(replay.status, 400);
  EXPECT_NE(error_of(replay).find("stale APPEND handle: 6 bytes were appended, the handle says 3"), std::string::npos) << replay.body;
  EXPECT_EQ(flush("o", first).status, 400);
  EXPECT_EQ(flush("o", second).status, 200);
  EXPECT_EQ(call("GET", "o").body, "begin onetwo");
}

TEST_F(AppendTest, DamagedContentIsNotAppendedTo) {
  ASSERT_EQ(put("o", "0123456789").status, 200);
  ASSERT_EQ(target_->files_on_disk().size(), 1u);
  {
    std::fstream bytes(target_->files_on_disk()[0], std::ios::in | std::ios::out | std::ios::binary);
    bytes << "rot";
  }
  for (int i = 0; i < 2; ++i) {
    const Answer refused = append("o", "more", "");
    EXPECT_EQ(refused.status, 500);
    EXPECT_NE(error_of(refused).find("BAD DATA CHECKSUM"), std::string::npos) << refused.body;
  }
  EXPECT_EQ(target_->files_on_disk().size(), 1u) << "nothing was begun";
  EXPECT_EQ(target_->daemon().metrics().tracker()["damaged.n"], 1);
  EXPECT_EQ(put("o", "whole").status, 200);
  const std::string handle = append("o", " again", "").header("ais-append-handle");
  EXPECT_EQ(flush("o", handle).status, 200);
  EXPECT_EQ(call("GET", "o").body, "whole again");
}

TEST(AppendTableTest, ClaimsAndBounds) {
  AppendTable table;
  AppendHandle handle{.target_id = "t", .work = "w", .checksum = codec::ChecksumType::kNone, .appended = 0};
  EXPECT_TRUE(table.begin(handle).ok());
  EXPECT_EQ(table.begin(handle).code(), Code::kBusy);
  table.finish("w", 10);
  EXPECT_EQ(table.begin(handle).code(), Code::kInvalid);
  handle.appended = 10;
  EXPECT_TRUE(table.begin(handle).ok());
  table.fail("w");
  EXPECT_EQ(table.begin(handle).code(), Code::kInvalid);
  AppendHandle in_use = handle;
  in_use.work = "in use";
  ASSERT_TRUE(table.begin(in_use).ok());
  for (size_t i = 0; i < AppendTable::kAppendsMax + 10; ++i) {
    AppendHandle other = handle;
    other.work = "w" + std::to_string(i);
    EXPECT_FALSE(table.begin(other).value());
    table.finish(other.work, 1);
  }
  EXPECT_FALSE(table.begin(handle).value()) << "forgotten";
  EXPECT_EQ(table.begin(in_use).code(), Code::kBusy) << "not forgotten, or two requests would write to one file";
}

}  // namespace
}  // namespace ais::target
