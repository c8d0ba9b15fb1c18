#include "ais-proxy/bucket_edits.h"

#include <utility>

#include "api/missing.h"

namespace ais::proxy {

namespace {

meta::BucketMetadata next_version(const meta::BucketMetadata& bmd) {
  meta::BucketMetadata next = bmd;
  ++next.version;
  return next;
}

meta::BucketProperties* find(meta::BucketMetadata& bmd, const meta::Bucket& bucket) {
  const auto found = bmd.buckets.find(bucket.uname());
  return found == bmd.buckets.end() ? nullptr : &found->second.second;
}

}  // namespace

Result<meta::BucketMetadata> create_bucket(const BucketEditContext& context, const meta::Bucket& bucket, codec::JsonView props,
                                           int64_t unix_ns) {
  AIS_RETURN_IF_ERROR(meta::validate_bucket_name(bucket.name));
  if (bucket.is_remote()) return api::bucket_missing(bucket);
  if (context.bmd.find(bucket) != nullptr) return Status(Code::kBucketAlreadyExists, "bucket \"" + bucket.cname() + "\" already exists");
  meta::BucketProperties made = meta::default_bucket_properties(context.config);
  if (!props.is_null()) {
    AIS_TRY(made, meta::apply_bucket_properties(bucket, made, props, context.config, context.active_targets));
  }
  meta::BucketMetadata next = next_version(context.bmd);
  // The version only grows, so a bucket that is made again under its old name has another id.
  made.bid = next.version;
  made.created_ns = unix_ns;
  made.provider = bucket.provider;
  next.buckets.insert_or_assign(bucket.uname(), std::pair(bucket, std::move(made)));
  return next;
}

Result<meta::BucketMetadata> destroy_bucket(const BucketEditContext& context, const meta::Bucket& bucket) {
  if (bucket.provider != "ais") {
    const Status refused(Code::kUnsupported, "cannot destroy cloud bucket \"" + bucket.cname() + "\" - operation not supported");
    return refused.with_http_status(405);
  }
  const meta::BucketProperties* props = context.bmd.find(bucket);
  if (props == nullptr) return api::bucket_missing(bucket);
  AIS_RETURN_IF_ERROR(props->check_access(meta::kAccessDestroyBucket, bucket));
  meta::BucketMetadata next = next_version(context.bmd);
  next.buckets.erase(bucket.uname());
  return next;
}

Result<meta::BucketMetadata> set_bucket_properties(const BucketEditContext& context, const meta::Bucket& bucket, codec::JsonView props) {
  const meta::BucketProperties* current = context.bmd.find(bucket);
  if (current == nullptr) return api::bucket_missing(bucket);
  AIS_TRY(meta::BucketProperties changed, meta::apply_bucket_properties(bucket, *current, props, context.config, context.active_targets));
  meta::BucketMetadata next = next_version(context.bmd);
  *find(next, bucket) = std::move(changed);
  return next;
}

Result<meta::BucketMetadata> reset_bucket_properties(const BucketEditContext& context, const meta::Bucket& bucket) {
  const meta::BucketProperties* current = context.bmd.find(bucket);
  if (current == nullptr) return api::bucket_missing(bucket);
  meta::BucketProperties fresh = meta::reset_bucket_properties(*current, context.config);
  meta::BucketMetadata next = next_version(context.bmd);
  *find(next, bucket) = std::move(fresh);
  return next;
}

}  // namespace ais::proxy
