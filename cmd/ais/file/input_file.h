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
  InputFile& operator=(InputFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    size_ = other.size_;
    return *this;
  }
  ~InputFile();
  int fd() const { return fd_; }
  uint64_t size() const { return size_; }
  /// All bytes of a small file, blocking. kInputOutput when it became shorter since it was opened.
  Result<std::string> read_all() const;
  /// Reads the whole file, blocking.
  Result<codec::Checksum> checksum(codec::ChecksumType type) const;

 private:
  InputFile(int fd, uint64_t size) : fd_(fd), size_(size) {}
  Status read_at(uint64_t offset, char* data, size_t size) const;
  static Result<InputFile> spool(int from, const std::string& path);

  int fd_;
  uint64_t size_;
};

/// A file, device or pipe that is read once from its beginning to its end.
class InputStream {
 public:
  /// "-" is standard input.
  static Result<InputStream> open(const std::string& path);
  InputStream(InputStream&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}
  InputStream& operator=(InputStream&&) = delete;
  ~InputStream();
  /// The next bytes, `size` of them unless the end comes first; empty at the end. Blocks.
  Result<std::string> read(size_t size);

 private:
  InputStream(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::string path_;
};

}  // namespace ais::cli
