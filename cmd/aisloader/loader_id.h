// The number that tells a loader from others that put into one bucket at the same time (--loaderid and its relatives).
#pragma once

#include <cstdint>

#include "base/status.h"
#include "cli/flag_parser.h"

namespace ais::loader {

/// --loaderid as a number; below --loadernum when that is given; with --loaderidhashlen the last bits of a digest of its text.
Result<uint64_t> loader_id(const cli::FlagValues& flags);

}  // namespace ais::loader
