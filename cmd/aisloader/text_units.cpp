#include "aisloader/text_units.h"

#include <chrono>
#include <cmath>

#include "base/strings.h"
#include "base/units.h"

namespace ais::loader {
namespace {

constexpr double kMinutesFrom = 120;

std::string whole_seconds_text(double seconds) {
  return format_duration(std::chrono::seconds(static_cast<int64_t>(std::llround(seconds))));
}

}  // namespace

double per_second(uint64_t value, double seconds) { return seconds > 0 ? static_cast<double>(value) / seconds : 0; }

std::string count_text(uint64_t value) {
  std::string out = std::to_string(value);
  for (size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

std::string rate_text(double per_second) {
  constexpr double kWholeFrom = 100;
  return per_second < kWholeFrom ? format("%.1f/s", per_second) : count_text(static_cast<uint64_t>(std::llround(per_second))) + "/s";
}

std::string throughput_text(uint64_t bytes, double seconds) {
  return format_size(static_cast<uint64_t>(per_second(bytes, seconds)), 1) + "/s";
}

std::string latency_text(double nanoseconds) {
  const char* unit = "us";
  double value = nanoseconds / 1e3;
  if (value >= kMinutesFrom * 1e6) return whole_seconds_text(value / 1e6);
  if (value >= 999'500) {
    unit = "s";
    value /= 1e6;
  } else if (value >= 999.5) {
    unit = "ms";
    value /= 1e3;
  }
  int digits = value >= 100 || unit[0] == 'u' ? 0 : value >= 10 ? 1 : 2;
  return format("%.*f%s", digits, value, unit);
}

std::string latency_text(uint64_t nanoseconds) { return latency_text(static_cast<double>(nanoseconds)); }

std::string stretch_text(double seconds) {
  if (seconds < 1) return format("%.0fms", seconds * 1e3);
  return seconds < 60 ? format("%.1fs", seconds) : whole_seconds_text(seconds);
}

}  // namespace ais::loader
