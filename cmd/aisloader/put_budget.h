// PutBudget: how much may still be put (--totalputsize, --maxputs). Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace ais::loader {

class PutBudget {
 public:
  /// 0 = no limit. The PUT that reaches or passes `bytes_max` is the last one.
  PutBudget(uint64_t bytes_max, uint64_t puts_max) : bytes_max_(bytes_max), puts_max_(puts_max) {}

  /// Takes one PUT of `size` bytes out of the budget; false when there is nothing left.
  bool reserve(uint64_t size) {
    if (puts_max_ > 0 && !add_below(puts_, 1, puts_max_)) return false;
    if (bytes_max_ == 0 || add_below(bytes_, size, bytes_max_)) return true;
    if (puts_max_ > 0) puts_.fetch_sub(1);
    return false;
  }
  /// The PUT failed: another one may take its place.
  void give_back(uint64_t size) {
    if (puts_max_ > 0) puts_.fetch_sub(1);
    if (bytes_max_ > 0) bytes_.fetch_sub(size);
  }
  bool used_up() const {
    return (puts_max_ > 0 && puts_.load(std::memory_order_relaxed) >= puts_max_) ||
           (bytes_max_ > 0 && bytes_.load(std::memory_order_relaxed) >= bytes_max_);
  }

 private:
  /// Adds when the sum before is below `most`.
  static bool add_below(std::atomic<uint64_t>& sum, uint64_t amount, uint64_t most) {
    uint64_t before = sum.load();
    while (before < most)
      if (sum.compare_exchange_weak(before, before + amount)) return true;
    return false;
  }

  const uint64_t bytes_max_, puts_max_;
  std::atomic<uint64_t> bytes_{0}, puts_{0};
};

}  // namespace ais::loader
