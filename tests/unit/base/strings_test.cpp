#include "base/strings.h"

#include <gtest/gtest.h>

namespace ais {
namespace {

TEST(StringsTest, CaseAndBlanks) {
  EXPECT_TRUE(equals_ignore_case("DaemonID", "daemonid"));
  EXPECT_FALSE(equals_ignore_case("ab", "abc"));
  EXPECT_FALSE(equals_ignore_case("[", "{"));  // differ by the case bit, but are no letters
  EXPECT_EQ(to_lower("AbC\xc3\x84"), "abc\xc3\x84");
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(StringsTest, SplitKeepsEmptyItems) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  EXPECT_EQ(split("a,", ','), (std::vector<std::string_view>{"a", ""}));
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ","), "");
}

TEST(StringsTest, IntegersAreWholeAndInRange) {
  EXPECT_EQ(parse_uint("18446744073709551615"), 18446744073709551615ull);
  EXPECT_EQ(parse_int("-9223372036854775808"), std::numeric_limits<int64_t>::min());
  for (const char* text : {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "0x10", "1.0"}) EXPECT_FALSE(parse_uint(text)) << text;
  for (const char* text : {"", "9223372036854775808", "--1", "1e3"}) EXPECT_FALSE(parse_int(text)) << text;
}

TEST(StringsTest, DoublesAreFiniteDecimals) {
  EXPECT_EQ(parse_double("1.5"), 1.5);
  EXPECT_EQ(parse_double("-2e3"), -2000.0);
  for (const char* text : {"", "inf", "nan", "-inf", "1.5x", "1e999"}) EXPECT_FALSE(parse_double(text)) << text;
}

TEST(StringsTest, LenientBooleans) {
  for (const char* text : {"1", "t", "T", "TRUE", "y", "Yes", "on"}) EXPECT_TRUE(parse_bool_lenient(text)) << text;
  for (const char* text : {"", "0", "false", "tr", "2", "off"}) EXPECT_FALSE(parse_bool_lenient(text)) << text;
}

TEST(StringsTest, HexBothWays) {
  std::string bytes("\x00\xff\x1a", 3);
  EXPECT_EQ(to_hex(bytes), "00ff1a");
  EXPECT_EQ(from_hex("00FF1a"), bytes);
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(StringsTest, PercentCoding) {
  EXPECT_EQ(percent_decode("a%2Fb+c%00"), std::string("a/b+c\0", 6));
  for (const char* text : {"%", "%2", "%zz", "a%2"}) EXPECT_FALSE(percent_decode(text)) << text;
  EXPECT_EQ(percent_encode("a/b c~\xff"), "a%2Fb%20c~%FF");
  EXPECT_EQ(percent_encode("a/b c", "/"), "a/b%20c");
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(StringsTest, DecimalAndFormat) {
  std::string out = "n=";
  append_decimal(out, 18446744073709551615ull);
  EXPECT_EQ(out, "n=18446744073709551615");
  EXPECT_EQ(format("%s-%03d", "a", 7), "a-007");
  EXPECT_EQ(format("%s", ""), "");
}

}  // namespace
}  // namespace ais
