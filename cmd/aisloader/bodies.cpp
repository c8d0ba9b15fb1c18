#include "aisloader/bodies.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/units.h"

namespace ais::loader {
namespace {

/// A file without a name: it is gone when the loader ends, however it ends.
Result<int> open_unnamed(const std::string& directory) {
  int fd = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  if (errno != EOPNOTSUPP && errno != EISDIR) return Status::from_errno(errno, "--tmpdir " + directory);
  std::string path = directory + "/aisloader-XXXXXX";
  fd = mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return Status::from_errno(errno, "--tmpdir " + directory);
  unlink(path.c_str());
  return fd;
}

}  // namespace

Status BodyMaker::check_memory(ReaderType type, uint64_t size_max, uint64_t workers) {
  bool made = type == ReaderType::kRandom || type == ReaderType::kTar;
  if (!made || size_max <= kMadeBytesMax / workers) return {};
  return Status(Code::kInvalid, "--readertype rand and tar make each body in memory: --maxsize times --numworkers must not be more than " +
                                    format_size(kMadeBytesMax));
}

Result<BodyMaker> BodyMaker::create(const Options& options) {
  AIS_RETURN_IF_ERROR(check_memory(options.type, options.size_max, options.workers));
  AIS_TRY(RandomBuffer bytes, RandomBuffer::create(options.size_max, options.seed));
  BodyMaker maker(options.type, std::move(bytes));
  if (options.type == ReaderType::kFile)
    AIS_RETURN_IF_ERROR(maker.write_file(options.directory, options.size_max + RandomBuffer::kStartsMax));
  return maker;
}

BodyMaker::BodyMaker(BodyMaker&& other) noexcept : type_(other.type_), bytes_(std::move(other.bytes_)), fd_(std::exchange(other.fd_, -1)) {}

BodyMaker::~BodyMaker() {
  if (fd_ >= 0) close(fd_);
}

Status BodyMaker::write_file(const std::string& directory, uint64_t size) {
  constexpr uint64_t kPiece = 8 << 20;
  AIS_TRY(fd_, open_unnamed(directory));
  if (int error = posix_fallocate(fd_, 0, static_cast<off_t>(size)); error != 0)
    return Status::from_errno(error, "a file of " + format_size(size) + " for PUT bodies in " + directory);
  for (uint64_t offset = 0; offset < size;) {
    std::string_view piece = bytes_.all().substr(offset, kPiece);
    ssize_t written = pwrite(fd_, piece.data(), std::min<uint64_t>(piece.size(), size - offset), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Status::from_errno(errno, "the file for PUT bodies in " + directory);
    offset += static_cast<uint64_t>(written);
  }
  return {};
}

Body BodyMaker::make(uint64_t size, uint64_t salt, std::vector<char>& buffer) const {
  Body body;
  switch (type_) {
    case ReaderType::kMemory: body.text = bytes_.view(size, salt); return body;
    case ReaderType::kFile:
      body.fd = fd_;
      body.offset = salt % RandomBuffer::kStartsMax;
      body.size = size;
      return body;
    case ReaderType::kRandom:
      buffer.resize(size);
      fill_random(buffer.data(), size, salt);
      break;
    case ReaderType::kTar:
      buffer.resize(size);
      write_tar(buffer, bytes_.view(size, salt));
      break;
  }
  body.text = std::string_view(buffer.data(), buffer.size());
  return body;
}

}  // namespace ais::loader
