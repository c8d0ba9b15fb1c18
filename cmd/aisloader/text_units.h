// Numbers as people read them, in lines, tables and on the page. JSON has the bare ones.
#pragma once

#include <cstdint>
#include <string>

namespace ais::loader {

/// 0 when no time passed.
double per_second(uint64_t value, double seconds);
/// Groups of three digits: "1,234,567".
std::string count_text(uint64_t value);
/// The same of a rate, with one decimal below 100: "12,345/s", "0.4/s".
std::string rate_text(double per_second);
/// "1.5GiB/s".
std::string throughput_text(uint64_t bytes, double seconds);
/// Three digits: "812us", "1.25ms", "37.1ms", "2.04s"; minutes and hours from two minutes on: "3m20s".
std::string latency_text(double nanoseconds);
std::string latency_text(uint64_t nanoseconds);
/// A stretch of time of a run: "850ms", "10.2s", "1m30s", "2h5m".
std::string stretch_text(double seconds);

}  // namespace ais::loader
