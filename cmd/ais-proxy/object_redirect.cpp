#include "ais-proxy/object_redirect.h"

#include <utility>

#include "ais-proxy/redirect_location.h"
#include "api/append_handle.h"
#include "api/message.h"
#include "api/missing.h"
#include "api/names.h"
#include "base/strings.h"
#include "meta/placement.h"

namespace ais::proxy {

namespace {

constexpr std::string_view kPostActions = "rename-obj, check-lock";

uint64_t access_bit(net::Method method, bool append) {
  switch (method) {
    case net::Method::kGet: return meta::kAccessGet;
    case net::Method::kHead: return meta::kAccessHeadObject;
    case net::Method::kPut: return append ? meta::kAccessAppend : meta::kAccessPut;
    case net::Method::kDelete: return meta::kAccessDeleteObject;
    case net::Method::kPatch: return meta::kAccessUpdateObject;
    default: return 0;  // POST: the bit depends on the action, see check_post_action
  }
}

// A POST says in its body what it wants. When the body came together with the head it is checked here, else by the target.
Status check_post_action(net::HttpExchange& exchange, const meta::BucketProperties& props, const meta::Bucket& bucket) {
  const std::optional<std::string_view> body = exchange.whole_body_if_buffered();
  if (!body || body->empty()) return {};
  AIS_TRY(const api::ActionMessage message, api::ActionMessage::read(exchange.request(), *body));
  if (message.action == api::action::kRenameObject) return props.check_access(meta::kAccessMoveObject, bucket);
  if (message.action == api::action::kCheckLock) return props.check_access(meta::kAccessHeadObject, bucket);
  return api::refuse_action(api::ActionOn::kObject, net::Method::kPost, message.action, kPostActions);
}

// An append goes on where it began.
Status find_append_owner(const meta::ClusterMap& smap, const std::string& text, const meta::Node*& owner) {
  AIS_TRY(const api::AppendHandle handle, api::AppendHandle::parse(text));
  const auto found = smap.targets.find(handle.target_id);
  if (found == smap.targets.end()) {
    return make_status(Code::kNodeNotFound, "node %s not present in Smap v%llu", handle.target_id.c_str(),
                       static_cast<unsigned long long>(smap.version));
  }
  owner = &found->second;
  return {};
}

// What a request counts as, when it was redirected and when it was refused.
std::pair<ProxyMetric, ProxyMetric> counted_as(net::Method method, bool is_append) {
  switch (method) {
    case net::Method::kGet: return {ProxyMetric::kGet, ProxyMetric::kErrGet};
    case net::Method::kHead: return {ProxyMetric::kHead, ProxyMetric::kErrHead};
    case net::Method::kPut:
      if (is_append) return {ProxyMetric::kAppend, ProxyMetric::kErrAppend};
      return {ProxyMetric::kPut, ProxyMetric::kErrPut};
    case net::Method::kDelete: return {ProxyMetric::kDelete, ProxyMetric::kErrDelete};
    case net::Method::kPatch: return {ProxyMetric::kPatch, ProxyMetric::kErrPatch};
    default: return {ProxyMetric::kRename, ProxyMetric::kErrRename};  // POST: the only other one that is routed here
  }
}

}  // namespace

// The names in a request: views into its path where nothing is escaped, else into `decoded`.
struct ObjectRedirect::Names {
  std::string_view bucket, object;
  std::string_view raw_query;
  api::ObjectPath decoded;
  bool rebuild = false;
  bool is_append = false;
  int64_t decided_ns = 0;  // wall time at which the owner was known

