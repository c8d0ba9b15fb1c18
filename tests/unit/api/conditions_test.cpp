// Conditional headers and HTTP dates.
#include "api/conditions.h"

#include <gtest/gtest.h>

#include "api/http_date.h"

namespace ais::api {
namespace {

using Lines = std::vector<std::pair<std::string_view, std::string_view>>;

Result<meta::PreconditionPtr> read(const Lines& lines) {
  net::HeaderList headers;
  for (const auto& [name, value] : lines) headers.add(name, value);
  return read_precondition(headers);
}

TEST(HttpDate, InAllItsForms) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  for (const char* same :
       {"Sun, 06 Nov 1994 08:49:37 GMT", " Sun, 06 Nov 1994 08:49:37 GMT ", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(same), 784111777) << same;
  EXPECT_EQ(parse_http_date("Sat, 29 Feb 2020 00:00:00 GMT"), 1582934400);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-69 08:49:37 GMT"), parse_http_date("Wed, 06 Nov 2069 08:49:37 GMT"));
  for (const char* bad :
       {"", "yesterday", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT+1", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 -8:49:37 GMT", "1994-11-06"})
    EXPECT_EQ(parse_http_date(bad), std::nullopt) << bad;
}

TEST(ReadPrecondition, NoneIsNone) {
  for (const Lines& lines : {Lines{}, Lines{{"Host", "h"}, {"If-Range", "\"x\""}, {"If-Nothing", "1"}, {"IF", ""}}}) {
    const auto condition = read(lines);
    ASSERT_TRUE(condition.ok());
    EXPECT_EQ(*condition, nullptr);
  }
}

TEST(ReadPrecondition, TagsInEveryForm) {
  struct Row {
    const char* text;
    std::vector<std::pair<std::string, bool>> tags;
  };
  const Row rows[] = {{"\"a\"", {{"a", false}}},
                      {" W/\"a\" ", {{"a", true}}},
                      {"\"a\", \"b,c\" ,W/\"d\"", {{"a", false}, {"b,c", false}, {"d", true}}},
                      {",, \"a\",,\"b\",", {{"a", false}, {"b", false}}},
                      {"\"\"", {{"", false}}},
                      {"abc-2", {{"abc-2", false}}},
                      {"abc, \"d\"", {{"abc", false}, {"d", false}}}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto condition = read({{"if-none-MATCH", row.text}});
    ASSERT_TRUE(condition.ok()) << condition.status().to_string();
    const meta::TagCondition& tags = *(*condition)->if_none_match;
    EXPECT_FALSE(tags.any);
    ASSERT_EQ(tags.tags.size(), row.tags.size());
    for (size_t i = 0; i < row.tags.size(); ++i) {
      EXPECT_EQ(tags.tags[i].value, row.tags[i].first);
      EXPECT_EQ(tags.tags[i].weak, row.tags[i].second);
    }
  }
  const auto any = read({{"If-Match", " * "}});
  ASSERT_TRUE(any.ok());
  EXPECT_TRUE((*any)->if_match->any);
  const auto two_lines = read({{"If-Match", "\"a\""}, {"If-Match", "\"b\""}});
  ASSERT_TRUE(two_lines.ok());
  EXPECT_EQ((*two_lines)->if_match->tags.size(), 2u);
  for (const char* bad : {"", ",", "\"a", "\"a\" \"b\"", "*, \"a\"", "a b", "W/\"a", "a\"b"})
    EXPECT_EQ(read({{"If-Match", bad}}).code(), Code::kInvalid) << bad;
  EXPECT_EQ(read({{"If-Match", "*"}, {"If-Match", "\"a\""}}).code(), Code::kInvalid);
}

TEST(ReadPrecondition, ComesBackFromItsHeaders) {
  const auto condition = read({{"If-Match", "\"a\", W/\"b\""},
                               {"If-None-Match", "*"},
                               {"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"},
                               {"If-Modified-Since", "never"}});
  ASSERT_TRUE(condition.ok());
  EXPECT_EQ((*condition)->if_unmodified_since, 784111777);
  EXPECT_EQ((*condition)->if_modified_since, std::nullopt);
  EXPECT_EQ(precondition_headers(**condition),
            "If-Match: \"a\", W/\"b\"\r\nIf-None-Match: *\r\nIf-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
}

TEST(ReadPrecondition, DatesOfAllYearsReachTheOtherNode) {
  for (const char* date : {"Mon, 01 Jan 0001 00:00:00 GMT", "Sat, 01 Jan 1600 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
                           "Mon, 01 Jan 2300 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:60 GMT"}) {
    const auto condition = read({{"If-Unmodified-Since", date}, {"If-Modified-Since", date}});
    ASSERT_TRUE(condition.ok());
    ASSERT_TRUE((*condition)->if_unmodified_since) << date;
    const std::string lines = precondition_headers(**condition);
    const std::string sent = lines.substr(lines.find(": ") + 2, 29);
    const auto again = read({{"If-Unmodified-Since", sent}, {"If-Modified-Since", sent}});
    EXPECT_EQ((*again)->if_unmodified_since, (*condition)->if_unmodified_since) << lines;
    EXPECT_EQ((*again)->if_modified_since, (*condition)->if_modified_since) << lines;
  }
  EXPECT_EQ(http_date(INT64_MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
  EXPECT_EQ(http_date(INT64_MIN), "Mon, 01 Jan 0001 00:00:00 GMT");
}

TEST(IfRange, OnlyForTheSameObject) {
  meta::ObjectMetadata metadata;
  metadata.checksum = codec::checksum_of(codec::ChecksumType::kMd5, "hello");
  constexpr int64_t kModifiedNs = 784111777'123456789;
  const auto holds = [&](std::string_view text) { return if_range_holds(text, metadata, kModifiedNs); };
  EXPECT_TRUE(holds("\"5d41402abc4b2a76b9719d911017c592\""));
  EXPECT_TRUE(holds("5d41402abc4b2a76b9719d911017c592"));
  for (const char* other : {"W/\"5d41402abc4b2a76b9719d911017c592\"", "\"x\"", "", "*", "\"x\", \"5d41402abc4b2a76b9719d911017c592\"",
                            "Sun, 06 Nov 1994 08:49:37 GMT"})
    EXPECT_FALSE(holds(other)) << other;
  EXPECT_EQ(validator_headers(metadata, kModifiedNs),
            "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
}

}  // namespace
}  // namespace ais::api
