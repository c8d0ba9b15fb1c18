// Mountpath, BucketDirectory: the open directories that objects are reached by, for whoever reads them. Nothing here locks, makes or
// changes anything.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "disk/layout.h"
#include "meta/placement.h"
#include "sys/file_system.h"

namespace ais::disk {

/// One disk: a directory that buckets lie under. Its members are set by open() and stay; any thread.
struct Mountpath {
  /// `number`: its place among the mountpaths of its target.
  Mountpath(sys::FileSystem& files_of, std::string at, uint32_t number);
  ~Mountpath();
  Mountpath(const Mountpath&) = delete;

  /// Opens the directory. kMountpathFault with the remedy when `path` is not absolute, is no directory, or cannot be opened.
  Status open();

  sys::FileSystem& files;
  const std::string path;
  const uint32_t index;
  const uint64_t digest;  // of the path: placement among the mountpaths
  uint64_t device = 0;    // the kernel's number of the filesystem
  int root_fd = -1;
};

/// kMountpathFault: "mountpath PATH: TEXT", or "...: WHAT: the error's text; REMEDY".
Status mountpath_fault(const std::string& path, const std::string& text);
Status mountpath_fault(const std::string& path, int error, const char* what, const char* remedy);

/// The mountpath that an object of this digest (meta::placement_digest of its uname) belongs on, by highest random weight. `mountpaths`
/// holds pointers, in the order of the target's configuration, which decides between equal weights; at least one.
template <typename Pointer>
const Pointer& home_of(const std::vector<Pointer>& mountpaths, uint64_t object_digest) {
  size_t best = 0;
  uint64_t best_weight = 0;
  for (size_t i = 0; i < mountpaths.size(); ++i) {
    const uint64_t weight = meta::placement_weight(mountpaths[i]->digest, object_digest);
    if (i == 0 || weight > best_weight) {
      best = i;
      best_weight = weight;
    }
  }
  return mountpaths[best];
}

/// One bucket on one mountpath, open. Lives as long as somebody works on the bucket, also after the bucket was destroyed and its files
/// went to the trash; its mountpath must outlive it. Any thread.
struct BucketDirectory {
  explicit BucketDirectory(const Mountpath& on) : files(on.files), mountpath(on) {}
  ~BucketDirectory();
  BucketDirectory(const BucketDirectory&) = delete;

  /// Opens the directory of the bucket `bucket_uname` at `below`, relative to the mountpath, and %ob in it; %hn where it is. kNotFound
  /// when there is none; kCorrupt when it has no bucket id.
  Status open(std::string below, std::string bucket_uname);
  /// Opens %hn if it was made since. Whoever makes it (store) sets hashed_fd and need not call this.
  Status look_for_hashed();

  /// The descriptor that a location's path is relative to; -1 for hashed when there is no %hn.
  int base(bool hashed) const { return hashed ? hashed_fd.load(std::memory_order_acquire) : objects_fd; }
  bool has_hashed() const { return base(true) >= 0; }

  sys::FileSystem& files;
  const Mountpath& mountpath;
  std::string uname;  // "ais/@#/bck/"
  std::string path;   // relative to the mountpath
  uint64_t id = 0;    // of the bucket: another one of the same name has another id
  int directory_fd = -1;
  int objects_fd = -1;
  std::atomic<int> hashed_fd{-1};
  std::atomic<bool> retired{false};  // set by a process that destroyed the bucket: what is missing then is no fault of the disk
};
using BucketDirectoryPtr = std::shared_ptr<BucketDirectory>;

/// The bucket id in the xattr of a directory. kCorrupt when missing or not a number.
Result<uint64_t> read_bucket_id(sys::FileSystem& files, int directory_fd, const std::string& path);

/// Directories in the places of buckets, relative to the mountpath; not all need be buckets. Blocks.
Result<std::vector<std::string>> bucket_places(const Mountpath& mountpath);

/// kMountpathFault when the path of the mountpath, or that of the bucket on it, leads elsewhere than to what is open, or nowhere: the disk
/// was unmounted, renamed away, removed or mounted over. kUnavailable when the bucket was destroyed. The error of the disk (with its
/// errno) when it cannot tell. A few stat calls on names in memory.
Status check_in_place(const BucketDirectory& bucket);

}  // namespace ais::disk
