// Buckets of one mountpath as the store has them: open directories, the table of them, and making them agree with the cluster's metadata.
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

}  // namespace ais::store
