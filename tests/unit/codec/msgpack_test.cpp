#include "codec/msgpack.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace ais::codec {
namespace {

std::string written(const std::function<void(MsgpackWriter&)>& write) {
  std::string out;
  MsgpackWriter writer(out);
  write(writer);
  return out;
}

TEST(MsgpackTest, ShortestEncodings) {
  EXPECT_EQ(written([](auto& w) { w.map(1); }), "\x81");
  EXPECT_EQ(written([](auto& w) { w.map(16); }), std::string("\xde\x00\x10", 3));
  EXPECT_EQ(written([](auto& w) { w.array(15); }), "\x9f");
  EXPECT_EQ(written([](auto& w) { w.string("abc"); }),
            "\xa3"
            "abc");
  EXPECT_EQ(written([](auto& w) { w.string(std::string(32, 'x')); }).substr(0, 2), "\xd9\x20");
  EXPECT_EQ(written([](auto& w) { w.integer(127); }), "\x7f");
  EXPECT_EQ(written([](auto& w) { w.integer(-32); }), "\xe0");
  EXPECT_EQ(written([](auto& w) { w.integer(-33); }), "\xd0\xdf");
  EXPECT_EQ(written([](auto& w) { w.integer(128); }), "\xcc\x80");
  EXPECT_EQ(written([](auto& w) { w.unsigned_integer(65536); }), std::string("\xce\x00\x01\x00\x00", 5));
  EXPECT_EQ(written([](auto& w) {
              w.boolean(true);
              w.boolean(false);
              w.nil();
            }),
            "\xc3\xc2\xc0");
  EXPECT_EQ(written([](auto& w) { w.float64(1.0); }), std::string("\xcb\x3f\xf0\0\0\0\0\0\0", 9));
}

TEST(MsgpackTest, IntegersRoundTripAtEveryEdge) {
  for (int shift = 0; shift < 64; ++shift) {
    for (uint64_t delta : {~0ull, 0ull, 1ull}) {
      uint64_t number = (1ull << shift) + delta;
      std::string bytes = written([&](auto& w) {
        w.unsigned_integer(number);
        w.integer(static_cast<int64_t>(number));
      });
      MsgpackReader reader(bytes);
      EXPECT_EQ(reader.unsigned_integer().value(), number);
      EXPECT_EQ(reader.integer().value(), static_cast<int64_t>(number));
      EXPECT_TRUE(reader.at_end());
    }
  }
}

TEST(MsgpackTest, RangesAreKept) {
  std::string big = written([](auto& w) { w.unsigned_integer(std::numeric_limits<uint64_t>::max()); });
  EXPECT_EQ(MsgpackReader(big).integer().code(), Code::kInvalid);
  std::string negative = written([](auto& w) { w.integer(-1); });
  EXPECT_EQ(MsgpackReader(negative).unsigned_integer().code(), Code::kInvalid);
  EXPECT_EQ(MsgpackReader("\xd0\x05").unsigned_integer().value(), 5u);  // a signed form may hold a positive number
}

std::string sample_page() {
  return written([](auto& w) {
    w.map(3);
    w.string("u");
    w.string("id");
    w.string("e");
    size_t at = w.array32_placeholder();
    for (int i = 0; i < 2; ++i) {
      w.map(2);
      w.string("n");
      w.string("obj-" + std::to_string(i));
      w.string("s");
      w.integer(1 << (8 * i));
    }
    w.patch_array32(at, 2);
    w.string("f");
    w.float64(0.5);
  });
}

TEST(MsgpackTest, ReadsInPlaceAndSkips) {
  std::string page = sample_page();
  MsgpackReader reader(page);
  EXPECT_EQ(reader.map().value(), 3u);
  EXPECT_EQ(reader.string().value(), "u");
  EXPECT_EQ(reader.string().value(), "id");
  EXPECT_EQ(reader.string().value(), "e");
  size_t before = reader.position();
  EXPECT_EQ(reader.array().value(), 2u);
  std::string_view first = reader.skip().value();
  MsgpackReader entry(first);
  EXPECT_EQ(entry.map().value(), 2u);
  EXPECT_EQ(entry.string().value(), "n");
  EXPECT_EQ(entry.string().value(), "obj-0");
  EXPECT_TRUE(reader.skip().ok());
  EXPECT_EQ(reader.string().value(), "f");
  EXPECT_TRUE(reader.skip().ok());
  EXPECT_TRUE(reader.at_end());
  MsgpackReader again(std::string_view(page).substr(before));
  EXPECT_EQ(again.skip().value().size(), page.size() - before - 2 - 9);
}

TEST(MsgpackTest, EveryTruncationIsRejected) {
  std::string page = sample_page();
  EXPECT_EQ(MsgpackReader(page).skip().value(), page);
  for (size_t length = 0; length < page.size(); ++length) {
    MsgpackReader reader(std::string_view(page).substr(0, length));
    EXPECT_FALSE(reader.skip().ok()) << length;
    EXPECT_EQ(reader.position(), 0u);
  }
}

TEST(MsgpackTest, FalseLengthsAndTypesAreRejected) {
  const std::string_view kBad[] = {"\xdd\xff\xff\xff\xff",
                                   "\xdf\x7f\xff\xff\xff\x01\x02",
                                   "\xdb\xff\xff\xff\xff"
                                   "abc",
                                   "\xc1",
                                   "\xd8\x01",
                                   "\xc9\xff\xff\xff\xff\x01",
                                   "\x92\x01",
                                   "\x81\x01"};
  for (std::string_view bytes : kBad) {
    EXPECT_FALSE(MsgpackReader(bytes).skip().ok());
    EXPECT_FALSE(MsgpackReader(bytes).string().ok());
    EXPECT_FALSE(MsgpackReader(bytes).boolean().ok());
  }
  EXPECT_FALSE(MsgpackReader("\xdd\xff\xff\xff\xff").array().ok());
  EXPECT_FALSE(MsgpackReader("\xa1x").array().ok());
  EXPECT_FALSE(MsgpackReader("\x90").map().ok());
  EXPECT_FALSE(MsgpackReader("\x01").string().ok());
}

TEST(MsgpackTest, NilIsEmpty) {
  EXPECT_EQ(MsgpackReader("\xc0").string().value(), "");
  EXPECT_EQ(MsgpackReader("\xc0").array().value(), 0u);
  EXPECT_EQ(MsgpackReader("\xc0").map().value(), 0u);
  EXPECT_EQ(MsgpackReader(std::string_view("\xc4\x02"
                                           "ab",
                                           4))
                .string()
                .value(),
            "ab");
}

TEST(MsgpackTest, SkipsExtensionsAndBoundsDepth) {
  std::string extensions(
      "\xd4\x01x"
      "\xd6\x01"
      "abcd"
      "\xc7\x02\x01"
      "ab",
      14);
  MsgpackReader reader(extensions);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(reader.skip().ok());
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(MsgpackReader(std::string(32, '\x91') + "\x01").skip().ok());
  std::string deep = std::string(33, '\x91') + "\x01";
  EXPECT_FALSE(MsgpackReader(deep).skip().ok());
  std::string wide = "\x93\x90\x80\x92\x90\x90";  // empty containers close at once
  EXPECT_EQ(MsgpackReader(wide).skip().value(), wide);
}

}  // namespace
}  // namespace ais::codec
