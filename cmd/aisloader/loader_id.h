// The number that tells a loader from others that put into one bucket at the same time (--loaderid and its relatives), as the original
// computes it: scripts that start loaders on many hosts find the same objects with either program.
#pragma once

#include <cstdint>
#include <optional>

#include "base/status.h"
#include "cli/flag_parser.h"

namespace ais::loader {

struct LoaderId {
  uint64_t value = 0;
  /// Bits that the id takes at the end of the numbers that objects are called by, a multiple of four (whole hex digits); nullopt when
  /// neither --loadernum nor --loaderidhashlen is given, and the number of loaders is not known.
  std::optional<unsigned> bits;
};

/// --loaderid as a number; below --loadernum when that is given; with --loaderidhashlen the last bits of a digest of its text.
Result<LoaderId> loader_id(const cli::FlagValues& flags);

}  // namespace ais::loader
