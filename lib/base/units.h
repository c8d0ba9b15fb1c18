// Sizes and durations as text, in the forms that AIStore's JSON uses (both directions), and the clock-free types for them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ais {

constexpr uint64_t kKiB = 1024;
constexpr uint64_t kMiB = 1024 * kKiB;
constexpr uint64_t kGiB = 1024 * kMiB;
constexpr uint64_t kTiB = 1024 * kGiB;

using Nanoseconds = std::chrono::nanoseconds;

/// Go duration text: "10s", "1m30s", "2h45m0.5s", "100ms", "1.5h", "-3s"; raw digits are nanoseconds. nullopt when malformed.
std::optional<Nanoseconds> parse_duration(std::string_view text);
/// Go's Duration text with a trailing "0s" after minutes removed: 60 s -> "1m", 7200 s -> "2h0m", 0 -> "0s", 1500 us -> "1.5ms".
std::string format_duration(Nanoseconds duration);

/// "32KiB", "32KB", "32K", "32k", "1.5GiB", "100" (bytes), "100B"; all units are binary. nullopt when malformed or negative.
std::optional<uint64_t> parse_size(std::string_view text);
/// IEC text with `digits` decimals, the largest unit <= value: 262144 -> "256KiB", 0 -> "0B", 1023 -> "1023B".
std::string format_size(uint64_t bytes, int digits = 0);

/// How people want to see sizes: 1.5MiB, 1.6MB, 1572864.
enum class SizeUnits { kIec, kSi, kRaw };
/// The same in these units; SI text has steps of 1000: 262144 -> "262kB".
std::string format_size(uint64_t bytes, int digits, SizeUnits units);

}  // namespace ais
