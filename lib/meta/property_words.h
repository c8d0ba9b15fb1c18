// Words for the numbers that are sets of bits: who may do what with a bucket ("rw"), features ("Fsync-PUT").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::meta {

/// BucketProperties::access: "ro", "rw", "su" (everything), "none", names such as GET,PUT in any case, or the number itself. kInvalid
/// says what is possible.
Result<uint64_t> parse_access(std::string_view text);
/// The shortest text that parse_access() reads back.
std::string access_text(uint64_t access);

/// Features of a bucket or of the cluster: names separated by commas, "none", or the number itself.
Result<uint64_t> parse_features(std::string_view text);
/// What parse_features() reads back: names, "none", or the number when a bit has no name.
std::string features_text(uint64_t features);

}  // namespace ais::meta
