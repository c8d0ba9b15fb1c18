#include "aisloader/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ais::loader {

// A value of `width` significant bits keeps its upper kLinearBits; each width above kLinearBits has kHalf buckets.
size_t Histogram::bucket_of(uint64_t value) {
  auto width = static_cast<unsigned>(std::bit_width(value));
  if (width <= kLinearBits) return value;
  unsigned shift = width - kLinearBits;
  return shift * kHalf + (value >> shift);
}

uint64_t Histogram::upper_bound(size_t bucket) {
  if (bucket < 2 * kHalf) return bucket;
  size_t shift = bucket / kHalf - 1;
  uint64_t top = bucket - shift * kHalf;
  return ((top + 1) << shift) - 1;
}

void Histogram::record(uint64_t nanoseconds) {
  if (buckets_.empty()) buckets_.resize(kBuckets);
  uint64_t value = std::min(nanoseconds, kMax);
  ++buckets_[bucket_of(value)];
  ++count_;
  sum_ += value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  if (buckets_.empty()) buckets_.resize(kBuckets);
  for (size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
  if (count_ == 0) return;
  std::fill(buckets_.begin(), buckets_.end(), 0);
  count_ = sum_ = max_ = 0;
  min_ = kMax;
}

uint64_t Histogram::percentile(double percent) const {
  if (count_ == 0) return 0;
  double recordings = percent / 100.0 * static_cast<double>(count_);
  // 99.9 / 100 * 1000 is a little more than 999.
  auto rank = static_cast<uint64_t>(std::ceil(recordings * (1 - 1e-12)));
  rank = std::clamp<uint64_t>(rank, 1, count_);
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::clamp(upper_bound(i), min_, max_);
  }
  return max_;
}

}  // namespace ais::loader
