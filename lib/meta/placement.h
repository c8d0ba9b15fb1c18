// Placement by highest random weight (reference: rest-api 1.2, 1.3), byte-exact with the original.
#pragma once

#include <cstdint>
#include <string_view>

namespace ais::meta {

/// Seed of every placement digest.
constexpr uint64_t kPlacementSeed = 1103515245;

/// XXH64 with the placement seed: of an object's uname, a node id, a mountpath.
uint64_t placement_digest(std::string_view text);
/// The mix function of the original's generator.
uint64_t placement_mix(uint64_t seed);
/// Weight of a node (or mountpath) for an object: the highest wins.
inline uint64_t placement_weight(uint64_t node_digest, uint64_t object_digest) { return placement_mix(node_digest ^ object_digest); }

}  // namespace ais::meta
