#include "ais-target/native/dispatch.h"

#include "ais-target/native/get.h"
#include "ais-target/native/head.h"
#include "ais-target/native/list.h"
#include "ais-target/native/modify.h"
#include "ais-target/native/put.h"
#include "api/message.h"
#include "api/names.h"

namespace ais::target {
namespace {

bool is_missing_bucket(const Status& status) {
  return status.code() == Code::kBucketNotFound || status.code() == Code::kRemoteBucketNotFound;
}

// A node that has no cluster map yet does not know which buckets there are: 404 would be a lie that clients believe.
Status judge_missing_bucket(const TargetContext& target, Status status) {
  if (!is_missing_bucket(status) || target.daemon.cluster().snapshot().smap->version > 0) return status;
  return Status(Code::kUnavailable, target.node_name + " has not joined a cluster yet");
}

/// A handler answers the request, or returns why it could not and leaves the answer to its caller.
using ObjectHandler = async::Task<Status> (*)(TargetContext& target, ObjectCall& call);

ObjectHandler handler_of(net::Method method) {
  switch (method) {
    case net::Method::kGet: return get_object;
    case net::Method::kHead: return head_object;
    case net::Method::kPut: return put_object;
    case net::Method::kDelete: return delete_object;
    case net::Method::kPatch: return patch_object;
    case net::Method::kPost: return post_object;
    default: return nullptr;
  }
}

/// The owner, where a client read without a gateway and chose this node by its own cluster map, and this node's map names another one:
/// what lies here may be older than what the owner has. nullptr when this is the place to read.
const meta::Node* other_owner(const TargetContext& target, const ObjectCall& call) {
  const net::Method method = call.exchange.request().method;
  if (call.side == Side::kPeer || (method != net::Method::kGet && method != net::Method::kHead)) return nullptr;
  if (is_redirected(call)) return nullptr;
  const meta::Node* owner = target.daemon.cluster().snapshot().smap->owner(call.object.digest);
  return owner == nullptr || owner->id == target.node_id ? nullptr : owner;
}

async::Task<Status> redirect_to(TargetContext& target, const meta::Node& owner, net::HttpExchange& exchange) {
  target.count(kRedirectCount);
  const net::HttpRequest& request = exchange.request();
  std::string location = owner.public_net.url().append(request.path);
  if (!request.query.empty()) location.append("?").append(request.query);
  exchange.start(307).add("Location", location).add_block("Cache-Control: no-store\r\n");
  return exchange.send("");
}

Metric error_metric(const ObjectCall& call) {
  switch (call.exchange.request().method) {
    case net::Method::kGet: return kGetErrors;
    case net::Method::kHead: return kHeadErrors;
    case net::Method::kDelete: return kDeleteErrors;
    case net::Method::kPatch: return kPatchErrors;
    case net::Method::kPost: return kRenameErrors;
    default: return call.query.has(api::query::kAppendType) ? kAppendErrors : kPutErrors;
  }
}

}  // namespace

async::Task<void> serve_object(TargetContext& target, net::HttpExchange& exchange, Side side) {
  ObjectCall call{exchange, side};
  Status status = read_object_call(target.daemon.cluster(), call);
  if (is_missing_bucket(status)) {
    (void)co_await target.bucket_refresh.refresh();
    status = judge_missing_bucket(target, read_object_call(target.daemon.cluster(), call));
  }
  if (!target.buckets_are_settled()) co_await target.settle_buckets();
  const ObjectHandler handler = handler_of(exchange.request().method);
  if (status.ok() && handler == nullptr) status = Status(Code::kMethodNotAllowed, "method not allowed");
  if (status.ok()) {
    if (const meta::Node* owner = other_owner(target, call)) status = co_await redirect_to(target, *owner, exchange);
    else status = co_await handler(target, call);
  }
  if (status.ok()) co_return;
  target.count(error_metric(call));
  if (!exchange.responded()) (void)co_await api::respond_error(exchange, status, target.node_name);
}

async::Task<void> serve_bucket(TargetContext& target, net::HttpExchange& exchange, Side side) {
  Status status = co_await list_objects(target, exchange, side);
  status = judge_missing_bucket(target, std::move(status));
  if (status.ok()) co_return;
  target.count(kListErrors);
  if (!exchange.responded()) (void)co_await api::respond_error(exchange, status, target.node_name);
}

}  // namespace ais::target
