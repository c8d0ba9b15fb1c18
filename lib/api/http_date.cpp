#include "api/http_date.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <iterator>

#include "base/strings.h"

namespace ais::api {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr int64_t kTwoDigitYearsFrom = 1970;
constexpr int64_t kFirstSecond = -62'135'596'800;  // of the year 1
constexpr int64_t kLastSecond = 253'402'300'799;   // of the year 9999

std::optional<int64_t> seconds_of(int64_t year, std::string_view month, int day, int hour, int minute, int second) {
  const auto found = std::find(kMonths.begin(), kMonths.end(), month);
  if (found == kMonths.end() || year < 1 || year > 9999) return std::nullopt;
  if (day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  tm utc{};
  utc.tm_year = static_cast<int>(year) - 1900;
  utc.tm_mon = static_cast<int>(std::distance(kMonths.begin(), found));
  utc.tm_mday = day;
  utc.tm_hour = hour;
  utc.tm_min = minute;
  utc.tm_sec = second;
  const tm asked = utc;
  const time_t seconds = timegm(&utc);
  // timegm takes the 31st of a shorter month for a day of the next.
  if (utc.tm_mday != asked.tm_mday && second < 60) return std::nullopt;
  return std::min<int64_t>(seconds, kLastSecond);  // a leap second ends it
}

}  // namespace

std::string http_date(int64_t seconds) {
  const time_t shown = std::clamp(seconds, kFirstSecond, kLastSecond);
  tm utc{};
  gmtime_r(&shown, &utc);
  return format("%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<size_t>(utc.tm_wday)].data(), utc.tm_mday,
                kMonths[static_cast<size_t>(utc.tm_mon)].data(), utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::optional<int64_t> parse_http_date(std::string_view text) {
  constexpr size_t kLongest = 40;
  text = trim(text);
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  const std::string line(text);
  const int size = static_cast<int>(line.size());
  char month[4] = {};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0, used = 0;
  // Sun, 06 Nov 1994 08:49:37 GMT
  if (std::sscanf(line.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day, month, &year, &hour, &minute, &second, &used) ==
          6 &&
      used == size)
    return seconds_of(year, month, day, hour, minute, second);
  // Sunday, 06-Nov-94 08:49:37 GMT
  used = 0;
  if (std::sscanf(line.c_str(), "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &day, month, &year, &hour, &minute, &second, &used) ==
          6 &&
      used == size)
    return seconds_of(year + (year < kTwoDigitYearsFrom % 100 ? 2000 : 1900), month, day, hour, minute, second);
  // Sun Nov  6 08:49:37 1994
  used = 0;
  if (std::sscanf(line.c_str(), "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &day, &hour, &minute, &second, &year, &used) == 6 &&
      used == size)
    return seconds_of(year, month, day, hour, minute, second);
  return std::nullopt;
}

}  // namespace ais::api
