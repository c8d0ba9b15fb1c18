// RandomBuffer: incompressible bytes for PUT bodies of any size in bounded memory. One stretch of seeded random bytes is mapped
// again and again over a contiguous range of addresses, so that a body of a GiB is one view and costs no GiB.
// Immutable after creation; any thread may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace ais::loader {

class RandomBuffer {
 public:
  /// Views of up to `size_max` bytes can be taken.
  static Result<RandomBuffer> create(uint64_t size_max, uint64_t seed);
  RandomBuffer(RandomBuffer&& other) noexcept;
  RandomBuffer& operator=(RandomBuffer&&) = delete;
  ~RandomBuffer();
  /// `size` <= size_max bytes; `salt` chooses where they begin, so that bodies differ.
  std::string_view view(uint64_t size, uint64_t salt) const { return {address_ + salt % kStartsMax, static_cast<size_t>(size)}; }
  /// Everything that views can show: size_max + kStartsMax bytes or a little more.
  std::string_view all() const { return {address_, length_}; }
  static constexpr uint64_t kStartsMax = 1 << 20;

 private:
  static constexpr uint64_t kStretch = 32ull << 20;  // bytes of real memory
  RandomBuffer(char* address, size_t length) : address_(address), length_(length) {}
  char* address_;
  size_t length_;
};

/// Incompressible bytes that depend on `seed` alone.
void fill_random(char* to, size_t size, uint64_t seed);

}  // namespace ais::loader
