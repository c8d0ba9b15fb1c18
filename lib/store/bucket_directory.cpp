#include "store/bucket_directory.h"

#include <errno.h>
#include <fcntl.h>

#include <mutex>

#include "base/strings.h"

namespace ais::store {

using Lookup = sys::FileSystem::Lookup;

BucketDirectory::BucketDirectory(sys::FileSystem& files_of) : files(files_of) {
  static std::atomic<uint64_t> opened{0};
  changes = ++opened << 40;
}

BucketDirectory::~BucketDirectory() {
  for (int fd : {directory_fd, objects_fd, work_fd, hashed_fd.load()}) {
    if (fd >= 0) files.close(fd);
  }
}

BucketDirectoryPtr BucketTable::find(std::string_view bucket_uname) const {
  std::shared_lock lock(mutex_);
  auto found = buckets_.find(bucket_uname);
  return found == buckets_.end() ? nullptr : found->second;
}

void BucketTable::put(BucketDirectoryPtr bucket) {
  std::unique_lock lock(mutex_);
  buckets_[bucket->uname] = std::move(bucket);
}

void BucketTable::retire(std::string_view bucket_uname) {
  std::unique_lock lock(mutex_);
  auto found = buckets_.find(bucket_uname);
  if (found == buckets_.end()) return;
  found->second->retired = true;
  buckets_.erase(found);
}

std::vector<BucketDirectoryPtr> BucketTable::all() const {
  std::shared_lock lock(mutex_);
  std::vector<BucketDirectoryPtr> result;
  for (const auto& [uname, bucket] : buckets_) result.push_back(bucket);
  return result;
}

Result<uint64_t> read_bucket_id(sys::FileSystem& files, int directory_fd, const std::string& path) {
  char text[32];
  ssize_t size = files.fget_xattr(directory_fd, disk::kBucketIdXattr, text, sizeof(text));
  if (size == -ENODATA) return make_status(Code::kCorrupt, "bucket directory %s has no bucket id", path.c_str());
  if (size < 0) return Status::from_errno(static_cast<int>(-size), path);
  std::optional<uint64_t> id = parse_uint(std::string_view(text, static_cast<size_t>(size)));
  if (!id) return make_status(Code::kCorrupt, "bucket directory %s has a malformed bucket id", path.c_str());
  return *id;
}

Result<BucketDirectoryPtr> open_bucket_directory(sys::FileSystem& files, int root_fd, const std::string& path, std::string uname) {
  auto bucket = std::make_shared<BucketDirectory>(files);
  bucket->path = path;
  bucket->uname = std::move(uname);
  bucket->directory_fd = files.open_beneath(root_fd, path.c_str(), O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
  if (bucket->directory_fd < 0) return Status::from_errno(-bucket->directory_fd, path);
  AIS_TRY(bucket->id, read_bucket_id(files, bucket->directory_fd, path));
  auto open_child = [&](const char* name) {
    return files.open_beneath(bucket->directory_fd, name, O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
  };
  bucket->objects_fd = open_child(disk::kObjectsDirectory);
  if (bucket->objects_fd < 0) return Status::from_errno(-bucket->objects_fd, path + "/" + disk::kObjectsDirectory);
  bucket->work_fd = open_child(disk::kWorkDirectory);
  if (bucket->work_fd < 0) return Status::from_errno(-bucket->work_fd, path + "/" + disk::kWorkDirectory);
  int hashed = open_child(disk::kHashedDirectory);
  if (hashed < 0 && hashed != -ENOENT) return Status::from_errno(-hashed, path + "/" + disk::kHashedDirectory);
  if (hashed >= 0) bucket->hashed_fd = hashed;
  return bucket;
}

}  // namespace ais::store
