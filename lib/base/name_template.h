// NameTemplate: many names from one text, as shells write them: "shard-{0001..0100}.tar".
//
// A range is "{first..last}" or "{first..last..step}" in decimal digits, first <= last, step >= 1. Numbers are padded with zeros
// to the width of `first`. Several ranges nest, the last one changes fastest. Braces that do not enclose digits and ".." are plain
// text, so a text without a range is a template of one name: itself.
// A value; all functions are const and may be called from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace ais {

class NameTemplate {
 public:
  /// Ranges per template and names in total that are accepted.
  static constexpr size_t kRangesMax = 8;
  static constexpr uint64_t kNamesMax = 1'000'000'000;

  /// kInvalid when a range runs backwards, its step is 0, a number does not fit 64 bits, or a bound above is exceeded.
  static Result<NameTemplate> parse(std::string_view text);

  /// A template of this one name, whatever braces it has.
  static NameTemplate literal(std::string_view name);

  /// How many names there are; at least 1.
  uint64_t count() const { return count_; }
  /// The name at `index` < count(), in order.
  std::string at(uint64_t index) const;
  bool has_range() const { return !ranges_.empty(); }
  /// True when `name` is one of the names.
  bool contains(std::string_view name) const;
  /// What all names begin with.
  const std::string& common_prefix() const { return ranges_.empty() ? after_ : ranges_.front().before; }

 private:
  struct Range {
    std::string before;  // text between the previous range and this one
    uint64_t first = 0;
    uint64_t step = 1;
    uint64_t count = 1;
    size_t width = 1;
  };
  static Result<Range> parse_range(std::string_view inside);
  bool contains_from(size_t range, std::string_view name) const;

  std::vector<Range> ranges_;
  std::string after_;
  uint64_t count_ = 1;
};

}  // namespace ais
