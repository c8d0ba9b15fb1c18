// OutputFile: where an object that is downloaded goes. A regular file appears under its name whole or not at all: bytes go to a
// hidden file beside it, which commit() renames and the destructor removes. Devices, pipes and "-" are written directly.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::cli {

class OutputFile {
 public:
  /// `path` "-" is standard output. An existing regular file is replaced only by commit(). Missing directories are not made.
  static Result<OutputFile> create(std::string path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// All of `bytes`, blocking.
  Status write(std::string_view bytes);
  Status commit();

 private:
  OutputFile(int fd, std::string path, std::string temporary) : fd_(fd), path_(std::move(path)), temporary_(std::move(temporary)) {}

  int fd_;
  std::string path_;
  std::string temporary_;  // "" when written directly
};

}  // namespace ais::cli
