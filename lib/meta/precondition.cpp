#include "meta/precondition.h"

#include <algorithm>

namespace ais::meta {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int kCounterBits = 16;  // of a generation's clock, below its milliseconds

bool contains(const TagCondition& condition, const EntityTag& tag, bool strongly) {
  if (condition.any) return true;
  return std::any_of(condition.tags.begin(), condition.tags.end(),
                     [&](const EntityTag& one) { return strongly ? one.strongly_equals(tag) : one.weakly_equals(tag); });
}

/// If-Match, or without it If-Unmodified-Since.
bool is_the_expected(const Precondition& condition, const ObjectMetadata& present, int64_t mtime_ns) {
  if (condition.if_match) return contains(*condition.if_match, entity_tag(present, mtime_ns), true);
  return !condition.if_unmodified_since || changed_second(present, mtime_ns) <= *condition.if_unmodified_since;
}

int64_t second_of(int64_t ns) { return ns / kSecondNs - (ns % kSecondNs < 0); }

}  // namespace

int64_t changed_second(const ObjectMetadata& present, int64_t mtime_ns) {
  const auto issued = static_cast<int64_t>((present.generation.clock >> kCounterBits) / 1000);
  return std::max(second_of(mtime_ns), issued);
}

Precondition::Verdict Precondition::of_read(const ObjectMetadata& present, int64_t mtime_ns) const {
  if (!is_the_expected(*this, present, mtime_ns)) return Verdict::kFailed;
  if (if_none_match) {
    return contains(*if_none_match, entity_tag(present, mtime_ns), false) ? Verdict::kNotModified : Verdict::kHolds;
  }
  const bool unmodified = if_modified_since && changed_second(present, mtime_ns) <= *if_modified_since;
  return unmodified ? Verdict::kNotModified : Verdict::kHolds;
}

bool Precondition::allows_change(const ObjectMetadata* present, int64_t mtime_ns) const {
  // Without an object there is no tag that could match, and no time that If-Unmodified-Since could speak of.
  if (!present) return !if_match;
  if (!is_the_expected(*this, *present, mtime_ns)) return false;
  return !if_none_match || !contains(*if_none_match, entity_tag(*present, mtime_ns), false);
}

}  // namespace ais::meta
