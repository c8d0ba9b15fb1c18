// Precondition: what a request demands of the object that is there (RFC 9110, section 13). A reader checks it against its snapshot; for
// a change the committer does, against the object that the change is about to replace: nothing can come in between.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "meta/entity_tag.h"

namespace ais::meta {

/// The second since the epoch in which this name got what it has: what Last-Modified says, and what dates are compared with. The file's
/// time of modification moves along with a rename and follows the wall clock, so it may lie before that of what the name had earlier; the
/// generation rises with every change of a name. Hence the later one of both.
int64_t changed_second(const ObjectMetadata& present, int64_t mtime_ns);

struct TagCondition {
  bool any = false;  // "*": any object
  std::vector<EntityTag> tags;
};

/// Times are seconds since the epoch. A field that is not set demands nothing.
struct Precondition {
  std::optional<TagCondition> if_match{};       // compared strongly
  std::optional<TagCondition> if_none_match{};  // compared weakly
  std::optional<int64_t> if_unmodified_since{};
  std::optional<int64_t> if_modified_since{};  // only of reads

  enum class Verdict { kHolds, kNotModified, kFailed };
  /// Of a read, in the order of RFC 9110, 13.2.2.
  Verdict of_read(const ObjectMetadata& present, int64_t mtime_ns) const;
  /// Of a change. nullptr: there is no object.
  bool allows_change(const ObjectMetadata* present, int64_t mtime_ns) const;
};
/// nullptr: none.
using PreconditionPtr = std::shared_ptr<const Precondition>;

}  // namespace ais::meta
