#include "sys/descriptor.h"

#include <cerrno>

#include "base/units.h"

namespace ais::sys {

Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Status::from_errno(errno, path);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

Result<std::string> read_all(int fd, size_t limit, const std::string& path) {
  std::string text;
  char buffer[16 * 1024];
  while (true) {
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Status::from_errno(errno, path);
    if (count == 0) return text;
    if (text.size() + static_cast<size_t>(count) > limit)
      return Status(Code::kPayloadTooLarge, path + ": larger than " + format_size(limit));
    text.append(buffer, static_cast<size_t>(count));
  }
}

}  // namespace ais::sys
