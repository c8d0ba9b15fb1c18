// InputFile: a file that an upload reads, of known size and from any place in it. InputStream: what is read once from its beginning to
// its end: standard input, pipes, devices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "base/units.h"
#include "codec/checksum.h"

namespace ais::cli {

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
  /// What is there, at most `size` bytes; empty at the end, nullopt when nothing came for so long.
  Result<std::optional<std::string>> read_some(size_t size, Nanoseconds patience);

 private:
  InputStream(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::string path_;
};

/// True for what has to be read to its end to know its size: all but regular files, and those of /proc that say they are empty.
bool is_stream(const std::string& path);

class InputFile {
 public:
  /// kInvalid for what is no regular file.
  static Result<InputFile> open(const std::string& path);
  /// A copy in $TMPDIR, without a name: `first`, and then all that comes from `rest`. Blocks until the end of a pipe.
  static Result<InputFile> copy_of(std::string_view first, InputStream& rest);
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

  int fd_;
  uint64_t size_;
};

}  // namespace ais::cli