  Status parse(std::string_view raw_path) {
    const std::string_view rest = raw_path.size() > api::path::kObjects.size() ? raw_path.substr(api::path::kObjects.size()) : "";
    if (!rest.empty() && rest.front() != '/' && rest.find_first_of("%+") == std::string_view::npos) {
      const size_t slash = rest.find('/');
      bucket = rest.substr(0, slash);
      object = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
      return {};
    }
    AIS_TRY(decoded, api::parse_object_path(raw_path, api::path::kObjects));
    bucket = decoded.bucket;
    object = decoded.object;
    rebuild = needs_rebuild(bucket) || needs_rebuild(object);
    return {};
  }
};

Status ObjectRedirect::find_owner(net::HttpExchange& exchange, Names& names, const meta::Node*& owner) const {
  const app::ClusterSnapshot& snapshot = context_.daemon.cluster().snapshot();
  const net::Method method = exchange.request().method;
  static thread_local std::string uname;
  std::string append_handle;
  if (names.raw_query.empty() || names.raw_query == "provider=ais") {
    uname.assign("ais/@#/").append(names.bucket).push_back('/');
  } else {
    AIS_TRY(const api::QueryParameters query, api::QueryParameters::parse(names.raw_query));
    AIS_TRY(const meta::Bucket bucket, query.bucket(names.bucket));
    uname.assign(bucket.uname());
    names.is_append = method == net::Method::kPut && query.has(api::query::kAppendType);
    if (names.is_append) append_handle = query.get_or_empty(api::query::kAppendHandle);
  }
  const meta::BucketProperties* props = snapshot.bmd->find_uname(uname);
  const auto bucket_of_uname = [] {
    Result<meta::ObjectUri> uri = meta::parse_uname(uname);
    return uri.ok() ? uri->bucket : meta::Bucket();
  };
  if (props == nullptr) return api::bucket_missing(bucket_of_uname());
  AIS_RETURN_IF_ERROR(meta::validate_object_name(names.object, method == net::Method::kHead));
  if (method == net::Method::kPost) {
    AIS_RETURN_IF_ERROR(check_post_action(exchange, *props, bucket_of_uname()));
  } else if (const uint64_t bit = access_bit(method, names.is_append); (props->access & bit) == 0) {
    return props->check_access(bit, bucket_of_uname());
  }
  if (!append_handle.empty()) return find_append_owner(*snapshot.smap, append_handle, owner);
  uname.append(names.object);
  owner = snapshot.smap->owner(meta::placement_digest(uname));
  if (owner == nullptr) return Status(Code::kNoTargets, "no storage targets in the cluster map");
  return {};
}

Status ObjectRedirect::redirect(net::HttpExchange& exchange, std::string_view raw_path, std::string_view raw_query) {
  const int64_t began = context_.clock.wall_ns();
  Names names;
  names.raw_query = raw_query;
  Status refused = begin_redirect(exchange, raw_path, names);
  const net::Method method = exchange.request().method;
  const auto [redirected_metric, refused_metric] = counted_as(method, names.is_append);
  context_.count(refused.ok() ? redirected_metric : refused_metric);
  if (!refused.ok()) return refused;
  if (method == net::Method::kGet) context_.count(ProxyMetric::kGetRedirectNs, names.decided_ns - began);
  if (method == net::Method::kPut) context_.count(ProxyMetric::kPutRedirectNs, names.decided_ns - began);
  return refused;
}

Status ObjectRedirect::begin_redirect(net::HttpExchange& exchange, std::string_view raw_path, Names& names) {
  const meta::Node* owner = nullptr;
  AIS_RETURN_IF_ERROR(names.parse(raw_path));
  AIS_RETURN_IF_ERROR(find_owner(exchange, names, owner));
  static thread_local std::string location;
  names.decided_ns = context_.clock.wall_ns();
  const RedirectMarks marks{context_.id, names.decided_ns};
  if (names.rebuild) rebuilt_location(location, *owner, names.bucket, names.object, names.raw_query, marks);
  else raw_location(location, *owner, raw_path, names.raw_query, marks);
  exchange.start(307).add("Location", location).add_block("Cache-Control: no-store\r\n");
  return {};
}

async::Task<void> ObjectRedirect::handle(net::HttpExchange& exchange) {
  const Status refused = redirect(exchange, exchange.request().path, exchange.request().query);
  if (!refused.ok()) {
    co_await refuse(exchange, refused);
    co_return;
  }
  const Status sent = co_await exchange.send("");
  if (!sent.ok()) AIS_DEBUG("proxy", "redirect not delivered: %s", sent.message().c_str());
}

async::Task<void> ObjectRedirect::handle_as(net::HttpExchange& exchange, std::string raw_path, std::string raw_query) {
  const Status refused = redirect(exchange, raw_path, raw_query);
  if (!refused.ok()) co_await refuse(exchange, refused);
  else co_await answer(exchange.send(""));
}

async::Task<void> ObjectRedirect::refuse(net::HttpExchange& exchange, const Status& why) {
  // POST /v1/objects/B without an object is an action on the bucket's objects, not a bad name.
  Names names;
  const bool bucket_action = exchange.request().method == net::Method::kPost && exchange.request().has_body() &&
                             names.parse(exchange.request().path).ok() && names.object.empty() && why.code() == Code::kBadObjectName;
  if (bucket_action) co_await refuse_bucket_action(exchange);
  else co_await answer(api::respond_error(exchange, why, context_.name));
}

async::Task<void> ObjectRedirect::refuse_bucket_action(net::HttpExchange& exchange) {
  Result<std::string> body = co_await exchange.read_whole_body(api::kControlBodyMax);
  Status why = body.status();
  if (body.ok()) {
    Result<api::ActionMessage> message = api::ActionMessage::read(exchange.request(), *body);
    why = message.status();
    const bool of_one_object =
        message.ok() && (message->action == api::action::kRenameObject || message->action == api::action::kCheckLock);
    if (of_one_object) why = meta::validate_object_name("", false);
    else if (why.ok()) why = api::refuse_action(api::ActionOn::kObject, net::Method::kPost, message->action, kPostActions);
  }
  co_await answer(api::respond_error(exchange, why, context_.name));
}

}  // namespace ais::proxy
