#include "base/units.h"

#include <gtest/gtest.h>

namespace ais {
namespace {

TEST(UnitsTest, ParsesDurations) {
  struct Row {
    const char* text;
    int64_t nanoseconds;
  };
  for (Row row : {Row{"10s", 10000000000}, Row{"1m30s", 90000000000}, Row{"2h0m0s", 7200000000000}, Row{"2h45m0.5s", 9900500000000},
                  Row{"100ms", 100000000}, Row{"1.5h", 5400000000000}, Row{"-3s", -3000000000}, Row{"5us", 5000}, Row{"7ns", 7},
                  Row{"5\xc2\xb5s", 5000}, Row{"0", 0}, Row{"0s", 0}, Row{"1500", 1500}, Row{" 1s ", 1000000000}}) {
    auto parsed = parse_duration(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(parsed->count(), row.nanoseconds) << row.text;
  }
}

TEST(UnitsTest, RejectsMalformedDurations) {
  for (const char* text : {"", "s", "1x", "1s2", "--1s", "1 s", "1..5s", "-", "9223372037s", "99999999999h", "1e5s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(UnitsTest, FormatsDurations) {
  struct Row {
    int64_t nanoseconds;
    const char* text;
  };
  for (Row row : {Row{0, "0s"}, Row{60000000000, "1m"}, Row{7200000000000, "2h0m"}, Row{1500000, "1.5ms"}, Row{90000000000, "1m30s"},
                  Row{999, "999ns"}, Row{1500, "1.5\xc2\xb5s"}, Row{-3000000000, "-3s"}, Row{9900500000000, "2h45m0.5s"},
                  Row{3600000000000, "1h0m"}, Row{100000000, "100ms"}}) {
    EXPECT_EQ(format_duration(Nanoseconds(row.nanoseconds)), row.text);
    EXPECT_EQ(parse_duration(row.text)->count(), row.nanoseconds);
  }
  EXPECT_FALSE(format_duration(Nanoseconds::min()).empty());
  int64_t beyond_double = 9007199254740993;
  EXPECT_EQ(parse_duration(format_duration(Nanoseconds(beyond_double)))->count(), beyond_double);
}

TEST(UnitsTest, ParsesSizes) {
  struct Row {
    const char* text;
    uint64_t bytes;
  };
  for (Row row : {Row{"32KiB", 32768}, Row{"32KB", 32768}, Row{"32K", 32768}, Row{"32k", 32768}, Row{"1.5GiB", 1610612736}, Row{"100", 100},
                  Row{"100B", 100}, Row{"0", 0}, Row{"1TiB", kTiB}, Row{"64 MiB", 64 * kMiB},
                  Row{"18446744073709551615", 18446744073709551615ull}, Row{"15EiB", 15ull << 60}}) {
    auto parsed = parse_size(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(*parsed, row.bytes) << row.text;
  }
  for (const char* text : {"", "K", "-1", "1X", "1KiBs", "1.5", "16EiB", "1 2", "0x10", "1e3"}) EXPECT_FALSE(parse_size(text)) << text;
}

TEST(UnitsTest, FormatsSizes) {
  EXPECT_EQ(format_size(262144), "256KiB");
  EXPECT_EQ(format_size(0), "0B");
  EXPECT_EQ(format_size(1023), "1023B");
  EXPECT_EQ(format_size(kTiB), "1TiB");
  EXPECT_EQ(format_size(1610612736), "2GiB");
  EXPECT_EQ(format_size(1610612736, 2), "1.50GiB");
  EXPECT_EQ(format_size(1610612736, 2, SizeUnits::kSi), "1.61GB");
  EXPECT_EQ(format_size(999, 1, SizeUnits::kSi), "999B");
  EXPECT_EQ(format_size(1000, 0, SizeUnits::kSi), "1kB");
  EXPECT_EQ(format_size(UINT64_MAX, 0, SizeUnits::kSi), "18EB");
  EXPECT_EQ(format_size(1610612736, 2, SizeUnits::kRaw), "1610612736");
}

}  // namespace
}  // namespace ais
