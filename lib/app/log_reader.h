// Reading a log on from a place in it, also when the log was rotated since: what follows stands in the same file, which has another
// name now, and in the files that were begun after it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::app {

/// A place in one of a log's files. Files are told apart by inode and time of birth, which rotation keeps.
struct LogPosition {
  uint64_t inode = 0;
  int64_t born_ns = 0;
  uint64_t offset = 0;

  /// "inode-born-offset"; for clients it means nothing but the place.
  std::string to_string() const;
  static std::optional<LogPosition> parse(std::string_view text);
};

struct LogPiece {
  std::string text;      // whole lines, in the order in which they were written
  LogPosition next;      // behind them: the next piece begins there
  bool more = false;     // there is something behind `next` already
  bool is_late = false;  // lines behind the place that was asked for are gone: the text begins with the oldest ones left
};

/// What stands behind `after`, or in the current file when it is not given: at most about `limit` bytes of it, of them warnings and
/// errors only when that is wanted. kNotFound when there is no log. Blocking.
Result<LogPiece> read_log_after(const std::string& directory, const std::string& program, const std::optional<LogPosition>& after,
                                bool only_warnings, size_t limit);

}  // namespace ais::app
