#include "ais-target/node/bucket_sync.h"

#include <algorithm>
#include <utility>

#include "async/offload.h"
#include "base/log.h"

namespace ais::target {

void BucketSync::apply(const meta::BucketMetadata& bmd, bool confirmed) {
  std::lock_guard lock(mutex_);
  const bool done = bmd.version < done_version_ || (bmd.version == done_version_ && (done_confirmed_ || !confirmed));
  if (done) return;
  const Status status = store_.sync_buckets(bmd, confirmed ? store::VanishedBuckets::kTrash : store::VanishedBuckets::kKeep);
  tried_version_.store(std::max(bmd.version, tried_version_.load(std::memory_order_relaxed)), std::memory_order_release);
  if (status.ok()) {
    done_version_ = bmd.version;
    done_confirmed_ = confirmed;
    last_failure_.clear();
    return;
  }
  if (std::string text = status.to_string(); text != last_failure_) {
    AIS_ERROR("target", "bucket directories could not be brought to BMD version %llu: %s", static_cast<unsigned long long>(bmd.version),
              text.c_str());
    last_failure_ = std::move(text);
  }
}

// Whoever brought the document makes the directories; this waits until that is done, or does it first. Nothing is removed here: whether the
// primary confirmed the document is for the other one to say.
async::Task<void> BucketSync::settle(meta::BucketMetadataPtr bmd) {
  auto apply_it = [this, &bmd] { apply(*bmd, /*confirmed=*/false); };
  co_await async::offload(pool_, apply_it);
}

}  // namespace ais::target
