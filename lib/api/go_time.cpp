// Times in Go's layouts: a layout is an example, the time Mon Jan 2 15:04:05 2006 -0700 MST written as the result should look.
#include <ctime>

#include "api/listing.h"
#include "base/strings.h"

namespace ais::api {
namespace {

constexpr std::string_view kDefaultLayout = "02 Jan 06 15:04 MST";

constexpr const char* kDayNames[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr const char* kMonthNames[] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};

enum class Part {
  kMonthName,
  kMonthAbbreviated,
  kMonth,
  kMonthPadded,
  kDayName,
  kDayAbbreviated,
  kDay,
  kDayBlank,
  kDayPadded,
  kYearDayBlank,
  kYearDayPadded,
  kHour24,
  kHour12,
  kHour12Padded,
  kMinute,
  kMinutePadded,
  kSecond,
  kSecondPadded,
  kYear,
  kYear2,
  kUpperNoon,
  kLowerNoon,
  kZoneName,
  kZone,
  kZoneColon,
  kZoneHours,
  kZoneSeconds,
  kZoneColonSeconds,
  kZoneZ,
  kZoneZColon,
  kZoneZHours,
  kZoneZSeconds,
  kZoneZColonSeconds,
};

struct Token {
  std::string_view text;
  Part part;
};

// Of two tokens that begin alike the longer stands first. "_2006" is a literal '_' before the year: its row keeps "_2" off it.
constexpr Token kTokens[] = {
    {"January", Part::kMonthName},
    {"Jan", Part::kMonthAbbreviated},
    {"Monday", Part::kDayName},
    {"Mon", Part::kDayAbbreviated},
    {"MST", Part::kZoneName},
    {"002", Part::kYearDayPadded},
    {"01", Part::kMonthPadded},
    {"02", Part::kDayPadded},
    {"03", Part::kHour12Padded},
    {"04", Part::kMinutePadded},
    {"05", Part::kSecondPadded},
    {"06", Part::kYear2},
    {"15", Part::kHour24},
    {"1", Part::kMonth},
    {"2006", Part::kYear},
    {"2", Part::kDay},
    {"__2", Part::kYearDayBlank},
    {"_2", Part::kDayBlank},
    {"3", Part::kHour12},
    {"4", Part::kMinute},
    {"5", Part::kSecond},
    {"PM", Part::kUpperNoon},
    {"pm", Part::kLowerNoon},
    {"-07:00:00", Part::kZoneColonSeconds},
    {"-070000", Part::kZoneSeconds},
    {"-07:00", Part::kZoneColon},
    {"-0700", Part::kZone},
    {"-07", Part::kZoneHours},
    {"Z07:00:00", Part::kZoneZColonSeconds},
    {"Z070000", Part::kZoneZSeconds},
    {"Z07:00", Part::kZoneZColon},
    {"Z0700", Part::kZoneZ},
    {"Z07", Part::kZoneZHours},
};

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

const Token* token_at(std::string_view layout) {
  if (layout.starts_with("_2006")) return nullptr;
  for (const Token& token : kTokens) {
    if (!layout.starts_with(token.text)) continue;
    const bool name = token.part == Part::kMonthAbbreviated || token.part == Part::kDayAbbreviated;
    const bool inside_word = name && layout.size() > token.text.size() && is_lower(layout[token.text.size()]);
    if (!inside_word) return &token;
  }
  return nullptr;
}

std::string zone_offset(long seconds, Part part) {
  const bool z_form = part >= Part::kZoneZ;
  if (z_form && seconds == 0) return "Z";
  const char sign = seconds < 0 ? '-' : '+';
  const long absolute = seconds < 0 ? -seconds : seconds;
  const long h = absolute / 3600, m = absolute / 60 % 60, s = absolute % 60;
  switch (part) {
    case Part::kZoneHours:
    case Part::kZoneZHours: return format("%c%02ld", sign, h);
    case Part::kZoneColon:
    case Part::kZoneZColon: return format("%c%02ld:%02ld", sign, h, m);
    case Part::kZoneSeconds:
    case Part::kZoneZSeconds: return format("%c%02ld%02ld%02ld", sign, h, m, s);
    case Part::kZoneColonSeconds:
    case Part::kZoneZColonSeconds: return format("%c%02ld:%02ld:%02ld", sign, h, m, s);
    default: return format("%c%02ld%02ld", sign, h, m);
  }
}

std::string render(Part part, const tm& t) {
  const int hour12 = t.tm_hour % 12 == 0 ? 12 : t.tm_hour % 12;
  switch (part) {
    case Part::kMonthName: return kMonthNames[t.tm_mon];
    case Part::kMonthAbbreviated: return std::string(kMonthNames[t.tm_mon], 3);
    case Part::kMonth: return std::to_string(t.tm_mon + 1);
    case Part::kMonthPadded: return format("%02d", t.tm_mon + 1);
    case Part::kDayName: return kDayNames[t.tm_wday];
    case Part::kDayAbbreviated: return std::string(kDayNames[t.tm_wday], 3);
    case Part::kDay: return std::to_string(t.tm_mday);
    case Part::kDayBlank: return format("%2d", t.tm_mday);
    case Part::kDayPadded: return format("%02d", t.tm_mday);
    case Part::kYearDayBlank: return format("%3d", t.tm_yday + 1);
    case Part::kYearDayPadded: return format("%03d", t.tm_yday + 1);
    case Part::kHour24: return format("%02d", t.tm_hour);
    case Part::kHour12: return std::to_string(hour12);
    case Part::kHour12Padded: return format("%02d", hour12);
    case Part::kMinute: return std::to_string(t.tm_min);
    case Part::kMinutePadded: return format("%02d", t.tm_min);
    case Part::kSecond: return std::to_string(t.tm_sec);
    case Part::kSecondPadded: return format("%02d", t.tm_sec);
    case Part::kYear: return format("%04d", t.tm_year + 1900);
    case Part::kYear2: return format("%02d", (t.tm_year + 1900) % 100);
    case Part::kUpperNoon: return t.tm_hour >= 12 ? "PM" : "AM";
    case Part::kLowerNoon: return t.tm_hour >= 12 ? "pm" : "am";
    case Part::kZoneName: return t.tm_zone != nullptr ? t.tm_zone : "UTC";
    default: return zone_offset(t.tm_gmtoff, part);
  }
}

// ".000" or ",999": a separator and a run of one digit, not followed by another digit. 0 when there is none.
size_t fraction_at(std::string_view layout) {
  if (layout.size() < 2 || (layout[0] != '.' && layout[0] != ',') || (layout[1] != '0' && layout[1] != '9')) return 0;
  size_t end = 1;
  while (end < layout.size() && layout[end] == layout[1]) end++;
  return end < layout.size() && is_digit(layout[end]) ? 0 : end;
}

std::string render_fraction(std::string_view token, int64_t nanoseconds) {
  std::string digits = format("%09lld", static_cast<long long>(nanoseconds));
  digits.resize(std::min<size_t>(token.size() - 1, 9), '0');
  if (token[1] == '9') {
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) return "";
  }
  return token[0] + digits;
}

}  // namespace

std::string format_go_time(int64_t unix_ns, std::string_view layout) {
  constexpr int64_t kSecond = 1'000'000'000;
  if (layout.empty()) layout = kDefaultLayout;
  int64_t nanoseconds = unix_ns % kSecond;
  if (nanoseconds < 0) nanoseconds += kSecond;
  const time_t seconds = static_cast<time_t>((unix_ns - nanoseconds) / kSecond);
  tm local{};
  localtime_r(&seconds, &local);
  std::string out;
  while (!layout.empty()) {
    size_t used = 1;
    if (const Token* token = token_at(layout)) {
      out += render(token->part, local);
      used = token->text.size();
    } else if (const size_t fraction = fraction_at(layout); fraction > 0) {
      out += render_fraction(layout.substr(0, fraction), nanoseconds);
      used = fraction;
    } else {
      out += layout.front();
    }
    layout.remove_prefix(used);
  }
  return out;
}

}  // namespace ais::api
