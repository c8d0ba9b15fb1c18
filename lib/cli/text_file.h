// Files of a user: small ones are read and replaced whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"

namespace ais::cli {

/// nullopt when there is no such file. Blocking; for files of at most 16 MiB, larger ones are kInvalid.
Result<std::optional<std::string>> read_text_file(const std::string& path);
/// The file has the old text or the new one, never a part, also after a crash. A symbolic link is followed and stays.
Status replace_text_file(const std::string& path, std::string_view text);
/// Writes all of it to an open file or pipe; `path` names it in the error. Does not sync.
Status write_all(int fd, std::string_view bytes, const std::string& path);
/// Makes the directory and those above it that are missing.
Status make_directories(const std::string& path);

/// Keeps other processes that lock the same directory waiting, so that reading a file and replacing it is one step. Released by the
/// destructor, and by the kernel when the process dies.
class DirectoryLock {
 public:
  static Result<DirectoryLock> take(const std::string& directory);
  DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace ais::cli
