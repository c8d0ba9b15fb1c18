#include "ais/file/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "base/strings.h"
#include "sys/descriptor.h"

namespace ais::cli {
namespace {

/// What went wrong with a name, for people who did not choose it: objects have names that files cannot have.
Status name_error(int error_number, const std::string& path) {
  switch (error_number) {
    case ENAMETOOLONG: return Status(Code::kInvalid, "the name, or a part of it between slashes, is too long for a file");
    case EISDIR: return Status(Code::kInvalid, path + " is a directory");
    case ENOTDIR: return Status(Code::kInvalid, path + ": a file stands where the name needs a directory");
    default: return Status::from_errno(error_number, path);
  }
}

/// Gives an unnamed file a name. Up to Linux 6.9 only a privileged process may name it by its descriptor; through /proc anybody may.
bool give_name(int fd, const std::string& path) {
  static std::atomic<bool> by_descriptor{true};
  if (by_descriptor.load(std::memory_order_relaxed)) {
    if (linkat(fd, "", AT_FDCWD, path.c_str(), AT_EMPTY_PATH) == 0) return true;
    if (errno == EEXIST) return false;
  }
  std::string link = "/proc/self/fd/" + std::to_string(fd);
  if (linkat(AT_FDCWD, link.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) != 0) return false;
  by_descriptor.store(false, std::memory_order_relaxed);
  return true;
}

}  // namespace

std::optional<int> own_descriptor(const std::string& path) {
  namespace fs = std::filesystem;
  constexpr int kLinksMax = 16;
  fs::path at(path);
  std::error_code error;
  for (int links = 0; links < kLinksMax; ++links) {
    fs::path parent = fs::canonical(at.has_parent_path() ? at.parent_path() : fs::path("."), error);
    if (error) return std::nullopt;
    std::string name = at.filename().string();
    if (parent == "/proc/" + std::to_string(getpid()) + "/fd") {
      std::optional<uint64_t> number = parse_uint(name);
      return number && *number <= INT_MAX ? std::optional(static_cast<int>(*number)) : std::nullopt;
    }
    fs::path next = fs::read_symlink(parent / name, error);
    if (error) return std::nullopt;
    at = next.is_absolute() ? next : parent / next;
  }
  return std::nullopt;
}

Result<OutputFile> OutputFile::create(std::string path, PartialFolder& partial) {
  if (path == "-") return OutputFile(STDOUT_FILENO, std::move(path), "");
  if (std::optional<int> descriptor = own_descriptor(path)) {
    int fd = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return Status::from_errno(errno, path);
    return OutputFile(fd, std::move(path), "");
  }
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return name_error(EISDIR, path);
    if (!S_ISREG(info.st_mode)) {
      int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (fd < 0) return Status::from_errno(errno, path);
      return OutputFile(fd, std::move(path), "");
    }
  } else if (errno != ENOENT) {
    return name_error(errno, path);
  }
  AIS_TRY(PartialFolder::File file, partial.create_file());
  return OutputFile(file.fd, std::move(path), std::move(file.path));
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})) {}

OutputFile::~OutputFile() {
  if (fd_ > STDERR_FILENO) close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Status OutputFile::write(std::string_view bytes) { return sys::write_all(fd_, bytes, path_ == "-" ? "standard output" : path_); }

Status OutputFile::commit() {
  if (fd_ > STDERR_FILENO && close(std::exchange(fd_, -1)) != 0) return Status::from_errno(errno, path_);
  if (temporary_.empty()) return {};
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return name_error(errno, path_);
  temporary_.clear();
  return {};
}

Result<NewFile> write_new_file(const std::string& parent, const std::string& path, std::string_view bytes) {
  constexpr mode_t kMode = 0666;
  sys::Descriptor file(open(parent.empty() ? "." : parent.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, kMode));
  bool unsupported = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL;
  if (!file.is_open()) return unsupported ? NewFile::kUnsupported : NewFile::kNotHere;
  AIS_RETURN_IF_ERROR(sys::write_all(file.get(), bytes, path));
  return give_name(file.get(), path) ? NewFile::kWritten : NewFile::kNotHere;
}

}  // namespace ais::cli
