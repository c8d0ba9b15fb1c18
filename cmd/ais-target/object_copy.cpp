#include "ais-target/object_copy.h"

#include <optional>

#include "ais-target/object_get.h"
#include "ais-target/object_put.h"
#include "ais-target/object_transfer.h"
#include "api/names.h"
#include "net/offload.h"

namespace ais::target {
namespace {

// The node that must hold the new name; nullopt when that is this one.
std::optional<meta::Node> other_owner(const TargetContext& target, uint64_t digest) {
  const meta::Node* owner = target.daemon.cluster().snapshot().smap->owner(digest);
  if (owner == nullptr || owner->id == target.node_id) return std::nullopt;
  return *owner;
}

net::Task<Result<ObjectRef>> read_destination(TargetContext& target, const ObjectCall& call) {
  Result<meta::ObjectUri> uri = meta::parse_uname(call.query.get_or_empty(api::query::kObjectTo));
  if (!uri.ok()) co_return uri.status();
  AIS_CO_RETURN_IF_ERROR(meta::validate_object_name(uri->object));
  Result<ObjectRef> to = make_object_ref(target.daemon.cluster(), uri->bucket, uri->object);
  if (!to.ok()) {
    (void)co_await target.bucket_refresh.refresh();
    to = make_object_ref(target.daemon.cluster(), uri->bucket, uri->object);
  }
  co_return to;
}

net::Task<Status> copy_locally(TargetContext& target, const ObjectRef& from, const ObjectRef& to) {
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, to.digest));
  store::CommitOptions options;
  options.policy = to.rules.data_policy;
  options.versioned = to.rules.versioned;
  auto copy = [&](auto complete) { target.store.copy(from.name(), to.name(), std::move(options), complete); };
  Result<store::CommitResult> copied = co_await net::callback_result<Result<store::CommitResult>>(copy);
  co_return target.explain(from, copied.status());
}

net::Task<Status> rename_to_peer(TargetContext& target, const ObjectRef& from, const ObjectRef& to, const meta::Node& peer) {
  Result<store::OpenObjectPtr> opened = co_await open_object(target, from);
  if (!opened.ok()) co_return opened.status();
  Status sent = co_await transfer_object(target, **opened, to, peer);
  if (!sent.ok()) co_return sent;
  // Overwritten while it was sent: as if the rename had come first and the write after it, so the new content stays.
  const store::Generation sent_generation = (*opened)->metadata.generation;
  auto remove = [&](auto complete) { target.store.remove_moved(from.name(), sent_generation, from.rules.data_policy, complete); };
  co_return co_await net::callback_result<Status>(remove);
}

net::Task<Status> answer_empty(net::HttpExchange& exchange) {
  exchange.start(200);
  co_return co_await exchange.send("");
}

}  // namespace

net::Task<Status> copy_object(TargetContext& target, ObjectCall& call) {
  AIS_CO_RETURN_IF_ERROR(call.object.check_access(meta::kAccessGet));
  Result<ObjectRef> to = co_await read_destination(target, call);
  if (!to.ok()) co_return to.status();
  AIS_CO_RETURN_IF_ERROR(to->check_access(meta::kAccessPut));

  Status copied;
  if (to->uname == call.object.uname) {
    // A copy onto itself changes nothing, but there must be something.
    Result<store::OpenObjectPtr> opened = co_await open_object(target, call.object);
    copied = opened.status();
  } else if (const std::optional<meta::Node> peer = other_owner(target, to->digest)) {
    Result<store::OpenObjectPtr> opened = co_await open_object(target, call.object);
    if (!opened.ok()) co_return opened.status();
    copied = co_await transfer_object(target, **opened, *to, *peer);
  } else {
    copied = co_await copy_locally(target, call.object, *to);
  }
  if (!copied.ok()) co_return copied;
  target.count(kCopyCount);
  co_return co_await answer_empty(call.exchange);
}

net::Task<Status> rename_object(TargetContext& target, ObjectCall& call, const std::string& new_name) {
  const ObjectRef& from = call.object;
  AIS_CO_RETURN_IF_ERROR(from.check_access(meta::kAccessMoveObject));
  AIS_CO_RETURN_IF_ERROR(meta::validate_object_name(new_name));
  if (from.bucket.is_remote() || from.rules.has_backend || from.rules.erasure_coded)
    co_return Status(Code::kUnsupported, "cannot rename-obj " + from.cname() + " - operation not supported");
  if (new_name == from.object()) co_return Status(Code::kInvalid, "cannot rename " + from.cname() + " to itself");
  AIS_CO_TRY(const ObjectRef to, make_object_ref(target.daemon.cluster(), from.bucket, new_name));

  Status renamed;
  if (const std::optional<meta::Node> peer = other_owner(target, to.digest)) {
    renamed = co_await rename_to_peer(target, from, to, *peer);
  } else {
    auto rename = [&](auto complete) { target.store.rename(from.name(), to.name(), from.rules.data_policy, complete); };
    renamed = co_await net::callback_result<Status>(rename);
    renamed = target.explain(from, std::move(renamed));
  }
  if (!renamed.ok()) co_return renamed;
  target.count(kRenameCount);
  co_return co_await answer_empty(call.exchange);
}

}  // namespace ais::target
