// Files of a user: small ones are read and replaced whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "sys/descriptor.h"

namespace ais::cli {

/// nullopt when there is no such file, also where its directories are none. Blocking; for files of at most 16 MiB, larger ones are
/// kPayloadTooLarge.
Result<std::optional<std::string>> read_text_file(const std::string& path);
/// The file has the old text or the new one, never a part, also after a crash. A symbolic link is followed and stays.
Status replace_text_file(const std::string& path, std::string_view text);
/// Makes the directory and those above it that are missing.
Status make_directories(const std::string& path);

/// Keeps other processes that lock the same directory waiting, so that reading a file and replacing it is one step. Released by the
/// destructor, and by the kernel when the process dies.
class DirectoryLock {
 public:
  static Result<DirectoryLock> take(const std::string& directory);

 private:
  explicit DirectoryLock(sys::Descriptor directory) : directory_(std::move(directory)) {}
  sys::Descriptor directory_;
};

}  // namespace ais::cli
