// Changes of the bucket metadata: pure functions that make the next version from the current one.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "codec/json.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_config.h"

namespace ais::proxy {

/// What an edit needs to know beside the buckets.
struct BucketEditContext {
  const meta::BucketMetadata& bmd;
  const meta::ClusterConfig& config;
  size_t active_targets = 0;
};

/// A new ais bucket with the cluster's defaults and `props` (null: none) over them. kBadBucketName, kBucketAlreadyExists, kInvalid.
Result<meta::BucketMetadata> create_bucket(const BucketEditContext& context, const meta::Bucket& bucket, codec::JsonView props,
                                           int64_t unix_ns);
/// kBucketNotFound; kUnsupported with status 405 for cloud buckets.
Result<meta::BucketMetadata> destroy_bucket(const BucketEditContext& context, const meta::Bucket& bucket);
/// kBucketNotFound, and what meta::apply_bucket_properties says.
Result<meta::BucketMetadata> set_bucket_properties(const BucketEditContext& context, const meta::Bucket& bucket, codec::JsonView props);
/// The cluster's defaults again; identity (bid, creation time) stays.
Result<meta::BucketMetadata> reset_bucket_properties(const BucketEditContext& context, const meta::Bucket& bucket);

}  // namespace ais::proxy
