// Descriptor: an open file that is closed when its owner goes. And whole texts from and to open files, for callers that may block and
// need no FileSystem to fail on request.
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"

namespace ais::sys {

class Descriptor {
 public:
  Descriptor() = default;
  /// Takes what open() returned, -1 included.
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

/// Writes all of it to an open file or pipe; `path` names it in the error. Does not sync.
Status write_all(int fd, std::string_view bytes, const std::string& path);
/// What is left of an open file; kPayloadTooLarge beyond `limit` bytes.
Result<std::string> read_all(int fd, size_t limit, const std::string& path);

}  // namespace ais::sys
