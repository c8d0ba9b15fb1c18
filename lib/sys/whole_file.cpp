#include "sys/whole_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "base/units.h"
#include "sys/fault_points.h"

namespace ais::sys {
namespace {

// An open file of a FileSystem.
class OpenFile {
 public:
  OpenFile(FileSystem& files, int fd) : files_(files), fd_(fd) {}
  OpenFile(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) files_.close(fd_);
  }
  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  FileSystem& files_;
  const int fd_;
};

Status failure(ssize_t result, const char* what, const std::string& path) {
  return Status::from_errno(static_cast<int>(-result), std::string(what) + " " + path);
}

Status write_all(FileSystem& files, int fd, std::string_view bytes, const std::string& path) {
  for (uint64_t offset = 0; offset < bytes.size();) {
    const ssize_t count = files.pwrite(fd, bytes.data() + offset, bytes.size() - offset, offset);
    if (count < 0) return failure(count, "write", path);
    offset += static_cast<uint64_t>(count);
  }
  return {};
}

Status write_temporary(FileSystem& files, const std::string& path, std::string_view bytes, const ReplaceOptions& options) {
  const OpenFile file(files, files.open_at(AT_FDCWD, path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, options.mode));
  if (!file.is_open()) return failure(file.get(), "create", path);
  AIS_RETURN_IF_ERROR(write_all(files, file.get(), bytes, path));
  if (options.durability == Durability::kNone) return {};
  const int synced = files.fsync(file.get());
  return synced < 0 ? failure(synced, "sync", path) : Status();
}

Status sync_directory_of(FileSystem& files, const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
  const OpenFile handle(files, files.open_at(AT_FDCWD, directory.c_str(), O_RDONLY | O_DIRECTORY, 0));
  if (!handle.is_open()) return failure(handle.get(), "open", directory);
  const int synced = files.fsync(handle.get());
  return synced < 0 ? failure(synced, "sync", directory) : Status();
}

}  // namespace

std::string temporary_of(const std::string& path) { return path + ".tmp"; }

Status replace_file(FileSystem& files, const std::string& path, std::string_view bytes, ReplaceOptions options) {
  const std::string temporary = temporary_of(path);
  Status status = write_temporary(files, temporary, bytes, options);
  if (status.ok()) {
    AIS_FAULT_POINT("replace.before_rename");
    const int renamed = files.rename_at(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), 0);
    if (renamed < 0) status = failure(renamed, "rename", temporary);
  }
  if (!status.ok()) {
    (void)files.unlink_at(AT_FDCWD, temporary.c_str(), 0);  // on a full disk it takes room that others need
    return status;
  }
  AIS_FAULT_POINT("replace.after_rename");
  return options.durability == Durability::kName ? sync_directory_of(files, path) : Status();
}

Result<std::string> read_file(FileSystem& files, const std::string& path, size_t limit) {
  const OpenFile file(files, files.open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK, 0));
  if (!file.is_open()) return failure(file.get(), "open", path);
  std::string text;
  char buffer[16 * kKiB];
  while (true) {
    const ssize_t count = files.pread(file.get(), buffer, sizeof buffer, text.size());
    if (count == 0 || count == -ESPIPE) return text;
    if (count < 0) return failure(count, "read", path);
    if (text.size() + static_cast<size_t>(count) > limit)
      return Status(Code::kPayloadTooLarge, path + ": larger than " + format_size(limit));
    text.append(buffer, static_cast<size_t>(count));
  }
}

Status make_directories(FileSystem& files, const std::string& path, mode_t mode) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    const int made = files.mkdir_at(AT_FDCWD, part.c_str(), mode);
    if (made < 0 && made != -EEXIST) return failure(made, "create directory", part);
    if (slash == std::string::npos) return {};
  }
}

}  // namespace ais::sys
