#include "store/parent_directories.h"

#include <errno.h>
#include <fcntl.h>

namespace ais::store {
namespace {

using Lookup = sys::FileSystem::Lookup;
constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY;

std::string key_of(const disk::ObjectLocation& location) {
  std::string key = location.hashed ? "h" : "p";
  return key.append(disk::parent_of(location.path));
}

}  // namespace

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
