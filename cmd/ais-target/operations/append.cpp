#include "ais-target/operations/append.h"

#include <algorithm>
#include <memory>

#include "ais-target/operations/put.h"
#include "ais-target/operations/read.h"
#include "async/offload.h"

namespace ais::target {
namespace {

constexpr size_t kAppendBuffer = 1 * kMiB;

sys::ThreadPool& pool_of(TargetContext& target, const ObjectRef& object) {
  return target.store.pool(target.store.mountpath_of(object.digest));
}

// Fills the buffer from the body; fewer bytes than its size only at the body's end.
async::Task<Result<size_t>> fill_buffer(BodySource& body, std::span<char> buffer) {
  size_t filled = 0;
  while (filled < buffer.size()) {
    Result<size_t> n = co_await body.read(buffer.subspan(filled));
    if (!n.ok()) co_return n.status();
    if (*n == 0) break;
    filled += *n;
  }
  co_return filled;
}

// What a body added to a work file.
struct Added {
  uint64_t begin = 0;
  uint64_t bytes = 0;
};

// Writes the body behind the work file's end. `added` tells what is there, also when it fails in the middle; that is so with kBadChecksum,
// when the body does not have the checksum that it should.
async::Task<Status> append_body(TargetContext& target, const ObjectRef& object, const std::string& work, BodySource& body,
                                const std::optional<codec::Checksum>& expected, Added& added) {
  codec::Hasher hasher(expected ? expected->type : codec::ChecksumType::kNone);
  const uint64_t length = body.length().value_or(kAppendBuffer);
  const size_t size = static_cast<size_t>(std::clamp<uint64_t>(length, 4 * kKiB, kAppendBuffer));
  const auto bytes = std::make_unique_for_overwrite<char[]>(size);
  for (;;) {
    const std::span<char> buffer(bytes.get(), size);
    Result<size_t> n = co_await fill_buffer(body, buffer);
    if (!n.ok()) co_return n.status();
    if (*n == 0) break;
    auto write = [&] {
      hasher.update({bytes.get(), *n});
      return target.store.append_write(object.name(), work, {bytes.get(), *n});
    };
    Result<uint64_t> begin = co_await async::offload(pool_of(target, object), write);
    if (!begin.ok()) co_return begin.status();
    if (added.bytes == 0) added.begin = *begin;
    added.bytes += *n;
    if (*n < size) break;
  }
  const codec::Checksum sent = hasher.finish();
  co_return !expected || sent == *expected ? Status() : codec::bad_checksum(*expected, sent, object.cname());
}

// After the error `why`: the append is as it was before the request, or over, when its work file is gone.
async::Task<void> take_back(TargetContext& target, const ObjectRef& object, const AppendHandle& handle, Code why, Added added,
                            bool is_new) {
  Status taken(why == Code::kNotFound ? why : Code::kOk, "");
  if (taken.ok() && (is_new || added.bytes > 0)) {
    auto undo = [&] {
      if (is_new) return target.store.append_abandon(object.name(), handle.work);
      return target.store.append_truncate(object.name(), handle.work, added.begin);
    };
    taken = co_await async::offload(pool_of(target, object), undo);
  }
  if (is_new || taken.code() == Code::kNotFound) target.appends.forget(handle.work);
  else if (taken.ok()) target.appends.finish(handle.work, handle.appended);
  else target.appends.fail(handle.work);
}

// A handle that is not one of this object's must not reach the append that it names.
Status check_handle(const TargetContext& target, const ObjectRef& object, const AppendHandle& handle) {
  if (handle.target_id != target.node_id)
    return Status(Code::kInvalid, "invalid APPEND handle: it belongs to t[" + handle.target_id + "], this is " + target.node_name);
  if (target.store.append_check(object.name(), handle.work).ok()) return {};
  return Status(Code::kInvalid, "invalid APPEND handle: it does not belong to " + object.cname());
}

async::Task<Result<AppendHandle>> start_append(TargetContext& target, const ObjectRef& object) {
  auto start = [&] { return target.store.append_start(object.name()); };
  Result<std::string> work = co_await async::offload(pool_of(target, object), start);
  if (work.code() == Code::kBadChecksum) target.count(kChecksumErrors);
  if (!work.ok()) co_return target.explain(object, work.status());
  AppendHandle handle;
  handle.target_id = target.node_id;
  handle.work = std::move(*work);
  handle.checksum = object.rules.checksum;
  co_return handle;
}

async::Task<Status> check_condition(TargetContext& target, const ObjectRef& object, const meta::PreconditionPtr& condition) {
  if (!condition) co_return Status();
  Result<store::OpenObjectPtr> opened = co_await open_object(target, object);
  if (!opened.ok() && opened.code() != Code::kObjectNotFound) co_return opened.status();
  co_return check_change(condition, opened.ok() ? opened->get() : nullptr, object);
}

// Takes the append for this request. What the table does not remember of it the file tells: a handle that was used before says fewer bytes.
async::Task<Status> claim(TargetContext& target, const ObjectRef& object, const AppendHandle& handle) {
  AIS_CO_TRY(const bool is_known, target.appends.begin(handle));
  if (is_known) co_return Status();
  auto ask = [&] { return target.store.append_size(object.name(), handle.work); };
  Result<uint64_t> appended = co_await async::offload(pool_of(target, object), ask);
  if (appended.ok() && *appended == handle.appended) co_return Status();
  target.appends.forget(handle.work);
  if (!appended.ok()) co_return target.explain(object, appended.status());
  co_return stale_append(handle, *appended);
}

// Counts an append or flush that was done, and its time.
void count_done(TargetContext& target, int64_t begin_ns) {
  target.count(kAppendCount);
  target.count(kAppendNanoseconds, target.monotonic_ns() - begin_ns);
}

}  // namespace

async::Task<Result<AppendHandle>> append(TargetContext& target, const ObjectRef& object, std::optional<AppendHandle> handle,
                                         std::optional<codec::Checksum> expected, store::ChangeTerms terms, BodySource& body) {
  const int64_t begin_ns = target.monotonic_ns();
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessAppend));
  if (handle) AIS_CO_RETURN_IF_ERROR(check_handle(target, object, *handle));
  Status allowed = co_await check_condition(target, object, terms.condition);
  if (!allowed.ok()) co_return allowed;
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, object.digest));
  const bool is_new = !handle;
  if (is_new) {
    Result<AppendHandle> started = co_await start_append(target, object);
    if (!started.ok()) co_return started.status();
    handle = std::move(*started);
    AIS_CO_RETURN_IF_ERROR(target.appends.begin(*handle).status());
  } else {
    Status claimed = co_await claim(target, object, *handle);
    if (!claimed.ok()) co_return claimed;
  }

  Added added;
  Status status = co_await append_body(target, object, handle->work, body, expected, added);
  if (!status.ok()) {
    co_await take_back(target, object, *handle, status.code(), added, is_new);
    co_return target.explain(object, std::move(status));
  }
  handle->appended += added.bytes;
  target.appends.finish(handle->work, handle->appended);
  count_done(target, begin_ns);
  co_return std::move(*handle);
}

