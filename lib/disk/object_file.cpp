#include "disk/object_file.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

namespace ais::disk {
namespace {

using Lookup = sys::FileSystem::Lookup;

constexpr size_t kXattrBytesMax = 4096;
// What most metadata fits in. The kernel allocates and clears as much as it is offered, so the large buffer is offered second.
constexpr size_t kXattrBytesUsual = 512;

int64_t to_ns(const timespec& time) { return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec; }

bool means_absent(int error) {
  // EXDEV: a way out of the bucket, never one of ours.
  return error == ENOENT || error == ENOTDIR || error == EISDIR || error == ENAMETOOLONG || error == EXDEV;
}

bool means_foreign(int error) {
  // ELOOP: a symbolic link, also in the place of a directory of the name. ENXIO: a socket or a device.
  return error == ELOOP || error == ENXIO;
}

/// Somebody put something else where the object's file belongs: it cannot be read, which is not the same as its absence.
Status not_a_file() { return make_status(Code::kCorrupt, "a link, pipe, socket or device is in the place of its file"); }

}  // namespace

ObjectFile::ObjectFile(ObjectFile&& other) noexcept
    : location(std::move(other.location)),
      metadata(std::move(other.metadata)),
      mtime_ns(other.mtime_ns),
      atime_ns(other.atime_ns),
      sound(std::move(other.sound)),
      files_(other.files_),
      fd_(other.release()) {}

ObjectFile& ObjectFile::operator=(ObjectFile&& other) noexcept {
  if (this == &other) return *this;
  close();
  location = std::move(other.location);
  metadata = std::move(other.metadata);
  mtime_ns = other.mtime_ns;
  atime_ns = other.atime_ns;
  sound = std::move(other.sound);
  files_ = other.files_;
  fd_ = other.release();
  return *this;
}

void ObjectFile::close() {
  if (fd_ >= 0) files_->close(release());
}

/// One search for one object.
class ObjectFinder {
 public:
  ObjectFinder(const BucketDirectory& bucket, std::string_view object, std::string_view uname)
      : bucket_(bucket), object_(object), uname_(uname) {}

  /// One attempt at one place.
  Result<std::optional<ObjectFile>> find_at(ObjectLocation location, Lookup lookup) const {
    // O_NONBLOCK: a foreign FIFO must not hang us.
    constexpr int kFlags = O_RDONLY | O_NOATIME | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    ObjectFile file(bucket_.files);
    file.location = std::move(location);
    const int fd = bucket_.files.open_beneath(bucket_.base(file.location.hashed), file.location.path.c_str(), kFlags, lookup);
    if (fd == -EAGAIN) return make_status(Code::kUnavailable, "not in memory");
    if (fd < 0) {
      if (means_absent(-fd)) return std::optional<ObjectFile>();
      if (!means_foreign(-fd)) return read_error(-fd);
      file.sound = not_a_file();
    } else {
      file.fd_ = fd;
      AIS_TRY(const bool is_there, inspect(file));
      if (!is_there) return std::optional<ObjectFile>();
    }
    return std::optional<ObjectFile>(std::move(file));
  }

 private:
  Status read_error(int error) const { return Status::from_errno(error, "read " + std::string(uname_)); }

  /// Reads metadata and stat of an open file into `file`; false for a directory.
  Result<bool> inspect(ObjectFile& file) const {
    struct stat info {};
    if (int error = bucket_.files.fstat(file.fd(), &info); error < 0) return read_error(-error);
    if (S_ISDIR(info.st_mode)) return false;
    if (!S_ISREG(info.st_mode)) {
      file.close();
      file.sound = not_a_file();
      return true;
    }
    file.mtime_ns = to_ns(info.st_mtim);
    file.atime_ns = to_ns(info.st_atim);
    char bytes[kXattrBytesMax];
    ssize_t size = bucket_.files.fget_xattr(file.fd(), kMetadataXattr, bytes, kXattrBytesUsual);
    if (size == -ERANGE) size = bucket_.files.fget_xattr(file.fd(), kMetadataXattr, bytes, sizeof(bytes));
    if (size == -ENODATA || size == -ERANGE) {
      file.sound = make_status(Code::kCorrupt, "object has no valid metadata");
      return true;
    }
    if (size < 0) return read_error(static_cast<int>(-size));
    Result<meta::ObjectMetadata> metadata = meta::ObjectMetadata::decode({bytes, static_cast<size_t>(size)});
    if (!metadata.ok()) {
      file.sound = std::move(metadata).take_status();
      return true;
    }
    file.metadata = std::move(metadata).value();
    if (file.metadata.size != static_cast<uint64_t>(info.st_size)) {
      file.sound = make_status(Code::kCorrupt, "object has %llu bytes, its metadata says %llu",
                               static_cast<unsigned long long>(info.st_size), static_cast<unsigned long long>(file.metadata.size));
    } else if (file.location.hashed && file.metadata.true_name != object_) {
      file.sound = make_status(Code::kCorrupt, "the object stored under this digest has another name");
    }
    return true;
  }

  const BucketDirectory& bucket_;
  const std::string_view object_;
  const std::string_view uname_;
};

Result<std::optional<ObjectFile>> find_object(const BucketDirectory& bucket, std::string_view object, std::string_view uname,
                                              Lookup lookup) {
  const ObjectFinder finder(bucket, object, uname);
  if (is_plain_path(object)) {
    auto found = finder.find_at({.hashed = false, .path = std::string(object)}, lookup);
    if (!found.ok() || found.value()) return found;
  }
  if (!bucket.has_hashed()) return std::optional<ObjectFile>();
  return finder.find_at({.hashed = true, .path = hashed_path(uname)}, lookup);
}

Status unsound(const ObjectFile& file, std::string_view uname) {
  Status status = file.sound.with_context(uname);
  // Clients look for these words at the beginning.
  return file.sound.code() == Code::kBadChecksum ? status.with_context("BAD DATA CHECKSUM") : status;
}

}  // namespace ais::disk
