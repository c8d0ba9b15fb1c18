#include "meta/placement.h"

#include <bit>

#include "codec/checksum.h"

namespace ais::meta {

uint64_t placement_digest(std::string_view text) { return codec::xxh64(text, kPlacementSeed); }

uint64_t placement_mix(uint64_t seed) {
  // Two rounds of splitmix64 feed one output step of xoshiro256**, as the placement definition says.
  constexpr uint64_t kGamma = 0x9e3779b97f4a7c15;
  constexpr uint64_t kFirst = 0xbf58476d1ce4e5b9;
  constexpr uint64_t kSecond = 0x94d049bb133111eb;
  uint64_t z = seed + kGamma;
  z = (z ^ (z >> 30)) * kFirst;
  z = (z ^ (z >> 27)) * kSecond;
  z = (z ^ (z >> 31)) + kGamma;
  z = (z ^ (z >> 30)) * kFirst;
  z = (z ^ (z >> 27)) * kSecond;
  z = (z ^ (z >> 31)) * 5;
  return std::rotl(z, 7) * 9;
}

}  // namespace ais::meta
