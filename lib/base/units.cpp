#include "base/units.h"

#include <cmath>
#include <limits>

#include "base/strings.h"

namespace ais {
namespace {

struct DurationUnit {
  std::string_view name;
  int64_t nanoseconds;
};
// Longest names first: "ms" must win over "m".
constexpr DurationUnit kDurationUnits[] = {
    {"ns", 1}, {"us", 1000}, {"\xc2\xb5s", 1000}, {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000}, {"h", 3600000000000},
};

size_t number_length(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && ((text[length] >= '0' && text[length] <= '9') || text[length] == '.')) ++length;
  return length;
}

std::string trim_fraction(double value) {
  std::string text = format("%.9f", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::optional<Nanoseconds> parse_duration(std::string_view text) {
  text = trim(text);
  if (auto plain = parse_int(text)) return Nanoseconds(*plain);
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  long double total = 0;  // holds every 64-bit count exactly
  while (!text.empty()) {
    size_t digits = number_length(text);
    auto number = parse_double(text.substr(0, digits));
    if (!number) return std::nullopt;
    text.remove_prefix(digits);
    const DurationUnit* unit = nullptr;
    for (const DurationUnit& candidate : kDurationUnits)
      if (text.starts_with(candidate.name) && (!unit || candidate.name.size() > unit->name.size())) unit = &candidate;
    if (!unit) return std::nullopt;
    text.remove_prefix(unit->name.size());
    total += static_cast<long double>(*number) * static_cast<long double>(unit->nanoseconds);
  }
  if (total >= 9223372036854775807.0L) return std::nullopt;
  int64_t nanoseconds = static_cast<int64_t>(std::llround(total));
  return Nanoseconds(negative ? -nanoseconds : nanoseconds);
}

std::string format_duration(Nanoseconds duration) {
  int64_t count = duration.count();
  if (count == 0) return "0s";
  std::string sign = count < 0 ? "-" : "";
  uint64_t ns = count < 0 ? 0 - static_cast<uint64_t>(count) : static_cast<uint64_t>(count);
  if (ns < 1000) return sign + format("%lluns", static_cast<unsigned long long>(ns));
  if (ns < 1000000) return sign + trim_fraction(static_cast<double>(ns) / 1e3) + "\xc2\xb5s";
  if (ns < 1000000000) return sign + trim_fraction(static_cast<double>(ns) / 1e6) + "ms";
  uint64_t minutes = ns / 60000000000ULL;
  std::string seconds = trim_fraction(static_cast<double>(ns % 60000000000ULL) / 1e9) + "s";
  if (minutes == 0) return sign + seconds;
  std::string out = sign;
  if (minutes >= 60) {
    append_decimal(out, minutes / 60);
    out += "h";
  }
  append_decimal(out, minutes % 60);
  out += "m";
  return seconds == "0s" ? out : out + seconds;
}

std::optional<uint64_t> parse_size(std::string_view text) {
  text = trim(text);
  size_t digits = number_length(text);
  auto number = parse_double(text.substr(0, digits));
  if (!number) return std::nullopt;
  std::string unit = to_lower(trim(text.substr(digits)));
  if (unit.empty() || unit == "b") {
    if (auto exact = parse_uint(text.substr(0, digits))) return exact;
    return std::nullopt;
  }
  constexpr std::string_view kPrefixes = "kmgtpe";
  size_t power = kPrefixes.find(unit[0]);
  std::string_view rest = std::string_view(unit).substr(1);
  if (power == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) return std::nullopt;
  double bytes = *number * std::pow(1024.0, static_cast<double>(power + 1));
  if (bytes >= 18446744073709551615.0) return std::nullopt;
  return static_cast<uint64_t>(std::round(bytes));
}

std::string format_size(uint64_t bytes, int digits) { return format_size(bytes, digits, SizeUnits::kIec); }

std::string format_size(uint64_t bytes, int digits, SizeUnits units) {
  constexpr const char* kIecNames[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  constexpr const char* kSiNames[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (units == SizeUnits::kRaw) return std::to_string(bytes);
  uint64_t step = units == SizeUnits::kIec ? 1024 : 1000;
  int unit = 0;
  for (uint64_t rest = bytes; rest >= step && unit < 6; rest /= step) ++unit;
  if (unit == 0) return format("%lluB", static_cast<unsigned long long>(bytes));
  double value = static_cast<double>(bytes) / std::pow(static_cast<double>(step), unit);
  return format("%.*f%s", digits, value, units == SizeUnits::kIec ? kIecNames[unit] : kSiNames[unit]);
}

}  // namespace ais
