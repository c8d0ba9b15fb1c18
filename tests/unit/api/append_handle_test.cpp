#include "api/append_handle.h"

#include <gtest/gtest.h>

namespace ais::api {
namespace {

TEST(AppendHandle, RoundTrip) {
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

TEST(AppendHandle, Golden) {
  const AppendHandle handle{.target_id = "t1", .work = "append.0f.1", .checksum = codec::ChecksumType::kXxhash2, .appended = 258};
  EXPECT_EQ(handle.to_text(), "t1|append.0f.1|xxhash2|AAAAAAAAAQI=");
}

TEST(AppendHandle, RefusesWhatIsNone) {
  for (const char* bad : {"", "x", "a|b|c", "|||", "t|../x|xxhash2|AAAAAAAAAAA=", "t|w|xxhash2|",
                          "t|w|nosum|AAAAAAAAAAA=", "t|w|xxhash2|AAAAAAAAAAA=|x", "t|w|xxhash2|AAAAAAAAAAB=", "|w|xxhash2|AAAAAAAAAAA="})
    EXPECT_EQ(AppendHandle::parse(bad).code(), Code::kInvalid) << bad;
}

}  // namespace
}  // namespace ais::api
