#include "cli/text_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include "base/units.h"

namespace ais::cli {
namespace {

constexpr uint64_t kTextMax = 16 * kMiB;

/// A descriptor that is closed at the end.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::string real_path(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) ? std::string(resolved) : path;
}

}  // namespace

Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Status::from_errno(errno, path);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

Result<std::optional<std::string>> read_text_file(const std::string& path) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.fd < 0) return Status::from_errno(errno, path);
  std::string text;
  char buffer[16384];
  while (true) {
    ssize_t count = ::read(file.fd, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Status::from_errno(errno, path);
    if (count == 0) return std::optional<std::string>(std::move(text));
    text.append(buffer, static_cast<size_t>(count));
    if (text.size() > kTextMax) return Status(Code::kInvalid, path + ": larger than 16MiB");
  }
}

Status replace_text_file(const std::string& path, std::string_view text) {
  std::string target = real_path(path);
  std::string temporary = target + ".XXXXXX";
  Descriptor file{::mkostemp(temporary.data(), O_CLOEXEC)};
  if (file.fd < 0) return Status::from_errno(errno, target);
  struct stat before {};
  mode_t mode = ::stat(target.c_str(), &before) == 0 ? before.st_mode & 0777 : 0644;
  Status status = ::fchmod(file.fd, mode) == 0 ? Status() : Status::from_errno(errno, target);
  if (status.ok()) status = write_all(file.fd, text, target);
  if (status.ok() && ::fsync(file.fd) != 0 && errno != EINVAL) status = Status::from_errno(errno, target);
  if (status.ok() && ::rename(temporary.c_str(), target.c_str()) != 0) status = Status::from_errno(errno, target);
  if (!status.ok()) ::unlink(temporary.c_str());
  return status;
}

Status make_directories(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    std::string part = path.substr(0, slash);
    if (::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) return Status::from_errno(errno, part);
    if (slash == std::string::npos) return {};
  }
}

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  DirectoryLock lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.fd_ < 0) return Status::from_errno(errno, directory);
  while (::flock(lock.fd_, LOCK_EX) != 0)
    if (errno != EINTR) return Status::from_errno(errno, directory);
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace ais::cli