async::Task<Status> flush(TargetContext& target, const ObjectRef& object, const AppendHandle& handle, api::PutAttributes attributes,
                          store::ChangeTerms terms, BodySource& body) {
  const int64_t begin_ns = target.monotonic_ns();
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessAppend));
  AIS_CO_RETURN_IF_ERROR(check_handle(target, object, handle));
  if (body.length() != uint64_t{0}) AIS_CO_RETURN_IF_ERROR(check_capacity(target, object.digest));
  Status claimed = co_await claim(target, object, handle);
  if (!claimed.ok()) co_return claimed;

  Added added;
  const std::optional<codec::Checksum> of_part;  // what the attributes have is of the whole
  Status status = co_await append_body(target, object, handle.work, body, of_part, added);
  if (!status.ok()) {
    co_await take_back(target, object, handle, status.code(), added, /*is_new=*/false);
    co_return target.explain(object, std::move(status));
  }
  store::CommitOptions options;
  static_cast<store::ChangeTerms&>(options) = std::move(terms);
  options.policy = object.rules.data_policy;
  options.versioned = object.rules.versioned;
  options.custom = std::move(attributes.custom);
  options.keep_custom = true;
  options.version = std::move(attributes.version);
  options.atime_ns = attributes.atime_ns;
  options.expected = std::move(attributes.checksum);
  auto flushed = co_await target.store.append_flush(object.name(), handle.work, object.rules.checksum, std::move(options));
  if (flushed.ok() || flushed.code() == Code::kStaleGeneration) target.appends.forget(handle.work);
  else co_await take_back(target, object, handle, flushed.code(), added, /*is_new=*/false);
  if (flushed.code() == Code::kStaleGeneration)
    co_return Status(Code::kStaleGeneration, object.cname() + " has changed since the append began: nothing was appended");
  if (!flushed.ok()) co_return target.explain(object, flushed.status());
  count_done(target, begin_ns);
  co_return Status();
}

}  // namespace ais::target
