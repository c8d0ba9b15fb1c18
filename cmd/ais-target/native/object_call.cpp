#include "ais-target/native/object_call.h"

#include <utility>

#include "api/missing.h"
#include "api/names.h"

namespace ais::target {
namespace {

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

}  // namespace

bool is_redirected(const ObjectCall& call) { return call.query.has(api::query::kProxyId) && call.query.has(api::query::kUnixTime); }

Status read_object_call(const app::ClusterView& cluster, ObjectCall& call) {
  const net::HttpRequest& request = call.exchange.request();
  AIS_TRY(call.query, api::QueryParameters::parse(request.query));
  AIS_RETURN_IF_ERROR(check_redirected(call));
  AIS_TRY(api::ObjectPath path, api::parse_object_path(request.path, api::path::kObjects));
  AIS_TRY(meta::Bucket bucket, call.query.bucket(path.bucket));
  AIS_RETURN_IF_ERROR(meta::validate_bucket_name(path.bucket));
  AIS_RETURN_IF_ERROR(meta::validate_object_name(path.object, request.method == net::Method::kHead));
  AIS_TRY(call.object, make_object_ref(cluster, std::move(bucket), path.object));
  return api::check_object_features(request, call.query.raw_pairs());
}

}  // namespace ais::target
