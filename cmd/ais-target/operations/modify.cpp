#include "ais-target/operations/modify.h"

namespace ais::target {

async::Task<Status> remove(TargetContext& target, const ObjectRef& object, store::ChangeTerms terms) {
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessDeleteObject));
  store::ChangeOptions options{std::move(terms), object.rules.data_policy};
  Status removed = co_await target.store.remove(object.name(), std::move(options));
  if (removed.code() == Code::kObjectNotFound) co_return Status(Code::kObjectNotFound, object.cname() + " doesn't exist");
  if (!removed.ok()) co_return target.explain(object, std::move(removed));
  target.count(kDeleteCount);
  co_return removed;
}

async::Task<Status> set_custom(TargetContext& target, const ObjectRef& object, meta::CustomPairs pairs, bool replace_all,
                               store::ChangeTerms terms) {
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessUpdateObject));
  store::ChangeOptions options{std::move(terms), object.rules.metadata_policy};
  Status changed = co_await target.store.set_custom(object.name(), std::move(pairs), replace_all, std::move(options));
  if (!changed.ok()) co_return target.explain(object, std::move(changed));
  target.count(kPatchCount);
  co_return changed;
}

}  // namespace ais::target
