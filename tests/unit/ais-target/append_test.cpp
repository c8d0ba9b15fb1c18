// Append and flush.
#include "ais-target/node/append_table.h"
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

TEST(AppendHandleTest, RoundTrip) {
  for (const uint64_t count : {0ull, 1ull, 255ull, 123456789012ull, ~0ull}) {
    AppendHandle handle{.target_id = "t1", .work = "append.1-x_Y", .checksum = codec::ChecksumType::kMd5, .appended = count};
    const auto parsed = AppendHandle::parse(handle.to_text());
    ASSERT_TRUE(parsed.ok()) << handle.to_text();
    EXPECT_EQ(parsed->appended, count);
    EXPECT_EQ(parsed->work, handle.work);
    EXPECT_EQ(parsed->checksum, handle.checksum);
    EXPECT_EQ(parsed->target_id, "t1");
  }
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
  for (size_t i = 0; i < AppendTable::kAppendsMax + 10; ++i) {
    AppendHandle other = handle;
    other.work = "w" + std::to_string(i);
    EXPECT_TRUE(table.begin(other).ok());
    table.finish(other.work, 1);
  }
  EXPECT_TRUE(table.begin(handle).ok());  // forgotten: believed
}

}  // namespace
}  // namespace ais::target
