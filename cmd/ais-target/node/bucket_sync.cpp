#include "ais-target/node/bucket_sync.h"

#include "base/log.h"

namespace ais::target {

void BucketSync::apply(const meta::BucketMetadata& bmd) {
  std::lock_guard lock(mutex_);
  if (bmd.version <= done_version_) return;
  const Status status = store_.sync_buckets(bmd);
  if (status.ok()) done_version_ = bmd.version;
  else
    AIS_ERROR("target", "bucket directories could not be brought to BMD version %llu: %s", static_cast<unsigned long long>(bmd.version),
              status.to_string().c_str());
}

}  // namespace ais::target
