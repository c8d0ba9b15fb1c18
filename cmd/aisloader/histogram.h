// Histogram of durations with a relative error below 1/64: buckets are linear within each power of two (as in HdrHistogram), so a
// recording is a shift and an addition, and two histograms merge by adding. An empty one takes no memory. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ais::loader {

class Histogram {
 public:
  /// `nanoseconds` beyond kMax count as kMax.
  void record(uint64_t nanoseconds);
  void merge(const Histogram& other);
  void clear();

  uint64_t count() const { return count_; }
  uint64_t min() const { return count_ ? min_ : 0; }  // exact
  uint64_t max() const { return max_; }               // exact
  double mean() const { return count_ ? static_cast<double>(sum_) / static_cast<double>(count_) : 0; }
  /// The value that `percent` (0..100) of the recordings do not exceed; 0 when there are none.
  uint64_t percentile(double percent) const;

  /// The recordings in ascending order: visit(upper bound of the values, how many), for buckets that are not empty.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (size_t i = 0; i < buckets_.size(); ++i)
      if (buckets_[i] > 0) visit(upper_bound(i), buckets_[i]);
  }

  static constexpr uint64_t kMax = (1ull << 42) - 1;  // more than an hour

 private:
  static constexpr unsigned kLinearBits = 7;  // values below 128 have a bucket each
  static constexpr size_t kHalf = 1 << (kLinearBits - 1);
  static constexpr size_t kBuckets = (42 - kLinearBits + 2) * kHalf;
  static size_t bucket_of(uint64_t value);
  static uint64_t upper_bound(size_t bucket);

  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  uint64_t sum_ = 0;
  uint64_t min_ = kMax;
  uint64_t max_ = 0;
};

}  // namespace ais::loader
