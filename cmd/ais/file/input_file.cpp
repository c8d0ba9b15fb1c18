#include "ais/file/input_file.h"

#include <fcntl.h>
#include <poll.h>
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

bool is_stream(const std::string& path) {
  struct stat info {};
  if (path == "-") return true;
  return stat(path.c_str(), &info) == 0 && !S_ISDIR(info.st_mode) && (!S_ISREG(info.st_mode) || info.st_size == 0);
}

Result<InputFile> InputFile::open(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe is refused, not waited for
  if (fd < 0) return Status::from_errno(errno, path);
  InputFile file(fd, 0);
  struct stat info {};
  if (fstat(fd, &info) != 0) return Status::from_errno(errno, path);
  if (S_ISDIR(info.st_mode)) return Status(Code::kInvalid, path + " is a directory");
  if (!S_ISREG(info.st_mode)) return Status(Code::kInvalid, path + " is no regular file");
  file.size_ = static_cast<uint64_t>(info.st_size);
  return file;
}

Result<InputFile> InputFile::copy_of(std::string_view first, InputStream& rest) {
  AIS_TRY(int to, unnamed_file());
  InputFile out(to, 0);
  std::string read;
  for (std::string_view piece = first; !piece.empty(); piece = read) {
    AIS_RETURN_IF_ERROR(sys::write_all(to, piece, "temporary file"));
    out.size_ += piece.size();
    AIS_TRY(read, rest.read(kCopyBytes));
  }
  return out;
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
  if (fd < 0) return Status::from_errno(errno, shown(path));
  InputStream stream(fd, path);
  struct stat info {};
  if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) return Status(Code::kInvalid, path + " is a directory");
  return stream;
}

Result<std::optional<std::string>> InputStream::read_some(size_t size, Nanoseconds patience) {
  pollfd ready{fd_, POLLIN, 0};
  const auto wait = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(patience).count());
  int count;
  do count = poll(&ready, 1, wait);
  while (count < 0 && errno == EINTR);
  if (count == 0) return std::optional<std::string>();
  std::string out(size, '\0');
  ssize_t got;
  do got = ::read(fd_, out.data(), size);
  while (got < 0 && errno == EINTR);
  if (got < 0) return Status::from_errno(errno, shown(path_));
  out.resize(static_cast<size_t>(got));
  return std::optional(std::move(out));
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
