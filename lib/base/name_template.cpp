#include "base/name_template.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "base/strings.h"

namespace ais {
namespace {

/// True for "<digits>..<digits>" and "<digits>..<digits>..<digits>".
bool looks_like_range(std::string_view inside) {
  size_t parts = 1;
  size_t digits = 0;
  for (size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] >= '0' && inside[i] <= '9') {
      ++digits;
    } else if (inside.substr(i, 2) == ".." && digits > 0) {
      ++parts;
      ++i;
      digits = 0;
    } else {
      return false;
    }
  }
  return digits > 0 && (parts == 2 || parts == 3);
}

}  // namespace

Result<NameTemplate::Range> NameTemplate::parse_range(std::string_view inside) {
  auto fail = [&](const char* why) { return Status(Code::kInvalid, "bad range {" + std::string(inside) + "}: " + why); };
  size_t dots = inside.find("..");
  std::string_view first_text = inside.substr(0, dots);
  std::string_view rest = inside.substr(dots + 2);
  size_t second = rest.find("..");
  std::optional<uint64_t> first = parse_uint(first_text);
  std::optional<uint64_t> last = parse_uint(rest.substr(0, second));
  std::optional<uint64_t> step = second == std::string_view::npos ? 1 : parse_uint(rest.substr(second + 2));
  if (!first || !last || !step || first_text.size() > 20) return fail("a number is too large");
  if (*step == 0) return fail("the step is 0");
  if (*last < *first) return fail("it runs backwards");
  uint64_t steps = (*last - *first) / *step;
  if (steps >= kNamesMax) return fail("too many names");
  Range range;
  range.first = *first;
  range.step = *step;
  range.count = steps + 1;
  range.width = first_text.size();
  return range;
}

Result<NameTemplate> NameTemplate::parse(std::string_view text) {
  NameTemplate out;
  std::string literal;
  while (!text.empty()) {
    size_t open = text.find('{');
    literal += text.substr(0, open);
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    size_t close = text.find('}');
    if (close == std::string_view::npos || !looks_like_range(text.substr(1, close - 1))) {
      literal += '{';
      text.remove_prefix(1);
      continue;
    }
    AIS_TRY(Range range, parse_range(text.substr(1, close - 1)));
    if (out.ranges_.size() == kRangesMax) return make_status(Code::kInvalid, "a name template has at most %zu ranges", kRangesMax);
    if (range.count > kNamesMax / out.count_)
      return make_status(Code::kInvalid, "a name template makes at most %llu names", static_cast<unsigned long long>(kNamesMax));
    out.count_ *= range.count;
    range.before = std::exchange(literal, {});
    out.ranges_.push_back(std::move(range));
    text.remove_prefix(close + 1);
  }
  out.after_ = std::move(literal);
  return out;
}

NameTemplate NameTemplate::literal(std::string_view name) {
  NameTemplate out;
  out.after_ = name;
  return out;
}

/// True when `name` is made by the ranges from `range` on: each number may end at any digit, so all ends are tried.
bool NameTemplate::contains_from(size_t range, std::string_view name) const {
  if (range == ranges_.size()) return name == after_;
  const Range& one = ranges_[range];
  if (!name.starts_with(one.before)) return false;
  name.remove_prefix(one.before.size());
  constexpr size_t kDigitsMax = 20;
  for (size_t digits = 1; digits <= std::min(name.size(), std::max(kDigitsMax, one.width)); ++digits) {
    if (name[digits - 1] < '0' || name[digits - 1] > '9') return false;
    if (digits < one.width || (digits > one.width && name[0] == '0')) continue;
    std::optional<uint64_t> number = parse_uint(name.substr(0, digits));
    if (!number || *number < one.first || (*number - one.first) % one.step != 0 || (*number - one.first) / one.step >= one.count) continue;
    if (contains_from(range + 1, name.substr(digits))) return true;
  }
  return false;
}

bool NameTemplate::contains(std::string_view name) const { return contains_from(0, name); }

std::string NameTemplate::at(uint64_t index) const {
  AIS_ASSERT(index < count_);
  std::array<uint64_t, kRangesMax> digits{};
  for (size_t i = ranges_.size(); i-- > 0;) {
    digits[i] = index % ranges_[i].count;
    index /= ranges_[i].count;
  }
  std::string name;
  for (size_t i = 0; i < ranges_.size(); ++i) {
    const Range& range = ranges_[i];
    std::string number = std::to_string(range.first + digits[i] * range.step);
    name += range.before;
    if (number.size() < range.width) name.append(range.width - number.size(), '0');
    name += number;
  }
  return name + after_;
}

}  // namespace ais
