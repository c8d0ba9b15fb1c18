// Making a mountpath's bucket directories agree with the BMD.
#pragma once

#include "base/status.h"
#include "meta/bucket_metadata.h"
#include "store/store_context.h"

namespace ais::store {

/// Creates missing bucket directories, moves those of vanished and re-created buckets to the trash, and opens the rest; durable on
/// return. Those that hold objects and have lost their bucket id are left as they are: an error. Runs on the mountpath's committer.
/// `trashed` is set when something was moved.
Status sync_mountpath_buckets(StoreContext& context, Mountpath& mountpath, const meta::BucketMetadata& bmd, VanishedBuckets vanished,
                              bool& trashed);

}  // namespace ais::store
