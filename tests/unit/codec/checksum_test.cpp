#include "codec/checksum.h"

#include <gtest/gtest.h>

#include <tuple>

namespace ais::codec {
namespace {

constexpr ChecksumType kAllTypes[] = {ChecksumType::kNone,   ChecksumType::kXxhash, ChecksumType::kXxhash2, ChecksumType::kMd5,
                                      ChecksumType::kCrc32c, ChecksumType::kSha256, ChecksumType::kSha512};

TEST(ChecksumTest, KnownValues) {
  using Row = std::tuple<ChecksumType, const char*, const char*>;
  for (auto [type, text, value] : {
           Row{ChecksumType::kNone, "hello", ""},
           Row{ChecksumType::kXxhash, "hello", "26c7827d889f6da3"},
           Row{ChecksumType::kXxhash2, "hello", "26c7827d889f6da3"},
           Row{ChecksumType::kXxhash2, "", "ef46db3751d8e999"},
           Row{ChecksumType::kMd5, "hello", "5d41402abc4b2a76b9719d911017c592"},
           Row{ChecksumType::kMd5, "", "d41d8cd98f00b204e9800998ecf8427e"},
           Row{ChecksumType::kCrc32c, "123456789", "e3069283"},
           Row{ChecksumType::kCrc32c, "", "00000000"},
           Row{ChecksumType::kSha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
           Row{ChecksumType::kSha512, "abc",
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54"
               "c"
               "a49f"},
       }) {
    EXPECT_EQ(checksum_of(type, text).value, value) << text;
  }
}

TEST(ChecksumTest, PiecesGiveTheSameAsTheWhole) {
  std::string bytes;
  for (int i = 0; i < 100000; ++i) bytes.push_back(static_cast<char>(i * 31 >> 3));
  for (ChecksumType type : kAllTypes) {
    Checksum whole = checksum_of(type, bytes);
    Hasher hasher(type);
    hasher.update("left over");
    hasher.reset();
    for (size_t at = 0, step = 1; at < bytes.size(); at += step, step = step * 2 % 997 + 1)
      hasher.update(std::string_view(bytes).substr(at, std::min(step, bytes.size() - at)));
    EXPECT_EQ(hasher.finish(), whole);
    EXPECT_EQ(whole.value.size(), 2 * checksum_size(type));
    hasher.reset();
    EXPECT_EQ(hasher.finish(), checksum_of(type, ""));
  }
}

TEST(ChecksumTest, NamesBothWays) {
  for (ChecksumType type : kAllTypes) EXPECT_EQ(parse_checksum_type(checksum_type_name(type)), type);
  EXPECT_FALSE(parse_checksum_type("XXHASH"));
  EXPECT_FALSE(parse_checksum_type(""));
}

TEST(ChecksumTest, HeaderPairsAreChecked) {
  auto good = Checksum::parse("md5", "5D41402ABC4B2A76B9719D911017C592");
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, checksum_of(ChecksumType::kMd5, "hello"));
  EXPECT_TRUE(Checksum::parse("none", "").ok());
  using Row = std::pair<const char*, const char*>;
  EXPECT_EQ(Checksum::parse("md4", "00").code(), Code::kInvalidChecksum);
  for (auto [type, value] : {Row{"md5", "5d41"}, Row{"crc32c", "e306928g"}, Row{"none", "00"}, Row{"xxhash2", ""}}) {
    const Status bad = Checksum::parse(type, value).status();
    EXPECT_EQ(bad.code(), Code::kBadChecksum) << type;
    EXPECT_TRUE(bad.message().starts_with("BAD DATA CHECKSUM: " + std::string(type) + "(" + value + ")")) << bad.message();
  }
  EXPECT_EQ(bad_checksum({ChecksumType::kCrc32c, "00000000"}, checksum_of(ChecksumType::kCrc32c, "hello")).message(),
            "BAD DATA CHECKSUM: crc32c(00000000 != 9a71bb4c)");
}

TEST(ChecksumTest, Crc32cContinues) {
  std::string text = "123456789";
  for (size_t cut = 0; cut <= text.size(); ++cut) EXPECT_EQ(crc32c(text.substr(cut), crc32c(text.substr(0, cut))), 0xe3069283u);
}

TEST(ChecksumTest, SlowTypesAreTheCryptographicOnes) {
  EXPECT_TRUE(is_slow(ChecksumType::kMd5) && is_slow(ChecksumType::kSha256) && is_slow(ChecksumType::kSha512));
  EXPECT_FALSE(is_slow(ChecksumType::kXxhash2) || is_slow(ChecksumType::kCrc32c) || is_slow(ChecksumType::kNone));
}

}  // namespace
}  // namespace ais::codec
