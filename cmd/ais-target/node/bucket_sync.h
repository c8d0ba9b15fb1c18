// BucketSync: keeps the bucket directories of the mountpaths in step with the bucket metadata.
#pragma once

#include <cstdint>
#include <mutex>

#include "meta/bucket_metadata.h"
#include "store/object_store.h"

namespace ais::target {

/// Thread-safe; blocks on the disk.
class BucketSync {
 public:
  explicit BucketSync(store::ObjectStore& store) : store_(store) {}
  /// Does nothing when this version, or a newer one, is done. A failure is logged and left to the next call.
  void apply(const meta::BucketMetadata& bmd);

 private:
  store::ObjectStore& store_;
  std::mutex mutex_;
  uint64_t done_version_ = 0;  // guarded by mutex_
};

}  // namespace ais::target
