#include "ais-target/operations/read.h"

#include "ais-target/operations/content_check.h"
#include "async/offload.h"

namespace ais::target {

Result<store::OpenObjectPtr> open_cached(TargetContext& target, const ObjectRef& object) {
  Result<store::OpenObjectPtr> opened = target.store.open_nonblocking(object.name());
  if (!opened.ok()) return target.explain(object, opened.status());
  return opened;
}

async::Task<Result<store::OpenObjectPtr>> open_object(TargetContext& target, const ObjectRef& object) {
  Result<store::OpenObjectPtr> opened = open_cached(target, object);
  if (!opened.ok() || *opened != nullptr) co_return opened;
  auto open = [&] { return target.store.open_blocking(object.name()); };
  opened = co_await async::offload(target.store.pool(target.store.mountpath_of(object.digest)), open);
  if (!opened.ok()) co_return target.explain(object, opened.status());
  co_return opened;
}

Status check_read(const meta::PreconditionPtr& condition, const store::OpenObject& present, const ObjectRef& object) {
  using Verdict = meta::Precondition::Verdict;
  const Verdict verdict = condition ? condition->of_read(present.metadata, present.mtime_ns) : Verdict::kHolds;
  if (verdict == Verdict::kHolds) return {};
  if (verdict == Verdict::kNotModified) return Status(Code::kNotModified, object.cname() + " is not modified");
  return precondition_failed(object);
}

Status check_change(const meta::PreconditionPtr& condition, const store::OpenObject* present, const ObjectRef& object) {
  if (!condition || condition->allows_change(present ? &present->metadata : nullptr, present ? present->mtime_ns : 0)) return {};
  return precondition_failed(object);
}

async::Task<Result<codec::Checksum>> range_checksum(TargetContext& target, const store::OpenObject& object, uint64_t offset,
                                                    uint64_t length) {
  auto hash = [&] { return checksum_of_range(object.fd, offset, length, object.metadata.checksum.type); };
  co_return co_await async::offload(target.store.pool(object.mountpath_index), hash);
}

int64_t record_read(TargetContext& target, const store::OpenObject& object, uint64_t bytes) {
  target.count(kGetCount);
  target.count(kGetBytes, static_cast<int64_t>(bytes));
  const int64_t before = access_time(object);
  object.last_access_ns.store(target.clock.wall_ns(), std::memory_order_relaxed);
  return before;
}

int64_t access_time(const store::OpenObject& object) {
  return std::max(object.metadata.atime_ns, object.last_access_ns.load(std::memory_order_relaxed));
}

}  // namespace ais::target
