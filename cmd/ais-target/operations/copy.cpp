#include "ais-target/operations/copy.h"

#include <optional>

#include "ais-target/operations/put.h"
#include "ais-target/operations/read.h"
#include "ais-target/operations/transfer.h"
#include "base/log.h"

namespace ais::target {
namespace {

// The node that must hold the new name; nullopt when that is this one.
std::optional<meta::Node> other_owner(const TargetContext& target, uint64_t digest) {
  const meta::Node* owner = target.daemon.cluster().snapshot().smap->owner(digest);
  if (owner == nullptr || owner->id == target.node_id) return std::nullopt;
  return *owner;
}

// Of a store's error, the object it is about.
Status explain(TargetContext& target, const ObjectRef& from, const ObjectRef& to, Status status) {
  const ObjectRef& object = status.code() == Code::kObjectNotFound ? from : to;
  return target.explain(object, std::move(status));
}

async::Task<Status> copy_locally(TargetContext& target, const ObjectRef& from, const ObjectRef& to, store::ChangeTerms terms) {
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, to.digest));
  store::CopyOptions options;
  static_cast<store::ChangeTerms&>(options) = std::move(terms);
  options.policy = to.rules.data_policy;
  options.checksum = to.rules.checksum;
  options.versioned = to.rules.versioned;
  Result<store::CommitResult> copied = co_await target.store.copy(from.name(), to.name(), std::move(options));
  if (copied.code() == Code::kBadChecksum) {
    target.count(kChecksumErrors);
    AIS_ERROR("target", "%s: %s", from.cname().c_str(), copied.status().message().c_str());
  }
  co_return explain(target, from, to, copied.status());
}

async::Task<Status> copy_onto_itself(TargetContext& target, const ObjectRef& object, store::ChangeTerms terms) {
  Result<store::OpenObjectPtr> opened = co_await open_object(target, object);
  if (!opened.ok()) co_return opened.status();
  co_return check_change(terms.condition, opened->get(), object);
}

async::Task<Status> copy_to_peer(TargetContext& target, const ObjectRef& from, const ObjectRef& to, const meta::Node& peer,
                                 store::ChangeTerms terms) {
  Result<store::OpenObjectPtr> opened = co_await open_object(target, from);
  if (!opened.ok()) co_return opened.status();
  co_return co_await transfer_object(target, **opened, to, peer, Transfer::kCopy, std::move(terms.condition));
}

// The claim ends with this task, however that ends.
async::Task<Status> rename_to_peer(TargetContext& target, const ObjectRef& from, const ObjectRef& to, const meta::Node& peer,
                                   store::ChangeTerms terms) {
  Result<store::MoveClaim> claimed = co_await target.store.claim_move(from.name(), std::move(terms));
  if (!claimed.ok()) co_return target.explain(from, claimed.status());
  Status sent = co_await transfer_object(target, claimed->source(), to, peer, Transfer::kMove, nullptr);
  if (!sent.ok()) co_return sent;
  co_return co_await target.store.finish_move(from.name(), std::move(*claimed), from.rules.data_policy);
}

async::Task<Status> rename_locally(TargetContext& target, const ObjectRef& from, const ObjectRef& to, store::ChangeTerms terms) {
  store::ChangeOptions options{std::move(terms), from.rules.data_policy};
  Status renamed = co_await target.store.rename(from.name(), to.name(), std::move(options));
  // Only the new name can be busy: what is done to the old one waits.
  const ObjectRef& object = renamed.code() == Code::kBusy ? to : from;
  co_return target.explain(object, std::move(renamed));
}

}  // namespace

async::Task<Status> copy(TargetContext& target, const ObjectRef& from, const ObjectRef& to, store::ChangeTerms terms) {
  AIS_CO_RETURN_IF_ERROR(from.check_access(meta::kAccessGet));
  AIS_CO_RETURN_IF_ERROR(to.check_access(meta::kAccessPut));
  const std::optional<meta::Node> peer = other_owner(target, to.digest);
  Status copied;
  if (to.uname == from.uname) copied = co_await copy_onto_itself(target, from, std::move(terms));
  else if (peer) copied = co_await copy_to_peer(target, from, to, *peer, std::move(terms));
  else copied = co_await copy_locally(target, from, to, std::move(terms));
  if (copied.ok()) target.count(kCopyCount);
  co_return copied;
}

async::Task<Status> rename(TargetContext& target, const ObjectRef& from, const std::string& new_name, store::ChangeTerms terms) {
  AIS_CO_RETURN_IF_ERROR(from.check_access(meta::kAccessMoveObject));
  AIS_CO_RETURN_IF_ERROR(meta::validate_object_name(new_name));
  if (from.bucket.is_remote() || from.rules.has_backend || from.rules.erasure_coded)
    co_return Status(Code::kUnsupported, "cannot rename-obj " + from.cname() + " - operation not supported");
  if (new_name == from.object()) co_return Status(Code::kInvalid, "cannot rename " + from.cname() + " to itself");
  AIS_CO_TRY(const ObjectRef to, make_object_ref(target.daemon.cluster(), from.bucket, new_name));

  Status renamed;
  if (const std::optional<meta::Node> peer = other_owner(target, to.digest)) {
    renamed = co_await rename_to_peer(target, from, to, *peer, std::move(terms));
  } else {
    renamed = co_await rename_locally(target, from, to, std::move(terms));
  }
  if (renamed.ok()) target.count(kRenameCount);
  co_return renamed;
}

}  // namespace ais::target
