// BucketDirectory: one bucket on one mountpath, open: the descriptors that objects are reached by. BucketTable: all of a mountpath.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "disk/layout.h"
#include "sys/file_system.h"

namespace ais::store {

struct Mountpath;

/// Lives as long as somebody works on the bucket, also after the bucket was destroyed (then `retired`, and its files are in the
/// trash). Only the mountpath's committer makes %hn, hence the only writer of hashed_fd.
struct BucketDirectory {
  explicit BucketDirectory(sys::FileSystem& files_of);
  ~BucketDirectory();
  BucketDirectory(const BucketDirectory&) = delete;

  /// The descriptor that a location's path is relative to; -1 for hashed when there is no %hn.
  int base(bool hashed) const { return hashed ? hashed_fd.load(std::memory_order_acquire) : objects_fd; }
  bool has_hashed() const { return base(true) >= 0; }

  sys::FileSystem& files;
  const Mountpath* mountpath = nullptr;  // it is on
  std::string uname;                     // "ais/@#/bck/"
  std::string path;                      // relative to the mountpath
  uint64_t id = 0;
  int directory_fd = -1;
  int objects_fd = -1;
  int work_fd = -1;
  std::atomic<int> hashed_fd{-1};
  std::atomic<bool> retired{false};
  /// Grows with every change of a name or of metadata, before the change is acknowledged. Begins higher than that of any directory
  /// that was opened before, so that a bucket made anew is not mistaken for the former one.
  std::atomic<uint64_t> changes;
};
using BucketDirectoryPtr = std::shared_ptr<BucketDirectory>;

/// Thread-safe.
class BucketTable {
 public:
  BucketDirectoryPtr find(std::string_view bucket_uname) const;
  void put(BucketDirectoryPtr bucket);
  /// Takes a bucket out and marks it retired.
  void retire(std::string_view bucket_uname);
  std::vector<BucketDirectoryPtr> all() const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, BucketDirectoryPtr, Hash, std::equal_to<>> buckets_;
};

/// Opens the bucket directory at `path` below `root_fd`; %ob and %wk must exist. kCorrupt when it has no bucket id.
Result<BucketDirectoryPtr> open_bucket_directory(sys::FileSystem& files, int root_fd, const std::string& path, std::string uname);

/// The bucket id in the xattr of a directory. kCorrupt when missing or not a number.
Result<uint64_t> read_bucket_id(sys::FileSystem& files, int directory_fd, const std::string& path);

}  // namespace ais::store
