// EntityTag: what names one state of an object's content (RFC 9110, 8.8.3). One function makes it, for every protocol.
#pragma once

#include <cstdint>
#include <string>

#include "meta/object_metadata.h"

namespace ais::meta {

struct EntityTag {
  std::string value;  // what stands between the quotes
  bool weak = false;

  /// As in a header: "value", or W/"value".
  std::string text() const;
  /// Equal, and neither is weak (RFC 9110, 8.8.3.2).
  bool strongly_equals(const EntityTag& other) const { return !weak && !other.weak && value == other.value; }
  bool weakly_equals(const EntityTag& other) const { return value == other.value; }
};

/// The tag of an object, by the first of these that there is:
///   1. the custom pair "ETag" (of a bucket's backend, or the user's), with or without quotes;
///   2. the checksum, where its type is md5;
///   3. v1-<checksum>-<mtime in nanoseconds, base 36>;
///   4. g1-<generation clock, base 36>-<writer, base 36>: without a checksum, so that there always is a strong one.
/// `mtime_ns` is the file's. A rename or a change of custom pairs alters only the fourth.
EntityTag entity_tag(const ObjectMetadata& metadata, int64_t mtime_ns);

/// The value of a custom pair; nullptr when there is none of that key.
const std::string* find_custom(const CustomPairs& pairs, std::string_view key);

}  // namespace ais::meta
