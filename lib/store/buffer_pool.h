// BufferPool: page-aligned memory for bodies being received, with one bound for the whole target. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "base/function.h"
#include "base/units.h"

namespace ais::store {

/// Sizes are the classes of BufferPool::kClasses; every one is a multiple of 4 KiB and aligned to it (O_DIRECT).
struct Buffer {
  char* data = nullptr;
  size_t size = 0;
  explicit operator bool() const { return data != nullptr; }
};

class BufferPool : public std::enable_shared_from_this<BufferPool> {
 public:
  static constexpr std::array<size_t, 6> kClasses = {4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB, 512 * kKiB, 1 * kMiB};

  explicit BufferPool(uint64_t bytes_max) : bytes_max_(bytes_max) {}
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;

  /// The smallest class of at least `size` (at most the largest); empty when the bound is reached. One buffer is always granted
  /// when none is out, so that a tiny bound slows down and never stops.
  Buffer take(size_t size);
  void give_back(Buffer buffer);
  /// Called, in order of registration, when memory came back; at once when plenty is free. One call per registration.
  void on_available(UniqueFunction<void()> callback);
  uint64_t used() const;

 private:
  static size_t class_of(size_t size);
  static void release(Buffer buffer);

  const uint64_t bytes_max_;
  mutable std::mutex mutex_;
  uint64_t used_ = 0;  // guarded by mutex_, as all below
  std::array<std::vector<char*>, kClasses.size()> free_;
  std::deque<UniqueFunction<void()>> waiting_;
};

}  // namespace ais::store
