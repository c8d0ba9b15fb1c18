#include "ais/file/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include "sys/descriptor.h"

namespace ais::cli {
namespace {

constexpr size_t kCopyBytes = 1 << 20;

std::string shown(const std::string& path) { return path == "-" ? "standard input" : path; }

Result<int> unnamed_file() {
  const char* directory = std::getenv("TMPDIR");
  std::string path = std::string(directory && *directory ? directory : "/tmp") + "/ais-XXXXXX";
  int fd = mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return Status::from_errno(errno, path);
  unlink(path.c_str());
  return fd;
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path) {
  int fd = path == "-" ? dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Status::from_errno(errno, shown(path));
  InputFile file(fd, 0);
  struct stat info {};
  if (fstat(fd, &info) != 0) return Status::from_errno(errno, path);
  if (S_ISDIR(info.st_mode)) return Status(Code::kInvalid, path + " is a directory");
  // Standard input may stand in the middle of its file; a copy of the rest is what the user meant.
  if (!S_ISREG(info.st_mode) || path == "-") return spool(fd, path);
  // Files of /proc and the like say that they are empty.
  char first = 0;
  if (info.st_size == 0 && pread(fd, &first, 1, 0) == 1) return spool(fd, path);
  file.size_ = static_cast<uint64_t>(info.st_size);
  return file;
}

Result<InputFile> InputFile::spool(int from, const std::string& path) {
  AIS_TRY(int to, unnamed_file());
  InputFile out(to, 0);
  std::vector<char> buffer(kCopyBytes);
  while (true) {
    ssize_t got = read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Status::from_errno(errno, shown(path));
    if (got == 0) return out;
    AIS_RETURN_IF_ERROR(sys::write_all(to, {buffer.data(), static_cast<size_t>(got)}, "temporary file"));
    out.size_ += static_cast<uint64_t>(got);
  }
}

InputFile::~InputFile() {
  if (fd_ >= 0) close(fd_);
}

Status InputFile::read_at(uint64_t offset, char* data, size_t size) const {
  while (size > 0) {
    ssize_t got = pread(fd_, data, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Status::from_errno(errno, "read");
    if (got == 0) return {Code::kInputOutput, "the file became shorter while it was read"};
    data += got;
    offset += static_cast<uint64_t>(got);
    size -= static_cast<size_t>(got);
  }
  return {};
}

Result<std::string> InputFile::read_all() const {
  std::string text(size_, '\0');
  AIS_RETURN_IF_ERROR(read_at(0, text.data(), text.size()));
  return text;
}

Result<codec::Checksum> InputFile::checksum(codec::ChecksumType type) const {
  codec::Hasher hasher(type);
  std::vector<char> buffer(std::min<uint64_t>(kCopyBytes, size_));
  for (uint64_t offset = 0; offset < size_; offset += buffer.size()) {
    size_t want = std::min<uint64_t>(buffer.size(), size_ - offset);
    AIS_RETURN_IF_ERROR(read_at(offset, buffer.data(), want));
    hasher.update({buffer.data(), want});
  }
  return hasher.finish();
}

Result<InputStream> InputStream::open(const std::string& path) {
  int fd = path == "-" ? dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Status::from_errno(errno, path);
  InputStream stream(fd, path);
  struct stat info {};
  if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) return Status(Code::kInvalid, path + " is a directory");
  return stream;
}

InputStream::~InputStream() {
  if (fd_ >= 0) close(fd_);
}

Result<std::string> InputStream::read(size_t size) {
  std::string out(size, '\0');
  size_t used = 0;
  while (used < size) {
    ssize_t got = ::read(fd_, out.data() + used, size - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Status::from_errno(errno, shown(path_));
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  out.resize(used);
  return out;
}

}  // namespace ais::cli
