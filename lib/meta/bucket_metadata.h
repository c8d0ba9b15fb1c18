// BMD: the buckets and their properties. An immutable, versioned value. JSON shapes: reference rest-api 3.2, 3.5.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "codec/json.h"
#include "meta/bucket.h"
#include "meta/cluster_config.h"

namespace ais::meta {

/// Bits of BucketProperties::access (reference 3.6).
enum AccessBits : uint64_t {
  kAccessGet = 1ull << 0,
  kAccessHeadObject = 1ull << 1,
  kAccessPut = 1ull << 2,
  kAccessAppend = 1ull << 3,
  kAccessDeleteObject = 1ull << 4,
  kAccessMoveObject = 1ull << 5,
  kAccessPromote = 1ull << 6,
  kAccessUpdateObject = 1ull << 7,
  kAccessHeadBucket = 1ull << 8,
  kAccessListObjects = 1ull << 9,
  kAccessPatch = 1ull << 10,
  kAccessSetBucketAcl = 1ull << 11,
  kAccessListBuckets = 1ull << 12,
  kAccessShowCluster = 1ull << 13,
  kAccessCreateBucket = 1ull << 14,
  kAccessDestroyBucket = 1ull << 15,
  kAccessMoveBucket = 1ull << 16,
  kAccessAdmin = 1ull << 17,
};
constexpr uint64_t kAccessAll = ~0ull;
/// Names as in the original's denial message for one bit ("GET", "HEAD-OBJECT", ...).
std::string_view access_bit_name(uint64_t bit);

struct BucketProperties {
  Bucket backend_bucket{.name = "", .provider = "", .ns = {}};
  std::string provider = "ais";
  WritePolicyConfig write_policy;
  ChecksumConfig checksum;
  ExtraProperties extra;
  RateLimitConfig rate_limit;
  ErasureConfig ec;
  ChunksConfig chunks;
  MirrorConfig mirror;
  LruConfig lru;
  VersioningConfig versioning;
  uint64_t access = kAccessAll;
  uint64_t features = 0;
  uint64_t bid = 0;
  int64_t created_ns = 0;

  void write_json(codec::JsonWriter& out) const;
  static Result<BucketProperties> read_json(codec::JsonView in);
  /// kBucketAccessDenied with the original's text when `bit` is not granted.
  Status check_access(uint64_t bit, const Bucket& bucket) const;
};

/// Properties of a new ais bucket under this cluster configuration (lru off; bid and created are the caller's).
BucketProperties default_bucket_properties(const ClusterConfig& config);
/// Those of an existing bucket set back to them: it stays the bucket that it is, with its id and its age.
BucketProperties reset_bucket_properties(const BucketProperties& current, const ClusterConfig& config);

/// What becomes of a change to a property that nothing in this version acts on: kRefuse says what is missing, kAllow is for judging
/// the other rules as if all were there.
enum class MissingFeatures { kRefuse, kAllow };

/// Applies a BpropsToSet document (partial, nested) and validates the result by the rules of reference 3.5.
/// `active_targets` bounds erasure coding. Errors are kInvalid naming the field, also when it is not known
/// or read-only and sent with another value than it has; kNotImplemented ("mirror.enabled: mirroring is not
/// there in this version"), but a property may be given the value that it has, or its default; kNotEnoughTargets, ...
Result<BucketProperties> apply_bucket_properties(const Bucket& bucket, const BucketProperties& current, codec::JsonView changes,
                                                 const ClusterConfig& config, size_t active_targets,
                                                 MissingFeatures missing = MissingFeatures::kRefuse);
/// As for a configuration: what the properties of a stored bucket ask for and nothing acts on.
std::vector<std::string> settings_without_effect(const BucketProperties& properties);

struct BucketMetadata {
  std::string uuid;  // the cluster's
  uint64_t version = 0;
  std::map<std::string, std::pair<Bucket, BucketProperties>, std::less<>> buckets;  // by Bucket::uname()

  const BucketProperties* find(const Bucket& bucket) const;
  const BucketProperties* find_uname(std::string_view bucket_uname) const;
  std::string to_json() const;
  static Result<BucketMetadata> from_json(std::string_view text);
};

using BucketMetadataPtr = std::shared_ptr<const BucketMetadata>;

}  // namespace ais::meta
