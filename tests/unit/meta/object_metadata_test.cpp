#include "meta/object_metadata.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/strings.h"

namespace ais::meta {
namespace {

ObjectMetadata typical() {
  ObjectMetadata m;
  m.size = 1'234'567;
  m.checksum = {codec::ChecksumType::kXxhash2, "0123456789abcdef"};
  m.version = "7";
  m.generation = {0x0123456789abcdefull, 0xfedcba9876543210ull};
  m.atime_ns = 1'700'000'000'123'456'789;
  return m;
}

ObjectMetadata full() {
  ObjectMetadata m = typical();
  m.custom = {{"ETag", "\"abc\""}, {"user", ""}};
  m.true_name = "a//b";
  return m;
}

void expect_equal(const ObjectMetadata& a, const ObjectMetadata& b) {
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.checksum, b.checksum);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.generation, b.generation);
  EXPECT_EQ(a.atime_ns, b.atime_ns);
  EXPECT_EQ(a.custom, b.custom);
  EXPECT_EQ(a.true_name, b.true_name);
}

/// "name hex" lines of tests/golden/object_metadata.txt.
std::string golden(const std::string& name) {
  std::string path = std::string(__FILE__);
  path = path.substr(0, path.rfind("tests/unit/")) + "tests/golden/object_metadata.txt";
  std::ifstream in(path);
  std::string key, hex;
  while (in >> key >> hex) {
    if (key == name) return hex;
  }
  return "missing in " + path;
}

TEST(ObjectMetadataTest, EncodingMatchesGoldenBytes) {
  EXPECT_EQ(to_hex(*typical().encode()), golden("typical"));
  EXPECT_EQ(to_hex(*full().encode()), golden("full"));
  EXPECT_EQ(to_hex(*ObjectMetadata().encode()), golden("empty"));
}

TEST(ObjectMetadataTest, GoldenBytesDecode) {
  auto typical_bytes = from_hex(golden("typical"));
  auto full_bytes = from_hex(golden("full"));
  ASSERT_TRUE(typical_bytes && full_bytes);
  auto a = ObjectMetadata::decode(*typical_bytes);
  auto b = ObjectMetadata::decode(*full_bytes);
  ASSERT_TRUE(a.ok() && b.ok());
  expect_equal(*a, typical());
  expect_equal(*b, full());
}

TEST(ObjectMetadataTest, TypicalFitsIntoTheInode) { EXPECT_LE(typical().encode()->size(), 68u); }

TEST(ObjectMetadataTest, EveryTruncationAndEveryBitFlipIsRefused) {
  std::string bytes = *full().encode();
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(ObjectMetadata::decode(bytes.substr(0, size)).ok()) << size;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(ObjectMetadata::decode(damaged).ok()) << bit;
  }
  EXPECT_FALSE(ObjectMetadata::decode(bytes + "x").ok());
}

TEST(ObjectMetadataTest, NewerFormatIsUnsupportedNotCorrupt) {
  std::string bytes = *typical().encode();
  bytes[1] = 2;
  EXPECT_EQ(ObjectMetadata::decode(bytes).code(), Code::kUnsupported);
  bytes[0] = 'x';
  EXPECT_EQ(ObjectMetadata::decode(bytes).code(), Code::kCorrupt);
}

TEST(ObjectMetadataTest, TooLargeOrMalformedIsNotEncoded) {
  ObjectMetadata m = typical();
  m.true_name.assign(4096, 'x');
  EXPECT_EQ(m.encode().code(), Code::kInvalid);
  m = typical();
  m.checksum.value = "0123";
  EXPECT_EQ(m.encode().code(), Code::kInvalid);
}

}  // namespace
}  // namespace ais::meta
