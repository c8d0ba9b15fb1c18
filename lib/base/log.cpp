#include "base/log.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <string>

#include "base/strings.h"

namespace ais {

std::atomic<int> g_log_level{static_cast<int>(LogLevel::kInfo)};

namespace {
std::atomic<LogSink> g_sink{nullptr};
constexpr size_t kLineBytesMax = 2048;  // longer lines are cut: a log is not a data channel
}  // namespace

void set_log_sink(LogSink sink) { g_sink.store(sink, std::memory_order_release); }
void set_log_level(LogLevel level) { g_log_level.store(static_cast<int>(level), std::memory_order_relaxed); }

void log_line(LogLevel level, const char* module, const char* format, ...) {
  char line[kLineBytesMax];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(line, sizeof(line), format, args);
  va_end(args);
  if (length < 0) return;
  size_t size = static_cast<size_t>(length) < sizeof(line) ? static_cast<size_t>(length) : sizeof(line) - 1;
  if (LogSink sink = g_sink.load(std::memory_order_acquire)) {
    sink(level, module, {line, size});
    return;
  }
  // A value from outside must not be able to forge a second line.
  std::replace_if(line, line + size, is_control, ' ');
  static const char* kNames[] = {"DEBUG", "INFO", "WARN", "ERROR"};
  fprintf(stderr, "%s %s: %.*s\n", kNames[static_cast<int>(level)], module, static_cast<int>(size), line);
}

}  // namespace ais
