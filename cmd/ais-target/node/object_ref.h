// An object of a bucket that exists, and the bucket's rules as they were when the request came: what every operation is about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/cluster_view.h"
#include "base/status.h"
#include "codec/checksum.h"
#include "meta/bucket.h"
#include "meta/bucket_metadata.h"
#include "store/object_store.h"

namespace ais::target {

/// The bucket properties that the data path needs: a value, so that a handler may suspend without holding the BMD.
struct BucketRules {
  uint64_t access = meta::kAccessAll;
  codec::ChecksumType checksum = codec::ChecksumType::kNone;
  store::WritePolicy data_policy = store::WritePolicy::kImmediate;
  store::WritePolicy metadata_policy = store::WritePolicy::kImmediate;
  bool versioned = true;
  bool validate_warm_get = false;
  bool checksum_of_range = false;
  bool erasure_coded = false;
  bool has_backend = false;
};
BucketRules bucket_rules(const meta::BucketProperties& props);

/// An object of a bucket that exists. Owns the text that name() views.
struct ObjectRef {
  meta::Bucket bucket;
  BucketRules rules;
  std::string uname;
  size_t bucket_uname_size = 0;
  uint64_t digest = 0;

  std::string_view object() const { return std::string_view(uname).substr(bucket_uname_size); }
  store::ObjectName name() const { return {std::string_view(uname).substr(0, bucket_uname_size), uname, object(), digest}; }
  /// "ais://bucket/object".
  std::string cname() const { return bucket.cname().append("/").append(object()); }
  /// kBucketAccessDenied unless the bucket grants all of `bits`.
  Status check_access(uint64_t bits) const;
};

/// Looks the bucket up in this thread's snapshot and makes the reference. kBucketNotFound, kRemoteBucketNotFound.
Result<ObjectRef> make_object_ref(const app::ClusterView& cluster, meta::Bucket bucket, std::string_view object);

/// 412.
Status precondition_failed(const ObjectRef& object);
/// 409 for a name that an object is just moving away from.
Status object_is_moving(const ObjectRef& object);
/// 404 for a missing object: "t[id]: ais://bucket/object does not exist".
Status object_not_found(std::string_view node, const ObjectRef& object);

}  // namespace ais::target
