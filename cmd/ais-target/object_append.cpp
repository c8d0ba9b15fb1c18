#include "ais-target/object_append.h"

#include "ais-target/append_table.h"
#include "ais-target/object_put.h"
#include "api/names.h"
#include "api/object_attributes.h"
#include "net/offload.h"
#include "sys/clock.h"

namespace ais::target {
namespace {

constexpr size_t kAppendBuffer = 1 * kMiB;

sys::ThreadPool& pool_of(TargetContext& target, const ObjectRef& object) {
  return target.store.pool(target.store.mountpath_of(object.digest));
}

// Fills the buffer from the body; fewer bytes than its size only at the body's end.
net::Task<Result<size_t>> fill_buffer(net::HttpExchange& exchange, std::span<char> buffer) {
  size_t filled = 0;
  while (filled < buffer.size()) {
    Result<size_t> n = co_await exchange.read_body(buffer.subspan(filled));
    if (!n.ok()) co_return n.status();
    if (*n == 0) break;
    filled += *n;
  }
  co_return filled;
}

// Writes the body behind the work file's end. `written` tells how much arrived there, also when it fails in the middle.
net::Task<Status> append_body(TargetContext& target, ObjectCall& call, const std::string& work, uint64_t& written) {
  const uint64_t length = call.exchange.request().content_length.value_or(kAppendBuffer);
  const size_t size = static_cast<size_t>(std::clamp<uint64_t>(length, 4 * kKiB, kAppendBuffer));
  const auto bytes = std::make_unique_for_overwrite<char[]>(size);
  for (;;) {
    const std::span<char> buffer(bytes.get(), size);
    Result<size_t> n = co_await fill_buffer(call.exchange, buffer);
    if (!n.ok()) co_return n.status();
    if (*n == 0) co_return Status();
    written += *n;  // counted before the write: after a failed one the file may hold any part of it
    auto write = [&] { return target.store.append_write(call.object.name(), work, {bytes.get(), *n}); };
    Status status = co_await net::offload(pool_of(target, call.object), write);
    if (!status.ok()) co_return status;
    if (*n < size) co_return Status();
  }
}

Result<AppendHandle> read_handle(const TargetContext& target, const std::string& text) {
  AIS_TRY(AppendHandle handle, AppendHandle::parse(text));
  if (handle.target_id != target.node_id)
    return Status(Code::kInvalid, "invalid APPEND handle: it belongs to t[" + handle.target_id + "], this is " + target.node_name);
  return handle;
}

net::Task<Result<AppendHandle>> start_append(TargetContext& target, ObjectCall& call) {
  auto start = [&] { return target.store.append_start(call.object.name()); };
  Result<std::string> work = co_await net::offload(pool_of(target, call.object), start);
  if (!work.ok()) co_return target.explain(call.object, work.status());
  AppendHandle handle;
  handle.target_id = target.node_id;
  handle.work = std::move(*work);
  handle.checksum = call.object.rules.checksum;
  co_return handle;
}

net::Task<Status> append_content(TargetContext& target, ObjectCall& call, const std::string& handle_text) {
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, call.object.digest));
  Result<AppendHandle> handle = Status(Code::kInternal, "");
  if (handle_text.empty()) handle = co_await start_append(target, call);
  else handle = read_handle(target, handle_text);
  if (!handle.ok()) co_return handle.status();
  AIS_CO_RETURN_IF_ERROR(target.appends.begin(*handle));

  uint64_t written = 0;
  Status status = co_await append_body(target, call, handle->work, written);
  if (!status.ok()) {
    if (written > 0) target.appends.fail(handle->work);
    else target.appends.finish(handle->work, handle->appended);
    co_return status;
  }
  handle->appended += written;
  target.appends.finish(handle->work, handle->appended);
  target.count(kAppendCount);
  call.exchange.start(200).add(api::header::kAppendHandle, handle->to_text());
  co_return co_await call.exchange.send("");
}

net::Task<Status> flush_append(TargetContext& target, ObjectCall& call, const std::string& handle_text) {
  if (handle_text.empty()) co_return Status(Code::kInvalid, "cannot flush " + call.object.cname() + ": APPEND handle is empty");
  AIS_CO_TRY(const AppendHandle handle, read_handle(target, handle_text));
  AIS_CO_TRY(api::PutAttributes attributes, api::read_put_attributes(call.exchange.request().headers));
  AIS_CO_RETURN_IF_ERROR(target.appends.begin(handle));

  store::CommitOptions options;
  options.policy = call.object.rules.data_policy;
  options.versioned = call.object.rules.versioned;
  options.custom = std::move(attributes.custom);
  options.atime_ns = attributes.atime_ns;
  if (attributes.checksum && attributes.checksum->type != codec::ChecksumType::kNone)
    options.expected = rename_equal_algorithm(std::move(*attributes.checksum), call.object.rules.checksum);
  auto flush = [&](auto complete) {
    target.store.append_flush(call.object.name(), handle.work, call.object.rules.checksum, std::move(options), complete);
  };
  Result<store::CommitResult> flushed = co_await net::callback_result<Result<store::CommitResult>>(flush);
  if (flushed.code() == Code::kStaleGeneration) {
    target.appends.forget(handle.work);
    co_return Status(Code::kStaleGeneration, call.object.cname() + " has changed since the append began: nothing was appended");
  }
  if (!flushed.ok()) {
    target.appends.finish(handle.work, handle.appended);
    co_return target.explain(call.object, flushed.status());
  }
  target.appends.forget(handle.work);
  target.count(kAppendCount);
  call.exchange.start(200);
  co_return co_await call.exchange.send("");
}

}  // namespace

net::Task<Status> append_object(TargetContext& target, ObjectCall& call) {
  AIS_CO_RETURN_IF_ERROR(call.object.check_access(meta::kAccessAppend));
  const std::string type = call.query.get_or_empty(api::query::kAppendType);
  const std::string handle = call.query.get_or_empty(api::query::kAppendHandle);
  if (type != "append" && type != "flush") co_return Status(Code::kInvalid, "invalid append type \"" + type + "\"");
  const int64_t begin = sys::real_clock().monotonic_ns();
  Status status;
  if (type == "append") status = co_await append_content(target, call, handle);
  else status = co_await flush_append(target, call, handle);
  target.count(kAppendNanoseconds, sys::real_clock().monotonic_ns() - begin);
  co_return status;
}

}  // namespace ais::target
