// Where the log facade's lines of a daemon go: "<directory>/<program>.log", rotated by size, and WARN and above to stderr too.
// One log per process; opening another replaces it. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/status.h"

namespace ais::app {

struct LogFileOptions {
  std::string directory;              // created when missing
  std::string program;                // "ais-proxy"
  uint64_t bytes_max = 64ull << 20;   // per file, then a new one is begun
  uint64_t total_max = 512ull << 20;  // over all files; the oldest go
  bool all_to_stderr = false;
};

/// Creates the directory and the file and makes it the sink of base/log.h.
Status open_log_file(const LogFileOptions& options);
/// Other limits for the log that is open; nothing happens when they are the same.
Status resize_log_file(uint64_t bytes_max, uint64_t total_max, bool all_to_stderr);
/// Begins a new file now.
Status rotate_log_file();
/// While it is held nothing is written, and the log's files keep their names.
std::unique_lock<std::mutex> hold_log_files();
/// Back to stderr; closes the file.
void close_log_file();

/// Log level of the configuration ("3", "4,net"), by its first digit: 0 ERROR, 1 WARN, 2 and 3 INFO, 4 and above DEBUG.
LogLevel log_level_of(const std::string& config_text);
/// From now on lines of that level and above are written, and of the modules named behind it all lines ("3,net,store").
void set_log_verbosity(const std::string& config_text);

/// "2026-01-02T03:04:05.678Z W http text" -> 'W'; '\0' for anything else.
char severity_of_line(std::string_view line);
/// The lines of severity W and E, at most the newest `limit` bytes of them. Blocking.
Result<std::string> read_warnings(const std::string& path, size_t limit);
/// Names of the log's files in `directory`, the current one first.
std::vector<std::string> list_log_files(const std::string& directory, const std::string& program);

}  // namespace ais::app
