// Batch: the account of a command that moves or removes many objects: what was done, what failed, progress on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ais/invocation.h"
#include "base/status.h"

namespace ais::cli {

class Batch {
 public:
  /// `verb` for people, in the past: "uploaded".
  Batch(Invocation& invocation, std::string verb);
  ~Batch();
  Batch(const Batch&) = delete;

  /// Bytes that just moved, of an object that may not be complete yet.
  void add_bytes(uint64_t bytes);
  void object_done();
  /// Reported at once on err; the first kFailuresKept are in the JSON result too.
  void object_failed(std::string_view name, const Status& why);
  /// Prints the result ("uploaded 12 objects, 3MiB", or JSON) and returns an error when anything failed.
  Status finish();
  uint64_t failed() const { return failed_; }

 private:
  static constexpr size_t kFailuresKept = 1000;
  void show_progress();
  void clear_progress();

  Invocation& invocation_;
  const std::string verb_;
  const std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point shown_;
  bool progress_on_screen_ = false;
  uint64_t objects_ = 0;
  uint64_t bytes_ = 0;
  uint64_t failed_ = 0;
  std::vector<std::pair<std::string, std::string>> failures_;
};

}  // namespace ais::cli
