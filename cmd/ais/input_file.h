// InputFile: what an upload reads. Anything that is not a regular file (standard input, a pipe) is copied to an unnamed file in
// $TMPDIR first, so that its size is known before the first byte is sent and a redirect can be followed.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/status.h"
#include "codec/checksum.h"

namespace ais::cli {

class InputFile {
 public:
  /// "-" is standard input. Blocks until the end of a pipe.
  static Result<InputFile> open(const std::string& path);
  InputFile(InputFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}
  InputFile& operator=(InputFile&&) = delete;
  ~InputFile();
  int fd() const { return fd_; }
  uint64_t size() const { return size_; }
  /// Reads the whole file, blocking.
  Result<codec::Checksum> checksum(codec::ChecksumType type) const;

 private:
  InputFile(int fd, uint64_t size) : fd_(fd), size_(size) {}
  static Result<InputFile> spool(int from, const std::string& path);

  int fd_;
  uint64_t size_;
};

}  // namespace ais::cli
