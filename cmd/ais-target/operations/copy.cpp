#include "ais-target/operations/copy.h"

#include <optional>

#include "ais-target/operations/put.h"
#include "ais-target/operations/read.h"
#include "ais-target/operations/transfer.h"
#include "net/offload.h"

namespace ais::target {
namespace {

// The node that must hold the new name; nullopt when that is this one.
std::optional<meta::Node> other_owner(const TargetContext& target, uint64_t digest) {
  const meta::Node* owner = target.daemon.cluster().snapshot().smap->owner(digest);
  if (owner == nullptr || owner->id == target.node_id) return std::nullopt;
  return *owner;
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

}  // namespace

net::Task<Status> copy(TargetContext& target, const ObjectRef& from, const ObjectRef& to) {
  AIS_CO_RETURN_IF_ERROR(from.check_access(meta::kAccessGet));
  AIS_CO_RETURN_IF_ERROR(to.check_access(meta::kAccessPut));
  const std::optional<meta::Node> peer = other_owner(target, to.digest);
  Status copied;
  if (peer || to.uname == from.uname) {
    Result<store::OpenObjectPtr> opened = co_await open_object(target, from);
    if (!opened.ok()) co_return opened.status();
    if (to.uname != from.uname) copied = co_await transfer_object(target, **opened, to, *peer);
  } else {
    copied = co_await copy_locally(target, from, to);
  }
  if (copied.ok()) target.count(kCopyCount);
  co_return copied;
}

net::Task<Status> rename(TargetContext& target, const ObjectRef& from, const std::string& new_name) {
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
  if (renamed.ok()) target.count(kRenameCount);
  co_return renamed;
}

}  // namespace ais::target
