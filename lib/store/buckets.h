// Buckets as the store has them: open directories, the table of them, making them agree with the cluster's metadata, and the trash that
// destroyed ones go to.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "disk/mountpath.h"
#include "meta/bucket_metadata.h"

namespace ais::store {

struct Mountpath;
struct StoreContext;

/// One bucket on one mountpath, open for changes. Only the mountpath's committer makes %hn, hence the only writer of hashed_fd.
struct BucketDirectory : disk::BucketDirectory {
  explicit BucketDirectory(const disk::Mountpath& on);
  ~BucketDirectory();

  /// As disk::BucketDirectory::open(), and %wk.
  Status open(std::string below, std::string bucket_uname);

  int work_fd = -1;
  /// Grows with every change of a name or of metadata, before the change is acknowledged. Begins higher than that of any directory
  /// that was opened before, so that a bucket made anew is not mistaken for the former one.
  std::atomic<uint64_t> changes;
};
using BucketDirectoryPtr = std::shared_ptr<BucketDirectory>;

/// The buckets of a mountpath that are open. Thread-safe.
class BucketTable {
 public:
  /// nullptr when there is none of this name.
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

/// What to do with the directories of buckets that the metadata does not name. A document that was just received from the primary decides
/// over them; one that was read from this node's own disk may be an old copy, and must not.
enum class VanishedBuckets : uint8_t { kKeep, kTrash };

/// The part of ObjectStore::sync_buckets for one mountpath; `trashed` becomes true when there is something new in %trash. On the
/// committer's thread of this mountpath.
Status sync_mountpath_buckets(StoreContext& context, Mountpath& mountpath, const meta::BucketMetadata& bmd, VanishedBuckets vanished,
                              bool& trashed);

/// Destroyed buckets, moved aside in one rename and emptied by a background thread.
class Trash {
 public:
  /// Starts the thread, which first empties what earlier runs left.
  explicit Trash(StoreContext& context);
  /// Stops between two files; the next run goes on.
  ~Trash();
  Trash(const Trash&) = delete;

  /// There is something new in %trash.
  void wake();

 private:
  void work();
  bool stopping();
  /// Everything in %trash of a mountpath; false when told to stop.
  bool empty(const Mountpath& mountpath);
  bool remove_tree(const Mountpath& mountpath, const std::string& name);

  StoreContext& context_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  bool woken_ = true;      // guarded by mutex_
  std::thread thread_;
};

}  // namespace ais::store
