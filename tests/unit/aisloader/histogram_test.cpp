#include "aisloader/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace ais::loader {
namespace {

uint64_t exact(const std::vector<uint64_t>& sorted, double percent) {
  auto rank = static_cast<size_t>(std::ceil(std::round(percent * 100) * static_cast<double>(sorted.size()) / 10000));
  return sorted[std::clamp<size_t>(rank, 1, sorted.size()) - 1];
}

void expect_accurate(const Histogram& histogram, std::vector<uint64_t> samples) {
  std::sort(samples.begin(), samples.end());
  for (double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0}) {
    uint64_t want = exact(samples, percent);
    uint64_t got = histogram.percentile(percent);
    EXPECT_GE(got, want) << percent;
    EXPECT_LE(got - want, want / 64) << percent;
  }
  EXPECT_EQ(histogram.count(), samples.size());
  EXPECT_EQ(histogram.min(), samples.front());
  EXPECT_EQ(histogram.max(), samples.back());
}

TEST(Histogram, EmptyIsZero) {
  Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.percentile(50), 0u);
  EXPECT_EQ(histogram.min(), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.mean(), 0);
}

TEST(Histogram, SmallValuesAreExact) {
  Histogram histogram;
  for (uint64_t v = 0; v < 128; ++v) histogram.record(v);
  for (uint64_t v = 1; v <= 128; ++v) EXPECT_EQ(histogram.percentile(100.0 * static_cast<double>(v) / 128), v - 1);
}

TEST(Histogram, EveryPowerOfTwoAndItsNeighbours) {
  for (int bit = 0; bit < 42; ++bit) {
    for (int64_t delta : {-1, 0, 1}) {
      uint64_t value = (1ull << bit) + static_cast<uint64_t>(delta);
      if (value > Histogram::kMax) continue;
      Histogram histogram;
      histogram.record(value);
      histogram.record(0);
      EXPECT_EQ(histogram.percentile(100), value);
    }
  }
}

// 99.9 % of a thousand recordings are 999, whatever 99.9 / 100 is in binary.
TEST(Histogram, RanksAreExact) {
  for (uint64_t count : {1000u, 2000u, 7000u}) {
    Histogram histogram;
    for (uint64_t i = 0; i < count; ++i) histogram.record(i < count / 1000 * 999 ? 10 : 100);
    EXPECT_EQ(histogram.percentile(99.9), 10u);
    EXPECT_EQ(histogram.percentile(99.91), 100u);
  }
}

TEST(Histogram, AgreesWithSortedSamples) {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> latency(12, 1.5);
  std::uniform_int_distribution<uint64_t> uniform(1, 100'000'000);
  for (int shape = 0; shape < 2; ++shape) {
    Histogram histogram;
    std::vector<uint64_t> samples;
    for (int i = 0; i < 100'000; ++i) {
      samples.push_back(shape == 0 ? static_cast<uint64_t>(latency(random)) : uniform(random));
      histogram.record(samples.back());
    }
    expect_accurate(histogram, samples);
  }
}

TEST(Histogram, MergeEqualsRecordingAll) {
  std::mt19937_64 random(2);
  Histogram one, two, all;
  std::vector<uint64_t> samples;
  for (int i = 0; i < 10'000; ++i) {
    uint64_t value = random() % 1'000'000'000;
    (i % 3 ? one : two).record(value);
    all.record(value);
    samples.push_back(value);
  }
  one.merge(two);
  expect_accurate(one, samples);
  for (double percent : {10.0, 50.0, 99.0}) EXPECT_EQ(one.percentile(percent), all.percentile(percent));
  EXPECT_DOUBLE_EQ(one.mean(), all.mean());
  one.merge(Histogram());
  EXPECT_EQ(one.min(), all.min());
}

TEST(Histogram, HugeValuesAreCut) {
  Histogram histogram;
  histogram.record(~0ull);
  EXPECT_EQ(histogram.max(), Histogram::kMax);
  EXPECT_EQ(histogram.percentile(50), Histogram::kMax);
}

TEST(Histogram, ClearForgets) {
  Histogram histogram;
  histogram.record(5);
  histogram.clear();
  EXPECT_EQ(histogram.count(), 0u);
  histogram.record(9);
  EXPECT_EQ(histogram.min(), 9u);
  EXPECT_EQ(histogram.percentile(1), 9u);
}

}  // namespace
}  // namespace ais::loader
