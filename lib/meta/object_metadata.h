// Object metadata: what is stored with an object, in one xattr of its file (user.ais). Format: docs/on_disk.md.
//
// Typical objects (8-byte checksum, no custom pairs) encode to at most 68 bytes, so that the xattr stays inside a 256-byte ext4
// inode and costs no block of its own. The whole encoding is at most 4 KiB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "codec/checksum.h"

namespace ais::meta {

/// Hybrid logical clock: 48 bits of milliseconds since the epoch, 16 bits of counter; ties are broken by the writer's node digest.
struct Generation {
  uint64_t clock = 0;
  uint64_t writer = 0;
  auto operator<=>(const Generation&) const = default;
};

using CustomPairs = std::vector<std::pair<std::string, std::string>>;
/// Sum of key and value bytes that a user may attach.
constexpr size_t kCustomBytesMax = 2048;

struct ObjectMetadata {
  uint64_t size = 0;
  codec::Checksum checksum;
  std::string version;  // user-visible; decimal counter of ais buckets, "" when versioning is off
  Generation generation;
  int64_t atime_ns = 0;
  CustomPairs custom;
  std::string true_name;  // only for objects stored under their digest

  /// kInvalid when it would exceed 4 KiB.
  Result<std::string> encode() const;
  /// kCorrupt on a wrong magic, checksum or length; kUnsupported on a newer format version.
  static Result<ObjectMetadata> decode(std::string_view bytes);
};

}  // namespace ais::meta
