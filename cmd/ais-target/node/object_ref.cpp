#include "ais-target/node/object_ref.h"

#include "api/missing.h"

#include <utility>

#include "meta/placement.h"

namespace ais::target {
namespace {

store::WritePolicy parse_write_policy(std::string_view text) {
  if (text == "never") return store::WritePolicy::kNever;
  if (text == "delayed") return store::WritePolicy::kDelayed;
  return store::WritePolicy::kImmediate;
}

}  // namespace

BucketRules bucket_rules(const meta::BucketProperties& props) {
  BucketRules rules;
  rules.access = props.access;
  rules.checksum = codec::parse_checksum_type(props.checksum.type).value_or(codec::ChecksumType::kXxhash2);
  const bool fsync_put = (props.features & meta::kFeatureFsyncPut) != 0;
  rules.data_policy = fsync_put ? store::WritePolicy::kImmediate : parse_write_policy(props.write_policy.data);
  rules.metadata_policy = parse_write_policy(props.write_policy.md);
  rules.versioned = props.versioning.enabled;
  rules.validate_warm_get = props.checksum.validate_warm_get;
  rules.checksum_of_range = props.checksum.enable_read_range;
  rules.erasure_coded = props.ec.enabled;
  rules.has_backend = !props.backend_bucket.name.empty();
  return rules;
}

Status ObjectRef::check_access(uint64_t bits) const {
  if ((rules.access & bits) == bits) return {};
  meta::BucketProperties denied;
  denied.access = rules.access;
  const uint64_t missing = bits & ~rules.access;
  return denied.check_access(missing & (~missing + 1), bucket);
}

Status precondition_failed(const ObjectRef& object) {
  return Status(Code::kPreconditionFailed, object.cname() + ": precondition failed, nothing was done");
}

Status object_is_moving(const ObjectRef& object) {
  return Status(Code::kBusy, "object \"" + object.cname() + "\" is currently busy (being renamed), please try again");
}

Status object_not_found(std::string_view node, const ObjectRef& object) {
  return Status(Code::kObjectNotFound, std::string(node).append(": ").append(object.cname()).append(" does not exist"));
}

Result<ObjectRef> make_object_ref(const app::ClusterView& cluster, meta::Bucket bucket, std::string_view object) {
  ObjectRef ref;
  ref.uname = bucket.uname();
  ref.bucket_uname_size = ref.uname.size();
  const meta::BucketProperties* props = cluster.snapshot().bmd->find_uname(ref.uname);
  if (props == nullptr) return api::bucket_missing(bucket);
  ref.rules = bucket_rules(*props);
  ref.uname.append(object);
  ref.digest = meta::placement_digest(ref.uname);
  ref.bucket = std::move(bucket);
  return ref;
}

}  // namespace ais::target
