// The logging facade. One line an event: level, module, text with `key=value` pairs. Where lines go is decided by whoever
// installs a sink (lib/app does, with spdlog); without one they go to stderr.
//
// ERROR: a person should look. WARN: degraded but served. INFO: a state change. DEBUG: off by default.
#pragma once

#include <atomic>
#include <string_view>

namespace ais {

enum class LogLevel : int { kDebug = 0, kInfo = 1, kWarn = 2, kError = 3 };

/// Receives events; called from any thread, must not block for long and must not log. The text may hold any bytes that came from outside:
/// making one harmless line of it is the sink's business.
using LogSink = void (*)(LogLevel level, std::string_view module, std::string_view text);

void set_log_sink(LogSink sink);
void set_log_level(LogLevel level);
extern std::atomic<int> g_log_level;

void log_line(LogLevel level, const char* module, const char* format, ...) __attribute__((format(printf, 3, 4)));

}  // namespace ais

#define AIS_LOG(level, module, ...)                                                                                                 \
  do {                                                                                                                              \
    if (static_cast<int>(level) >= ::ais::g_log_level.load(std::memory_order_relaxed)) ::ais::log_line(level, module, __VA_ARGS__); \
  } while (0)
#define AIS_DEBUG(module, ...) AIS_LOG(::ais::LogLevel::kDebug, module, __VA_ARGS__)
#define AIS_INFO(module, ...) AIS_LOG(::ais::LogLevel::kInfo, module, __VA_ARGS__)
#define AIS_WARN(module, ...) AIS_LOG(::ais::LogLevel::kWarn, module, __VA_ARGS__)
#define AIS_ERROR(module, ...) AIS_LOG(::ais::LogLevel::kError, module, __VA_ARGS__)
