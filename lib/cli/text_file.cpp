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

std::string real_path(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) ? std::string(resolved) : path;
}

}  // namespace

Result<std::optional<std::string>> read_text_file(const std::string& path) {
  const sys::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>();
  if (!file.is_open()) return Status::from_errno(errno, path);
  AIS_TRY(std::string text, sys::read_all(file.get(), kTextMax, path));
  return std::optional<std::string>(std::move(text));
}

Status replace_text_file(const std::string& path, std::string_view text) {
  std::string target = real_path(path);
  std::string temporary = target + ".XXXXXX";
  const sys::Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return Status::from_errno(errno, target);
  struct stat before {};
  mode_t mode = ::stat(target.c_str(), &before) == 0 ? before.st_mode & 0777 : 0644;
  Status status = ::fchmod(file.get(), mode) == 0 ? Status() : Status::from_errno(errno, target);
  if (status.ok()) status = sys::write_all(file.get(), text, target);
  if (status.ok() && ::fsync(file.get()) != 0 && errno != EINVAL) status = Status::from_errno(errno, target);
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
  DirectoryLock lock(sys::Descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  if (!lock.directory_.is_open()) return Status::from_errno(errno, directory);
  while (::flock(lock.directory_.get(), LOCK_EX) != 0)
    if (errno != EINTR) return Status::from_errno(errno, directory);
  return lock;
}

}  // namespace ais::cli
