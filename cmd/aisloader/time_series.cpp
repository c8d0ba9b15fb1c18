#include "aisloader/time_series.h"

#include <utility>

namespace ais::loader {

void TimeSeries::add(const Statistics& statistics, double seconds) {
  if (points_.empty() || samples_in_last_ == samples_per_point_) {
    if (points_.size() == kPointsMax) halve();
  }
  if (points_.empty() || samples_in_last_ == samples_per_point_) {
    points_.push_back({end_, 0, {}});
    samples_in_last_ = 0;
  }
  points_.back().seconds += seconds;
  points_.back().statistics.merge(statistics);
  ++samples_in_last_;
  end_ += seconds;
}

void TimeSeries::finish() {
  if (points_.size() < 2) return;
  Point& before = points_[points_.size() - 2];
  if (points_.back().seconds >= before.seconds / 2) return;
  before.seconds += points_.back().seconds;
  before.statistics.merge(points_.back().statistics);
  points_.pop_back();
}

void TimeSeries::halve() {
  for (size_t i = 0; i < points_.size() / 2; ++i) {
    Point merged = std::move(points_[2 * i]);
    merged.seconds += points_[2 * i + 1].seconds;
    merged.statistics.merge(points_[2 * i + 1].statistics);
    points_[i] = std::move(merged);
  }
  points_.resize(points_.size() / 2);
  samples_per_point_ *= 2;
  samples_in_last_ = samples_per_point_;
}

}  // namespace ais::loader
