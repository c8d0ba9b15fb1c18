#include "aisloader/text_units.h"

#include <gtest/gtest.h>

namespace ais::loader {
namespace {

TEST(TextUnits, Counts) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(1'234'567), "1,234,567");
  EXPECT_EQ(count_text(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(TextUnits, Rates) {
  EXPECT_EQ(rate_text(0), "0.0/s");
  EXPECT_EQ(rate_text(0.42), "0.4/s");
  EXPECT_EQ(rate_text(12'345.6), "12,346/s");
  EXPECT_EQ(throughput_text(3 << 20, 2), "1.5MiB/s");
  EXPECT_EQ(throughput_text(3 << 20, 0), "0B/s");
}

TEST(TextUnits, Latencies) {
  const std::pair<uint64_t, const char*> cases[] = {{0, "0us"},
                                                    {812'400, "812us"},
                                                    {1'250'000, "1.25ms"},
                                                    {37'100'000, "37.1ms"},
                                                    {250'000'000, "250ms"},
                                                    {2'040'000'000, "2.04s"},
                                                    {119'000'000'000, "119s"},
                                                    {200'000'000'000, "3m20s"}};
  for (const auto& [ns, text] : cases) EXPECT_EQ(latency_text(ns), text);
}

TEST(TextUnits, Stretches) {
  EXPECT_EQ(stretch_text(0.85), "850ms");
  EXPECT_EQ(stretch_text(10.24), "10.2s");
  EXPECT_EQ(stretch_text(90), "1m30s");
  EXPECT_EQ(stretch_text(7500), "2h5m");
}

}  // namespace
}  // namespace ais::loader
