// TimeSeries: what was measured, over time, in bounded memory: when there are too many points, neighbours are merged, histograms and
// all, so that percentiles of longer stretches are as exact as those of short ones. Not thread-safe.
#pragma once

#include <vector>

#include "aisloader/statistics.h"

namespace ais::loader {

class TimeSeries {
 public:
  struct Point {
    double begin = 0;    // seconds since the start
    double seconds = 0;  // how long
    Statistics statistics;
  };
  static constexpr size_t kPointsMax = 240;

  /// The next stretch of `seconds`.
  void add(const Statistics& statistics, double seconds);
  /// Nothing more comes. A last point shorter than half of the one before becomes part of it: operations end in it, and few or none begin,
  /// which makes a rate that no stretch had.
  void finish();
  const std::vector<Point>& points() const { return points_; }

 private:
  void halve();

  std::vector<Point> points_;
  size_t samples_per_point_ = 1;
  size_t samples_in_last_ = 0;
  double end_ = 0;
};

}  // namespace ais::loader
