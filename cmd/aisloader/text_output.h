// Files that a run writes: lines as it goes, and pages that appear whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::loader {

/// A file that lines are added to. The first failure is kept: a measurement goes on without it and says so at its end.
class LineFile {
 public:
  LineFile() = default;
  LineFile(const LineFile&) = delete;
  ~LineFile();
  /// Begins the file anew.
  Status open(const std::string& path);
  bool is_open() const { return fd_ >= 0; }
  void add(std::string_view text);
  /// The first failure, or that of closing.
  Status finish();

 private:
  std::string path_;
  int fd_ = -1;
  Status failed_;
};

/// Replaces the file by one with this text, or leaves it as it was.
Status write_page(const std::string& path, std::string_view text);

}  // namespace ais::loader
