// The latencies of a run as a curve over percentiles, in the steps of HdrHistogram's printed distributions: each step towards 100 % is
// smaller, so that the slowest operations have as many points as the rest. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "aisloader/histogram.h"

namespace ais::loader {

struct CurvePoint {
  double percent;        // of the operations,
  uint64_t nanoseconds;  // which took at most so long
};

/// Five points for each halving of what is missing to 100 %: 0, 10, 20, ..., 50, 55, ..., 75, 77.5, ..., until one operation is left, and
/// 100, the maximum. Empty when there are no recordings.
std::vector<CurvePoint> percentile_curve(const Histogram& histogram);

}  // namespace ais::loader
