#include "aisloader/text_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "cli/text_file.h"
#include "sys/descriptor.h"

namespace ais::loader {
namespace {

/// A pipe or device cannot be replaced, it is written to.
bool is_special(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
}

Result<int> open_to_write(const std::string& path) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return Status::from_errno(errno, path);
  return fd;
}

}  // namespace

LineFile::~LineFile() {
  if (fd_ >= 0) close(fd_);
}

Status LineFile::open(const std::string& path) {
  path_ = path;
  AIS_TRY(fd_, open_to_write(path));
  return {};
}

void LineFile::add(std::string_view text) {
  if (fd_ >= 0 && failed_.ok()) failed_ = sys::write_all(fd_, text, path_);
}

Status LineFile::finish() {
  if (fd_ >= 0 && close(std::exchange(fd_, -1)) != 0 && failed_.ok()) failed_ = Status::from_errno(errno, path_);
  return failed_;
}

Status write_page(const std::string& path, std::string_view text) {
  if (is_special(path)) {
    AIS_TRY(int fd, open_to_write(path));
    Status written = sys::write_all(fd, text, path);
    close(fd);
    return written;
  }
  return cli::replace_text_file(path, text);
}

}  // namespace ais::loader
