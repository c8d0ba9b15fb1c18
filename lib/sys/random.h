// Random: the door to randomness. Real one from the kernel; a seeded one makes runs repeatable. One thread at a time.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace ais::sys {

class Random {
 public:
  /// Seeded from the kernel.
  Random();
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint64_t next() { return engine_(); }
  /// Uniform in [0, bound); bound > 0.
  uint64_t below(uint64_t bound) { return std::uniform_int_distribution<uint64_t>(0, bound - 1)(engine_); }
  /// AIStore-style identifier of `length` characters: letters and digits, starts with a letter.
  std::string identifier(size_t length);
  /// A further generator, for a part that draws on its own: what it draws follows from this one's seed and from nobody else's draws.
  Random split() { return Random(next()); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace ais::sys
