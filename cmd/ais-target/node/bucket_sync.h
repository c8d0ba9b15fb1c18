// BucketSync: keeps the bucket directories of the mountpaths in step with the bucket metadata.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "async/task.h"
#include "meta/bucket_metadata.h"
#include "store/object_store.h"
#include "sys/thread_pool.h"

namespace ais::target {

/// Thread-safe; blocks on the disk.
class BucketSync {
 public:
  explicit BucketSync(store::ObjectStore& store) : store_(store) {}
  /// Does nothing when this version, or a newer one, is done. A failure is logged, once, and left to the next call.
  /// `confirmed`: the primary has sent this version, or has seen that it is ours. Only then are buckets removed that it does not name:
  /// what lies in the state directory may be a copy from before they were made.
  void apply(const meta::BucketMetadata& bmd, bool confirmed);
  /// Whether apply() has returned for this version or a newer one, in vain or not: there is nothing to wait for. Does not block.
  bool has_tried(uint64_t version) const { return tried_version_.load(std::memory_order_acquire) >= version; }

  /// Returns when that is so. Any loop.
  async::Task<void> settle(meta::BucketMetadataPtr bmd);

 private:
  store::ObjectStore& store_;
  std::mutex mutex_;
  std::atomic<uint64_t> tried_version_{0};  // written with mutex_ held
  uint64_t done_version_ = 0;               // guarded by mutex_, as below
  bool done_confirmed_ = true;              // what was done, was done with the removals
  std::string last_failure_;
  sys::ThreadPool pool_{"bucket-sync", 1};  // where settle() blocks
};

}  // namespace ais::target
