// Entity tags and preconditions: the rules.
#include "meta/precondition.h"

#include <gtest/gtest.h>

namespace ais::meta {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

ObjectMetadata metadata_of(std::string_view bytes, codec::ChecksumType type) {
  ObjectMetadata metadata;
  metadata.size = bytes.size();
  metadata.checksum = codec::checksum_of(type, bytes);
  metadata.generation = {36 * 36, 35};
  return metadata;
}

TEST(EntityTagTest, TheFirstOfItsSources) {
  ObjectMetadata metadata = metadata_of("hello", codec::ChecksumType::kXxhash2);
  EXPECT_EQ(entity_tag(metadata, 36 * 36 + 35).text(), "\"v1-26c7827d889f6da3-10z\"");
  EXPECT_EQ(entity_tag(metadata, -1).text(), "\"v1-26c7827d889f6da3-0\"");
  EXPECT_EQ(entity_tag(metadata_of("hello", codec::ChecksumType::kMd5), 1).text(), "\"5d41402abc4b2a76b9719d911017c592\"");
  EXPECT_EQ(entity_tag(metadata_of("hello", codec::ChecksumType::kNone), 1).text(), "\"g1-100-z\"");
  const std::pair<const char*, const char*> customs[] = {{"abc-2", "\"abc-2\""},
                                                         {"\"abc\"", "\"abc\""},
                                                         {"W/\"abc\"", "W/\"abc\""},
                                                         {"a b", "\"v1-26c7827d889f6da3-1\""},
                                                         {"a\"b", "\"v1-26c7827d889f6da3-1\""},
                                                         {"", "\"v1-26c7827d889f6da3-1\""}};
  for (const auto& [value, want] : customs) {
    metadata.custom = {{"x", "y"}, {"ETag", value}};
    EXPECT_EQ(entity_tag(metadata, 1).text(), want) << value;
  }
}

TEST(PreconditionTest, OfChangesAndReads) {
  using Verdict = Precondition::Verdict;
  const ObjectMetadata present = metadata_of("hello", codec::ChecksumType::kMd5);
  const EntityTag strong = entity_tag(present, 0), weak{strong.value, true}, other{"other"};
  const auto any = TagCondition{.any = true, .tags = {}};
  const auto tags = [](std::vector<EntityTag> list) { return TagCondition{.any = false, .tags = std::move(list)}; };
  constexpr int64_t kModified = 1000;
  struct Row {
    const char* name;
    Precondition condition;
    bool changes_present, changes_absent;
    Verdict read;
  };
  const Row rows[] = {
      {"nothing", {}, true, true, Verdict::kHolds},
      {"match *", {.if_match = any}, true, false, Verdict::kHolds},
      {"match the tag", {.if_match = tags({other, strong})}, true, false, Verdict::kHolds},
      {"match another", {.if_match = tags({other})}, false, false, Verdict::kFailed},
      {"match weakly is no match", {.if_match = tags({weak})}, false, false, Verdict::kFailed},
      {"none-match *", {.if_none_match = any}, false, true, Verdict::kNotModified},
      {"none-match the tag", {.if_none_match = tags({other, strong})}, false, true, Verdict::kNotModified},
      {"none-match weakly is a match", {.if_none_match = tags({weak})}, false, true, Verdict::kNotModified},
      {"none-match another", {.if_none_match = tags({other})}, true, true, Verdict::kHolds},
      {"unmodified since then", {.if_unmodified_since = kModified}, true, true, Verdict::kHolds},
      {"unmodified since before", {.if_unmodified_since = kModified - 1}, false, true, Verdict::kFailed},
      {"modified since then", {.if_modified_since = kModified}, true, true, Verdict::kNotModified},
      {"modified since before", {.if_modified_since = kModified - 1}, true, true, Verdict::kHolds},
      {"tag before time, match", {.if_match = tags({strong}), .if_unmodified_since = kModified - 1}, true, false, Verdict::kHolds},
      {"tag before time, none-match", {.if_none_match = tags({other}), .if_modified_since = kModified}, true, true, Verdict::kHolds},
      {"both, the first fails", {.if_match = tags({other}), .if_none_match = tags({strong})}, false, false, Verdict::kFailed},
      {"both, the second fails", {.if_match = tags({strong}), .if_none_match = tags({strong})}, false, false, Verdict::kNotModified},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const int64_t mtime_ns = kModified * kSecond + 999'999'999;
    EXPECT_EQ(row.condition.allows_change(&present, mtime_ns), row.changes_present);
    EXPECT_EQ(row.condition.allows_change(nullptr, 0), row.changes_absent);
    EXPECT_TRUE(row.condition.of_read(present, mtime_ns) == row.read);
  }
}

TEST(PreconditionTest, DatesAreOfTheLastChangeOfTheName) {
  using Verdict = Precondition::Verdict;
  ObjectMetadata moved = metadata_of("hello", codec::ChecksumType::kMd5);
  moved.generation.clock = (2'000'500ull << 16) + 7;  // milliseconds and a counter
  EXPECT_EQ(changed_second(moved, 1000 * kSecond), 2000);
  EXPECT_EQ(changed_second(moved, 3000 * kSecond + 1), 3000);
  EXPECT_EQ(changed_second(metadata_of("", codec::ChecksumType::kMd5), -1), 0);
  moved.generation.clock = UINT64_MAX;
  EXPECT_EQ(changed_second(moved, 0), 281'474'976'710);
  moved.generation.clock = 2'000'500ull << 16;
  for (int64_t since : {1000, 1999, 2000}) {
    EXPECT_EQ((Precondition{.if_unmodified_since = since}.allows_change(&moved, 1000 * kSecond)), since == 2000);
    EXPECT_TRUE((Precondition{.if_modified_since = since}.of_read(moved, 1000 * kSecond)) ==
                (since == 2000 ? Verdict::kNotModified : Verdict::kHolds));
  }
}

}  // namespace
}  // namespace ais::meta
