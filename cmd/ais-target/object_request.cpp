#include "ais-target/object_request.h"

#include <utility>

#include "api/names.h"
#include "meta/placement.h"

namespace ais::target {
namespace {

store::WritePolicy parse_write_policy(std::string_view text) {
  if (text == "never") return store::WritePolicy::kNever;
  if (text == "delayed") return store::WritePolicy::kDelayed;
  return store::WritePolicy::kImmediate;
}

bool changes_data(net::Method method) {
  return method == net::Method::kPut || method == net::Method::kPost || method == net::Method::kDelete || method == net::Method::kPatch;
}

// A client that reaches a target directly may read. A change must have been routed by a gateway, which marks it so.
Status check_redirected(const ObjectCall& call) {
  const net::HttpRequest& request = call.exchange.request();
  if (call.side == Side::kPeer || !changes_data(request.method)) return {};
  if (is_redirected(call)) return {};
  return Status(Code::kInvalid, std::string(request.method_text) + "(obj) is expected to be redirected");
}

struct MissingFeature {
  std::string_view parameter;
  std::string_view what;
};
constexpr MissingFeature kMissingFeatures[] = {
    {"archpath", "archived file"},    {"archregx", "archived file"},      {"archmode", "archived file"},
    {"archmime", "archived file"},    {"etl_name", "object with ETL"},    {"etl_pipeline", "object with ETL"},
    {"uploadId", "multipart upload"}, {"partNumber", "multipart upload"}, {"uploads", "multipart upload"},
};

Status check_supported(const ObjectCall& call) {
  const net::HttpRequest& request = call.exchange.request();
  for (const auto& [raw_name, raw_value] : call.query.raw_pairs()) {
    for (const MissingFeature& feature : kMissingFeatures) {
      if (raw_name != feature.parameter) continue;
      if (feature.what == "archived file" && request.headers.get("Range"))
        return Status(Code::kInvalid, "range read of an archived file is not supported");
      return make_status(Code::kNotImplemented, "cannot %.*s %.*s (%.*s) - not implemented yet", int(request.method_text.size()),
                         request.method_text.data(), int(feature.what.size()), feature.what.data(), int(raw_name.size()), raw_name.data());
    }
  }
  return {};
}

}  // namespace

bool is_redirected(const ObjectCall& call) { return call.query.has(api::query::kProxyId) && call.query.has(api::query::kUnixTime); }

BucketRules bucket_rules(const meta::BucketProperties& props) {
  BucketRules rules;
  rules.access = props.access;
  rules.checksum = codec::parse_checksum_type(props.checksum.type).value_or(codec::ChecksumType::kXxhash2);
  rules.data_policy = parse_write_policy(props.write_policy.data);
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

Status bucket_not_found(const meta::Bucket& bucket) {
  if (bucket.provider != "ais")
    return Status(Code::kRemoteBucketNotFound, bucket.provider + " bucket \"" + bucket.cname() + "\" does not exist");
  if (bucket.is_remote()) return Status(Code::kRemoteBucketNotFound, "remote bucket \"" + bucket.cname() + "\" does not exist");
  return Status(Code::kBucketNotFound, "bucket \"" + bucket.cname() + "\" does not exist");
}

Status object_not_found(std::string_view node, const ObjectRef& object) {
  return Status(Code::kObjectNotFound, std::string(node).append(": ").append(object.cname()).append(" does not exist"));
}

Result<ObjectRef> make_object_ref(const app::ClusterView& cluster, meta::Bucket bucket, std::string_view object) {
  ObjectRef ref;
  ref.uname = bucket.uname();
  ref.bucket_uname_size = ref.uname.size();
  const meta::BucketProperties* props = cluster.snapshot().bmd->find_uname(ref.uname);
  if (props == nullptr) return bucket_not_found(bucket);
  ref.rules = bucket_rules(*props);
  ref.uname.append(object);
  ref.digest = meta::placement_digest(ref.uname);
  ref.bucket = std::move(bucket);
  return ref;
}

Status read_object_call(const app::ClusterView& cluster, ObjectCall& call) {
  const net::HttpRequest& request = call.exchange.request();
  AIS_TRY(call.query, api::QueryParameters::parse(request.query));
  AIS_RETURN_IF_ERROR(check_redirected(call));
  AIS_TRY(api::ObjectPath path, api::parse_object_path(request.path, api::path::kObjects));
  AIS_TRY(meta::Bucket bucket, call.query.bucket(path.bucket));
  AIS_RETURN_IF_ERROR(meta::validate_bucket_name(path.bucket));
  AIS_RETURN_IF_ERROR(meta::validate_object_name(path.object, request.method == net::Method::kHead));
  AIS_TRY(call.object, make_object_ref(cluster, std::move(bucket), path.object));
  return check_supported(call);
}

}  // namespace ais::target
