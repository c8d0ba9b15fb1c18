#include "store/publishing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/vfs.h>

#include <algorithm>
#include <memory>

#include "base/log.h"
#include "sys/fault_points.h"

namespace ais::store {

namespace {

constexpr size_t kCopyChunk = 1 * kMiB;
constexpr uint64_t kRoomForXattrs = 1 * kMiB;
constexpr size_t kXattrBytesAlways = 512;  // no filesystem refuses so few for another reason than a full disk

using Lookup = sys::FileSystem::Lookup;
constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY;

std::string key_of(const disk::ObjectLocation& location) {
  std::string key = location.hashed ? "h" : "p";
  return key.append(disk::parent_of(location.path));
}

}  // namespace

// --- WorkFile --------------------------------------------------------------------------------------------------------------------

WorkFile& WorkFile::operator=(WorkFile&& other) noexcept {
  if (this == &other) return *this;
  discard();
  context_ = other.context_;
  bucket_ = std::move(other.bucket_);
  fd_ = std::exchange(other.fd_, -1);
  direct_ = other.direct_;
  name_ = std::exchange(other.name_, {});
  fallback_ = std::exchange(other.fallback_, {});
  return *this;
}

void WorkFile::discard() {
  if (fd_ < 0) return;
  if (!name_.empty()) {
    int directory = bucket_->work_fd;
    int error = fallback_.empty() ? context_->files.unlink_at(directory, name_.c_str(), 0)
                                  : context_->files.rename_at(directory, name_.c_str(), directory, fallback_.c_str(), 0);
    if (error < 0 && error != -ENOENT) AIS_WARN("store", "work file %s stays until the next start: errno %d", name_.c_str(), -error);
  }
  context_->files.close(fd_);
  fd_ = -1;
}

Status WorkFile::failure(int error, const char* what) const {
  return context_->io_error(bucket_->mountpath, -error, "bucket " + bucket_->path + ": " + what);
}

Result<WorkFile> WorkFile::create(StoreContext& context, BucketDirectoryPtr bucket, bool direct) {
  WorkFile file;
  file.context_ = &context;
  file.bucket_ = std::move(bucket);
  sys::FileSystem& files = context.files;
  int directory = file.bucket_->work_fd;
  file.direct_ = direct;
  int fd = files.open_at(directory, ".", O_RDWR | O_TMPFILE | (direct ? O_DIRECT : 0), 0644);
  if (fd == -EINVAL && direct) {
    file.direct_ = false;
    fd = files.open_at(directory, ".", O_RDWR | O_TMPFILE, 0644);
  }
  if (fd == -EOPNOTSUPP || fd == -EISDIR || fd == -EINVAL) {  // no unnamed files here
    file.name_ = unique_name(context, "put");
    fd = files.open_at(directory, file.name_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0644);
  }
  if (fd < 0) return file.failure(fd, "create a work file");
  file.fd_ = fd;
  return file;
}

Result<WorkFile> WorkFile::adopt(StoreContext& context, BucketDirectoryPtr bucket, std::string name, int fd, std::string fallback) {
  WorkFile file;
  file.context_ = &context;
  file.bucket_ = std::move(bucket);
  file.fd_ = fd;
  file.name_ = std::move(name);
  file.fallback_ = std::move(fallback);
  return file;
}

Status WorkFile::write(std::string_view bytes, uint64_t offset) {
  while (!bytes.empty()) {
    ssize_t written = context_->files.pwrite(fd_, bytes.data(), bytes.size(), offset);
    if (written == -EINVAL && direct_) {
      direct_ = false;
      if (int error = context_->files.leave_direct_mode(fd_); error < 0) return failure(error, "leave direct mode");
      continue;
    }
    if (written < 0) return failure(static_cast<int>(written), "write");
    if (written == 0) return failure(-ENOSPC, "write");
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return {};
}

Status WorkFile::truncate(uint64_t size) {
  int error = context_->files.ftruncate(fd_, size);
  return error < 0 ? failure(error, "truncate") : Status();
}

Status WorkFile::copy_from(int source, uint64_t size) {
  uint64_t offset = 0;
  bool in_kernel = true;
  std::unique_ptr<char[]> chunk;
  while (offset < size) {
    size_t want = static_cast<size_t>(std::min<uint64_t>(size - offset, in_kernel ? 64 * kMiB : kCopyChunk));
    ssize_t moved = 0;
    if (in_kernel) {
      moved = context_->files.copy_file_range(source, offset, fd_, offset, want);
      if (moved == -EXDEV || moved == -EOPNOTSUPP || moved == -EINVAL || moved == -ENOSYS) {
        in_kernel = false;
        chunk = std::make_unique_for_overwrite<char[]>(kCopyChunk);
        continue;
      }
      if (moved < 0) return failure(static_cast<int>(moved), "copy");
    } else {
      moved = context_->files.pread(source, chunk.get(), want, offset);
      if (moved < 0) return failure(static_cast<int>(moved), "read");
      AIS_RETURN_IF_ERROR(write({chunk.get(), static_cast<size_t>(moved)}, offset));
    }
    if (moved == 0) return make_status(Code::kCorrupt, "object is shorter than its metadata says");
    offset += static_cast<uint64_t>(moved);
  }
  return {};
}

Status WorkFile::copy_hashed(int source, uint64_t size, std::initializer_list<codec::Hasher*> hashers) {
  auto chunk = std::make_unique_for_overwrite<char[]>(kCopyChunk);
  for (uint64_t offset = 0; offset < size;) {
    ssize_t count = context_->files.pread(source, chunk.get(), std::min<uint64_t>(size - offset, kCopyChunk), offset);
    if (count < 0) return failure(static_cast<int>(count), "read");
    if (count == 0) return make_status(Code::kCorrupt, "object is shorter than its metadata says");
    const std::string_view bytes(chunk.get(), static_cast<size_t>(count));
    for (codec::Hasher* hasher : hashers) hasher->update(bytes);
    AIS_RETURN_IF_ERROR(write(bytes, offset));
    offset += bytes.size();
  }
  return {};
}

Result<int64_t> WorkFile::mtime_ns() const {
  struct stat info {};
  if (int error = context_->files.fstat(fd_, &info); error < 0) return failure(error, "stat");
  return static_cast<int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
}

Status WorkFile::set_mtime(int64_t wall_ns) {
  int error = context_->files.set_times(fd_, wall_ns);
  return error < 0 ? failure(error, "set the time of modification") : Status();
}

bool exceeds_xattrs(int error) { return error == -ENOSPC || error == -E2BIG || error == -ERANGE; }

Status metadata_refused(StoreContext& context, const disk::Mountpath& mountpath, int fd, int error, size_t bytes, const std::string& what) {
  struct statfs room {};
  // A disk that is full says the same; then there is no block for the attributes either.
  const bool has_room = context.files.fstatfs(fd, &room) == 0 && static_cast<uint64_t>(room.f_bavail) * room.f_bsize >= kRoomForXattrs;
  const bool is_limit = exceeds_xattrs(error) && (error != -ENOSPC || (has_room && bytes > kXattrBytesAlways));
  if (!is_limit) return context.io_error(mountpath, -error, what);
  return make_status(
      Code::kInvalid,
      "%s: name and custom metadata need %zu bytes, more than a file of this filesystem can have beside its content (about 4000 "
      "bytes on ext4)",
      what.c_str(), bytes);
}

Status WorkFile::set_metadata(const meta::ObjectMetadata& metadata) {
  AIS_TRY(std::string bytes, metadata.encode());
  int error = context_->files.fset_xattr(fd_, disk::kMetadataXattr, bytes.data(), bytes.size());
  if (error < 0) return metadata_refused(*context_, bucket_->mountpath, fd_, error, bytes.size(), "bucket " + bucket_->path);
  if (metadata.true_name.empty()) return {};
  // A second copy of what the path does not tell. ext4 has one block for all xattrs of a file: a name of some 1900 bytes or more does not
  // fit in twice, and such an object has to do without.
  error = context_->files.fset_xattr(fd_, disk::kNameXattr, metadata.true_name.data(), metadata.true_name.size());
  return error < 0 && !exceeds_xattrs(error) ? failure(error, "store the name") : Status();
}

void WorkFile::leave_named() {
  name_.clear();
  discard();
}

int WorkFile::publish_new(int directory, const char* leaf) {
  if (name_.empty()) return context_->files.link_open_file(fd_, directory, leaf);
  int error = context_->files.rename_at(bucket_->work_fd, name_.c_str(), directory, leaf, RENAME_NOREPLACE);
  if (error == 0) name_.clear();
  return error;
}

int WorkFile::publish_over(int directory, const char* leaf) {
  if (name_.empty()) {
    std::string name = unique_name(*context_, "put");
    int error = context_->files.link_open_file(fd_, bucket_->work_fd, name.c_str());
    if (error < 0) return error;
    name_ = std::move(name);
  }
  AIS_FAULT_POINT("put.before_rename");
  int error = context_->files.rename_at(bucket_->work_fd, name_.c_str(), directory, leaf, 0);
  if (error == 0) name_.clear();
  return error;
}

// --- ParentDirectories -----------------------------------------------------------------------------------------------------------

ParentDirectories::~ParentDirectories() {
  for (const auto& [key, fd] : open_) context_.files.close(fd);
}

int ParentDirectories::make_hashed_root(BucketDirectory& bucket) {
  sys::FileSystem& files = context_.files;
  int error = files.mkdir_at(bucket.directory_fd, disk::kHashedDirectory, 0755);
  if (error < 0 && error != -EEXIST) return error;
  tree_changed_ = true;
  int fd = files.open_beneath(bucket.directory_fd, disk::kHashedDirectory, kOpenDirectory, Lookup::kBlocking);
  if (fd >= 0) bucket.hashed_fd.store(fd, std::memory_order_release);
  return fd;
}

int ParentDirectories::make_path(int base, std::string_view path) {
  sys::FileSystem& files = context_.files;
  int current = base;
  while (!path.empty()) {
    std::string component(path.substr(0, path.find('/')));
    path.remove_prefix(std::min(path.size(), component.size() + 1));
    int error = files.mkdir_at(current, component.c_str(), 0755);
    int next = -1;
    if (error == 0 || error == -EEXIST) {
      if (error == 0) tree_changed_ = true;
      next = files.open_beneath(current, component.c_str(), kOpenDirectory, Lookup::kBlocking);
    } else {
      next = error;
    }
    if (current != base) files.close(current);
    if (next < 0) return next;
    current = next;
  }
  return current;
}

int ParentDirectories::open(BucketDirectory& bucket, const disk::ObjectLocation& location, Missing missing) {
  int base = bucket.base(location.hashed);
  if (base < 0) {
    if (missing == Missing::kFail) return -ENOENT;
    base = make_hashed_root(bucket);
    if (base < 0) return base;
  }
  std::string_view parent = disk::parent_of(location.path);
  if (parent.empty()) return base;
  std::pair<const BucketDirectory*, std::string> key(&bucket, key_of(location));
  if (auto found = open_.find(key); found != open_.end()) return found->second;
  int fd = context_.files.open_beneath(base, std::string(parent).c_str(), kOpenDirectory, Lookup::kBlocking);
  if (fd == -ENOENT && missing == Missing::kMake) fd = make_path(base, parent);
  if (fd == -ELOOP || fd == -EXDEV) return -ENOTDIR;  // a foreign symbolic link in the way counts as a file
  if (fd >= 0) open_.emplace(std::move(key), fd);
  return fd;
}

void ParentDirectories::forget(BucketDirectory& bucket, const disk::ObjectLocation& location) {
  auto found = open_.find({&bucket, key_of(location)});
  if (found == open_.end()) return;
  context_.files.close(found->second);
  open_.erase(found);
}

void ParentDirectories::remove_empty(BucketDirectory& bucket, const disk::ObjectLocation& location) {
  std::string_view parent = disk::parent_of(location.path);
  while (!parent.empty()) {
    if (context_.files.unlink_at(bucket.base(location.hashed), std::string(parent).c_str(), AT_REMOVEDIR) < 0) return;
    tree_changed_ = true;
    forget(bucket, {.hashed = location.hashed, .path = std::string(parent) + "/x"});
    parent = disk::parent_of(parent);
  }
}

}  // namespace ais::store
