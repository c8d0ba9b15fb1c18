#include "api/object_attributes.h"

#include "api/conditions.h"

#include <gtest/gtest.h>

#include "api/cluster_client.h"
#include "base/strings.h"

namespace ais::api {
namespace {

net::HeaderList headers_of(std::string_view lines) {
  net::HeaderList headers;
  while (!lines.empty()) {
    const size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    headers.add(line.substr(0, line.find(':')), trim(line.substr(line.find(':') + 1)));
    lines.remove_prefix(end + 2);
  }
  return headers;
}

TEST(ObjectAttributes, ComeBackFromTheirHeaders) {
  meta::ObjectMetadata metadata;
  metadata.checksum = codec::checksum_of(codec::ChecksumType::kXxhash2, "hello");
  metadata.version = "7";
  metadata.atime_ns = 1'700'000'000'123'456'789;
  metadata.custom = {{"k", "v=w"}, {"ETag", "abc"}};
  const std::string lines = attribute_headers(metadata, true);
  EXPECT_EQ(lines,
            "Ais-Checksum-Type: xxhash2\r\nAis-Checksum-Value: 26c7827d889f6da3\r\nAis-Atime: 1700000000123456789\r\nAis-Version: 7\r\n"
            "Ais-Custom-Md: k=v=w\r\nAis-Custom-Md: ETag=abc\r\n");
  const auto headers = headers_of(lines);
  const auto put = read_put_attributes(headers);
  ASSERT_TRUE(put.ok());
  EXPECT_EQ(put->checksum, metadata.checksum);
  EXPECT_EQ(put->version, metadata.version);
  EXPECT_EQ(put->atime_ns, metadata.atime_ns);
  EXPECT_EQ(put->custom, metadata.custom);
  const ObjectInfo info = ObjectInfo::from_headers(headers, 5);
  EXPECT_EQ(info.size, 5u);
  EXPECT_EQ(info.checksum, metadata.checksum);
  EXPECT_EQ(info.custom, metadata.custom);
  const std::string validators = validator_headers(metadata, 1);
  EXPECT_EQ(ObjectInfo::from_headers(headers_of(validators), 5).etag, "abc");
  EXPECT_EQ(attribute_headers(metadata, false).find("Atime"), std::string::npos);
  EXPECT_EQ(attribute_headers(meta::ObjectMetadata(), true), "");
}

TEST(ObjectAttributes, BetweenTargetsNothingIsLost) {
  meta::ObjectMetadata metadata;
  metadata.checksum = codec::checksum_of(codec::ChecksumType::kXxhash2, "hello");
  metadata.version = "7";
  metadata.atime_ns = 1'700'000'000'123'456'789;
  metadata.custom = {{" k ", " v "}, {"a&b", "=c=%"}, {"tab\t", "\xff"}, {"empty", ""}};
  for (int i = 0; i < 300; ++i) metadata.custom.emplace_back("n" + std::to_string(i), "");
  const std::string moved_lines = move_headers(metadata, -5), copied_lines = copy_headers(metadata);
  const auto moved = read_peer_attributes(headers_of(moved_lines)), copied = read_peer_attributes(headers_of(copied_lines));
  ASSERT_TRUE(moved.ok() && copied.ok());
  for (const auto& attributes : {*moved, *copied}) {
    EXPECT_EQ(attributes.checksum, metadata.checksum);
    EXPECT_EQ(attributes.custom, metadata.custom);
  }
  EXPECT_EQ(moved->version, metadata.version);
  EXPECT_EQ(moved->atime_ns, metadata.atime_ns);
  EXPECT_EQ(moved->moved_mtime_ns, -5);
  EXPECT_FALSE(copied->version || copied->atime_ns || copied->moved_mtime_ns);
  const auto from_client = read_put_attributes(headers_of(moved_lines));
  ASSERT_TRUE(from_client.ok());
  EXPECT_TRUE(from_client->custom.empty());
  EXPECT_FALSE(from_client->moved_mtime_ns);
  for (const char* bad : {"Ais-Moved: soon\r\n", "Ais-Custom-Pairs: k\r\n", "Ais-Custom-Pairs: k=%4\r\n"})
    EXPECT_EQ(read_peer_attributes(headers_of(bad)).code(), Code::kInvalid) << bad;
}

TEST(ObjectAttributes, NothingSplitsTheHead) {
  meta::ObjectMetadata metadata;
  metadata.custom = {{"k", "v\r\nX-Evil: 1"}};
  EXPECT_EQ(attribute_headers(metadata, true), "Ais-Custom-Md: k=v  X-Evil: 1\r\n");
}

TEST(CustomPair, IsWhatAHeaderLineCarries) {
  for (const auto& [key, value] :
       {std::pair<std::string, std::string>("k", ""), {"k", "a=b"}, {"k", " v"}, {"caf\xe9", "\xff\x80"}, {"k", "\xc2\xa0"}}) {
    EXPECT_TRUE(check_custom_pair(key, value).ok()) << key;
    meta::ObjectMetadata metadata;
    metadata.custom = {{key, value}};
    EXPECT_EQ(read_put_attributes(headers_of(attribute_headers(metadata, false)))->custom, metadata.custom) << key;
  }
  for (const auto& [key, value] : {std::pair<std::string, std::string>("", "v"),
                                   {"k=", "v"},
                                   {" k", "v"},
                                   {"k ", "v"},
                                   {"k", "v "},
                                   {"k", "a\tb"},
                                   {"k", "a\nb"},
                                   {"k\x7f", "v"}})
    EXPECT_EQ(check_custom_pair(key, value).code(), Code::kInvalid) << key << "=" << value;
  EXPECT_FALSE(check_custom_pair("k", std::string("a\0b", 3)).ok());
}

TEST(PutAttributes, RefusesBadHeaders) {
  struct Case {
    std::string lines;
    Code code;
  };
  const Case cases[] = {
      {"Ais-Checksum-Type: nope\r\nAis-Checksum-Value: 00\r\n", Code::kInvalidChecksum},
      {"Ais-Checksum-Type: md5\r\nAis-Checksum-Value: 00\r\n", Code::kBadChecksum},
      {"Ais-Checksum-Value: 00\r\n", Code::kInvalidChecksum},
      {"Ais-Custom-Md: novalue\r\n", Code::kInvalid},
      {"Ais-Custom-Md: =v\r\n", Code::kInvalid},
      {"Ais-Custom-Md: k=a\x01"
       "b\r\n",
       Code::kInvalid},
      {"Ais-Custom-Md: k=" + std::string(2048, 'x') + "\r\n", Code::kInvalid},
      {"Ais-Atime: soon\r\n", Code::kInvalid},
      {"Ais-Atime: -1\r\n", Code::kInvalid},
      {"Ais-Generation: 12\r\n", Code::kInvalid},
      {"Ais-Generation: 1.x\r\n", Code::kInvalid},
      {"Ais-Version: " + std::string(300, '1') + "\r\n", Code::kInvalid},
  };
  for (const Case& test : cases) EXPECT_EQ(read_put_attributes(headers_of(test.lines)).code(), test.code) << test.lines;
  EXPECT_TRUE(read_put_attributes(headers_of("Ais-Custom-Md: k=" + std::string(2047, 'x') + "\r\n")).ok());
  EXPECT_EQ(read_put_attributes(headers_of("Ais-Generation: 12.34\r\n"))->generation, (meta::Generation{12, 34}));
  EXPECT_FALSE(read_put_attributes(headers_of("Ais-Checksum-Type: none\r\n"))->checksum.has_value());
}

TEST(CustomText, KnownKeysFirst) {
  EXPECT_EQ(custom_text({}), "");
  EXPECT_EQ(custom_text({{"z", "1"}, {"md5", "2"}, {"source", "3"}}), "[source:3 md5:2 z:1]");
}

TEST(ParseRange, Table) {
  struct Case {
    const char* header;
    uint64_t size;
    int64_t offset;  // -1: refused
    uint64_t length;
  };
  const Case cases[] = {
      {"bytes=0-9", 100, 0, 10},
      {"bytes=0-0", 1, 0, 1},
      {"bytes=90-", 100, 90, 10},
      {"bytes=-10", 100, 90, 10},
      {"bytes=-200", 100, 0, 100},
      {"bytes=50-500", 100, 50, 50},
      {"bytes=99-99", 100, 99, 1},
      {"bytes= 1 - 2 ", 100, 1, 2},
      {"bytes=100-", 100, -1, 0},
      {"bytes=0-", 0, -1, 0},
      {"bytes=-0", 100, -1, 0},
      {"bytes=-5", 0, -1, 0},
      {"bytes=5-4", 100, -1, 0},
      {"bytes=0-1,3-4", 100, -1, 0},
      {"bytes=", 100, -1, 0},
      {"bytes=-", 100, -1, 0},
      {"bytes=a-b", 100, -1, 0},
      {"bytes=1", 100, -1, 0},
      {"bytes", 100, -1, 0},
      {"chunks=0-1", 100, -1, 0},
      {"bytes=--1", 100, -1, 0},
      {"bytes=+1-2", 100, -1, 0},
      {"bytes=99999999999999999999-", 100, -1, 0},
      {"bytes=0-18446744073709551615", 100, 0, 100},
  };
  for (const Case& test : cases) {
    const auto range = parse_range(test.header, test.size);
    if (test.offset < 0) {
      EXPECT_EQ(range.code(), Code::kRangeNotSatisfiable) << test.header;
      continue;
    }
    ASSERT_TRUE(range.ok() && range->has_value()) << test.header;
    EXPECT_EQ((*range)->offset, static_cast<uint64_t>(test.offset)) << test.header;
    EXPECT_EQ((*range)->length, test.length) << test.header;
  }
  EXPECT_FALSE(parse_range("", 100)->has_value());
}

}  // namespace
}  // namespace ais::api
