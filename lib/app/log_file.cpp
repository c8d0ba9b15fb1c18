#include "app/log_file.h"

#define SPDLOG_COMPILED_LIB
#define SPDLOG_SHARED_LIB
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "base/strings.h"
#include "codec/utf8.h"

namespace ais::app {
namespace {

struct OpenLog {
  std::mutex mutex;
  LogFileOptions options;
  LogLevel level = LogLevel::kDebug;  // of modules that are not in `modules`; the facade lets pass what either wants
  std::vector<std::string> modules;
  std::unique_ptr<spdlog::logger> logger;  // used with the mutex held: no line goes to a file after the next one was begun
};

OpenLog& open_log() {
  static OpenLog log;
  return log;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    default: return spdlog::level::err;
  }
}

// One event, one line: what a client sent must not be able to look like another event.
std::string one_line(std::string_view module, std::string_view text) {
  return std::string(module).append(" ").append(codec::printable(text));
}

bool wants(const OpenLog& log, LogLevel level, std::string_view module) {
  return level >= log.level || std::find(log.modules.begin(), log.modules.end(), module) != log.modules.end();
}

void write_line(LogLevel level, std::string_view module, std::string_view text) {
  const std::string line = one_line(module, text);
  OpenLog& log = open_log();
  const std::lock_guard lock(log.mutex);
  if (log.logger && wants(log, level, module)) log.logger->log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

Result<std::unique_ptr<spdlog::logger>> make_logger(const LogFileOptions& options, bool rotate) {
  const size_t bytes = std::max<uint64_t>(options.bytes_max, 1024);
  const size_t files = std::clamp<uint64_t>(options.total_max / bytes, 2, 200) - 1;  // besides the current one
  try {
    const std::string path = options.directory + "/" + options.program + ".log";
    auto file = std::make_shared<spdlog::sinks::rotating_file_sink_st>(path, bytes, files, rotate);
    auto console = std::make_shared<spdlog::sinks::stderr_sink_st>();
    console->set_level(options.all_to_stderr ? spdlog::level::trace : spdlog::level::warn);
    auto logger = std::make_unique<spdlog::logger>(options.program, spdlog::sinks_init_list{file, console});
    // The facade has filtered already.
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %L %v", spdlog::pattern_time_type::utc));
    return logger;
  } catch (const std::exception& error) {
    return Status(Code::kInputOutput, std::string("log: ") + error.what());
  }
}

Status replace_logger(const LogFileOptions& options, bool rotate) {
  OpenLog& log = open_log();
  const std::lock_guard lock(log.mutex);
  AIS_TRY(log.logger, make_logger(options, rotate));
  log.options = options;
  return {};
}

LogFileOptions current_options() {
  const std::lock_guard lock(open_log().mutex);
  return open_log().options;
}

}  // namespace

Status open_log_file(const LogFileOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error) return Status::from_errno(error.value(), "create log directory " + options.directory);
  AIS_RETURN_IF_ERROR(replace_logger(options, false));
  set_log_sink(write_line);
  return {};
}

Status resize_log_file(uint64_t bytes_max, uint64_t total_max, bool all_to_stderr) {
  LogFileOptions options = current_options();
  if (options.program.empty()) return {};
  if (options.bytes_max == bytes_max && options.total_max == total_max && options.all_to_stderr == all_to_stderr) return {};
  options.bytes_max = bytes_max;
  options.total_max = total_max;
  options.all_to_stderr = all_to_stderr;
  return replace_logger(options, false);
}

Status rotate_log_file() {
  const LogFileOptions options = current_options();
  return options.program.empty() ? Status() : replace_logger(options, true);
}

std::unique_lock<std::mutex> hold_log_files() { return std::unique_lock(open_log().mutex); }

void close_log_file() {
  set_log_sink(nullptr);
  const std::lock_guard lock(open_log().mutex);
  open_log().logger.reset();
  open_log().options = {};
}

LogLevel log_level_of(const std::string& config_text) {
  const char digit = config_text.empty() ? '3' : config_text[0];
  if (digit == '0') return LogLevel::kError;
  if (digit == '1') return LogLevel::kWarn;
  return digit >= '4' && digit <= '9' ? LogLevel::kDebug : LogLevel::kInfo;
}

void set_log_verbosity(const std::string& config_text) {
  OpenLog& log = open_log();
  const std::lock_guard lock(log.mutex);
  log.level = log_level_of(config_text);
  log.modules.clear();
  for (const std::string_view word : split(std::string_view(config_text).substr(std::min<size_t>(1, config_text.size())), ',')) {
    if (const std::string_view module = trim(word); !module.empty()) log.modules.emplace_back(module);
  }
  set_log_level(log.modules.empty() ? log.level : LogLevel::kDebug);
}

char severity_of_line(std::string_view line) {
  constexpr size_t kSeverityAt = sizeof("2026-01-02T03:04:05.678Z ") - 1;
  return line.size() > kSeverityAt && line[kSeverityAt - 1] == ' ' ? line[kSeverityAt] : '\0';
}

Result<std::string> read_warnings(const std::string& path, size_t limit) {
  std::ifstream file(path);
  if (!file) return Status(Code::kNotFound, "log file " + path + " does not exist");
  std::string kept;
  std::string line;
  while (std::getline(file, line)) {
    const char severity = severity_of_line(line);
    if (severity != 'W' && severity != 'E') continue;
    kept.append(line).append("\n");
    if (kept.size() > 2 * limit) kept.erase(0, kept.find('\n', kept.size() - limit) + 1);
  }
  if (kept.size() > limit) kept.erase(0, kept.find('\n', kept.size() - limit) + 1);
  return kept;
}

std::vector<std::string> list_log_files(const std::string& directory, const std::string& program) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    std::string name = entry.path().filename().string();
    if (name.starts_with(program + ".") && name.ends_with(".log") && entry.is_regular_file(error)) names.push_back(std::move(name));
  }
  // "x.log" is the current file, "x.1.log" the one before.
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  return names;
}

}  // namespace ais::app
