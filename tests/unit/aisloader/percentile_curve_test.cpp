#include "aisloader/percentile_curve.h"

#include <gtest/gtest.h>

namespace ais::loader {
namespace {

TEST(PercentileCurve, NothingHasNoCurve) { EXPECT_TRUE(percentile_curve(Histogram()).empty()); }

TEST(PercentileCurve, OneOperationIsItsOwnMaximum) {
  Histogram one;
  one.record(700);
  const std::vector<CurvePoint> curve = percentile_curve(one);
  EXPECT_EQ(curve.back().percent, 100);
  EXPECT_EQ(curve.back().nanoseconds, 700u);
}

TEST(PercentileCurve, StepsHalveTowardsTheSlowest) {
  Histogram histogram;
  for (uint64_t i = 1; i <= 100'000; ++i) histogram.record(i * 1000);
  const std::vector<CurvePoint> curve = percentile_curve(histogram);
  const double expected[] = {0, 10, 20, 30, 40, 50, 55, 60, 65, 70, 75, 77.5};
  for (size_t i = 0; i < std::size(expected); ++i) EXPECT_DOUBLE_EQ(curve[i].percent, expected[i]);
  for (size_t i = 1; i < curve.size(); ++i) {
    EXPECT_GT(curve[i].percent, curve[i - 1].percent);
    EXPECT_GE(curve[i].nanoseconds, curve[i - 1].nanoseconds);
  }
  for (const CurvePoint& point : curve) {
    const double exact = std::max(point.percent, 0.001) * 1e6;
    EXPECT_NEAR(static_cast<double>(point.nanoseconds), exact, exact / 64 + 1000) << point.percent;
  }
  EXPECT_GT(curve[curve.size() - 2].percent, 99.998);  // down to single operations
  EXPECT_LT(curve.size(), 100u);
  EXPECT_EQ(curve.back().nanoseconds, histogram.max());
}

}  // namespace
}  // namespace ais::loader
