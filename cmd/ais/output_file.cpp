#include "ais/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace ais::cli {
namespace {

/// The permissions that a file made by open(2) with 0666 would get.
mode_t default_mode() {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<OutputFile> OutputFile::create(std::string path) {
  if (path == "-") return OutputFile(STDOUT_FILENO, std::move(path), "");
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return Status(Code::kInvalid, path + " is a directory");
    if (!S_ISREG(info.st_mode)) {
      int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (fd < 0) return Status::from_errno(errno, path);
      return OutputFile(fd, std::move(path), "");
    }
  }
  size_t slash = path.rfind('/');
  std::string directory = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string temporary = directory + ".ais-XXXXXX";
  int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return Status::from_errno(errno, "a file beside " + path);
  OutputFile file(fd, path, temporary);
  if (fchmod(fd, default_mode()) != 0) return Status::from_errno(errno, temporary);
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})) {}

OutputFile::~OutputFile() {
  if (fd_ > STDERR_FILENO) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Status OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Status::from_errno(errno, path_);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Status OutputFile::commit() {
  if (fd_ > STDERR_FILENO && close(std::exchange(fd_, -1)) != 0) return Status::from_errno(errno, path_);
  if (temporary_.empty()) return {};
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return Status::from_errno(errno, path_);
  temporary_.clear();
  return {};
}

}  // namespace ais::cli
