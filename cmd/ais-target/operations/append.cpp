#include "ais-target/operations/append.h"

#include <algorithm>
#include <memory>

#include "ais-target/operations/put.h"
#include "net/offload.h"
#include "sys/clock.h"

namespace ais::target {
namespace {

constexpr size_t kAppendBuffer = 1 * kMiB;

sys::ThreadPool& pool_of(TargetContext& target, const ObjectRef& object) {
  return target.store.pool(target.store.mountpath_of(object.digest));
}

// Fills the buffer from the body; fewer bytes than its size only at the body's end.
net::Task<Result<size_t>> fill_buffer(BodySource& body, std::span<char> buffer) {
  size_t filled = 0;
  while (filled < buffer.size()) {
    Result<size_t> n = co_await body.read(buffer.subspan(filled));
    if (!n.ok()) co_return n.status();
    if (*n == 0) break;
    filled += *n;
  }
  co_return filled;
}

// Writes the body behind the work file's end. `written` tells how much arrived there, also when it fails in the middle.
net::Task<Status> append_body(TargetContext& target, const ObjectRef& object, const std::string& work, BodySource& body,
                              uint64_t& written) {
  const uint64_t length = body.length().value_or(kAppendBuffer);
  const size_t size = static_cast<size_t>(std::clamp<uint64_t>(length, 4 * kKiB, kAppendBuffer));
  const auto bytes = std::make_unique_for_overwrite<char[]>(size);
  for (;;) {
    const std::span<char> buffer(bytes.get(), size);
    Result<size_t> n = co_await fill_buffer(body, buffer);
    if (!n.ok()) co_return n.status();
    if (*n == 0) co_return Status();
    written += *n;  // counted before the write: after a failed one the file may hold any part of it
    auto write = [&] { return target.store.append_write(object.name(), work, {bytes.get(), *n}); };
    Status status = co_await net::offload(pool_of(target, object), write);
    if (!status.ok()) co_return status;
    if (*n < size) co_return Status();
  }
}

Status check_owner(const TargetContext& target, const AppendHandle& handle) {
  if (handle.target_id == target.node_id) return {};
  return Status(Code::kInvalid, "invalid APPEND handle: it belongs to t[" + handle.target_id + "], this is " + target.node_name);
}

net::Task<Result<AppendHandle>> start_append(TargetContext& target, const ObjectRef& object) {
  auto start = [&] { return target.store.append_start(object.name()); };
  Result<std::string> work = co_await net::offload(pool_of(target, object), start);
  if (!work.ok()) co_return target.explain(object, work.status());
  AppendHandle handle;
  handle.target_id = target.node_id;
  handle.work = std::move(*work);
  handle.checksum = object.rules.checksum;
  co_return handle;
}

// Counts the time of an append or flush, however it ends.
class TimedAppend {
 public:
  explicit TimedAppend(TargetContext& target) : target_(target) {}
  ~TimedAppend() { target_.count(kAppendNanoseconds, sys::real_clock().monotonic_ns() - begin_ns_); }
  TimedAppend(const TimedAppend&) = delete;

 private:
  TargetContext& target_;
  const int64_t begin_ns_ = sys::real_clock().monotonic_ns();
};

}  // namespace

net::Task<Result<AppendHandle>> append(TargetContext& target, const ObjectRef& object, std::optional<AppendHandle> handle,
                                       BodySource& body) {
  const TimedAppend timed(target);
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessAppend));
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, object.digest));
  if (!handle) {
    Result<AppendHandle> started = co_await start_append(target, object);
    if (!started.ok()) co_return started.status();
    handle = std::move(*started);
  }
  AIS_CO_RETURN_IF_ERROR(check_owner(target, *handle));
  AIS_CO_RETURN_IF_ERROR(target.appends.begin(*handle));

  uint64_t written = 0;
  Status status = co_await append_body(target, object, handle->work, body, written);
  if (!status.ok()) {
    if (written > 0) target.appends.fail(handle->work);
    else target.appends.finish(handle->work, handle->appended);
    co_return status;
  }
  handle->appended += written;
  target.appends.finish(handle->work, handle->appended);
  target.count(kAppendCount);
  co_return std::move(*handle);
}

net::Task<Status> flush(TargetContext& target, const ObjectRef& object, const AppendHandle& handle, api::PutAttributes attributes) {
  const TimedAppend timed(target);
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessAppend));
  AIS_CO_RETURN_IF_ERROR(check_owner(target, handle));
  AIS_CO_RETURN_IF_ERROR(target.appends.begin(handle));

  store::CommitOptions options;
  options.policy = object.rules.data_policy;
  options.versioned = object.rules.versioned;
  options.custom = std::move(attributes.custom);
  options.atime_ns = attributes.atime_ns;
  if (attributes.checksum && attributes.checksum->type != codec::ChecksumType::kNone)
    options.expected = rename_equal_algorithm(std::move(*attributes.checksum), object.rules.checksum);
  auto publish = [&](auto complete) {
    target.store.append_flush(object.name(), handle.work, object.rules.checksum, std::move(options), complete);
  };
  Result<store::CommitResult> flushed = co_await net::callback_result<Result<store::CommitResult>>(publish);
  if (flushed.code() == Code::kStaleGeneration) {
    target.appends.forget(handle.work);
    co_return Status(Code::kStaleGeneration, object.cname() + " has changed since the append began: nothing was appended");
  }
  if (!flushed.ok()) {
    target.appends.finish(handle.work, handle.appended);
    co_return target.explain(object, flushed.status());
  }
  target.appends.forget(handle.work);
  target.count(kAppendCount);
  co_return Status();
}

}  // namespace ais::target
