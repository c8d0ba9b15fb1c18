#include "ais-target/object_put.h"

#include "ais-target/object_append.h"
#include "ais-target/object_copy.h"
#include "ais-target/object_get.h"
#include "api/names.h"
#include "api/object_attributes.h"
#include "net/offload.h"
#include "sys/clock.h"

namespace ais::target {
namespace {

constexpr size_t kDrainBytes = 64 * kKiB;

// Memory for bodies is bounded: when it is used up, requests wait here for one that ends.
net::Task<std::unique_ptr<store::ObjectWriter>> create_writer(TargetContext& target, const ObjectCall& call) {
  const net::HttpRequest& request = call.exchange.request();
  std::optional<uint64_t> size = request.content_length;
  if (!size && !request.chunked) size = 0;
  for (;;) {
    auto writer = target.store.create_writer(call.object.name(), size, call.object.rules.checksum);
    if (writer != nullptr) co_return writer;
    auto wait = [&](auto complete) { target.store.on_buffers_available([complete]() mutable { complete(true); }); };
    (void)co_await net::callback_result<bool>(wait);
  }
}

net::Task<Status> receive_body(ObjectCall& call, store::ObjectWriter& writer) {
  const std::optional<uint64_t> length = call.exchange.request().chunked ? std::nullopt : call.exchange.request().content_length;
  while (!length || writer.bytes_received() < *length) {
    const std::optional<std::span<char>> buffer = writer.next_buffer();
    if (!buffer) {
      auto flush = [&](auto complete) { writer.flush(complete); };
      Status flushed = co_await net::callback_result<Status>(flush);
      if (!flushed.ok()) co_return flushed;
      continue;
    }
    Result<size_t> n = co_await call.exchange.read_body(*buffer);
    if (!n.ok()) co_return n.status();
    if (*n == 0) break;
    writer.advance(*n);
  }
  co_return Status();
}

// A PUT of content that is already there changes nothing, not even the version. The metadata is a snapshot: another PUT that is
// acknowledged meanwhile simply counts as the later one.
net::Task<bool> is_stored_already(TargetContext& target, const ObjectCall& call, const codec::Checksum& checksum) {
  if (checksum.type == codec::ChecksumType::kNone || call.query.get_bool(api::query::kSkipVersionChecksum)) co_return false;
  Result<store::OpenObjectPtr> opened = co_await open_object(target, call.object);
  co_return opened.ok() && (*opened)->metadata.checksum == checksum;
}

store::CommitOptions commit_options(const ObjectCall& call, api::PutAttributes& attributes) {
  store::CommitOptions options;
  if (attributes.checksum) options.expected = rename_equal_algorithm(std::move(*attributes.checksum), call.object.rules.checksum);
  options.policy = call.object.rules.data_policy;
  options.versioned = call.object.rules.versioned;
  options.version = std::move(attributes.version);
  options.custom = std::move(attributes.custom);
  options.atime_ns = attributes.atime_ns;
  return options;
}

net::Task<Status> receive_and_commit(TargetContext& target, ObjectCall& call, api::PutAttributes attributes) {
  const int64_t begin = sys::real_clock().monotonic_ns();
  store::CommitOptions options = commit_options(call, attributes);
  std::unique_ptr<store::ObjectWriter> writer = co_await create_writer(target, call);
  Status received = co_await receive_body(call, *writer);
  if (!received.ok()) co_return received;

  auto commit = [&](auto complete) { target.store.commit(call.object.name(), std::move(writer), std::move(options), complete); };
  Result<store::CommitResult> committed = co_await net::callback_result<Result<store::CommitResult>>(commit);
  if (!committed.ok()) co_return target.explain(call.object, committed.status());
  target.count(kPutCount);
  target.count(kPutBytes, static_cast<int64_t>(committed->metadata.size));
  target.count(kPutNanoseconds, sys::real_clock().monotonic_ns() - begin);
  call.exchange.start(200).add_block(api::attribute_headers(committed->metadata, /*with_atime=*/true));
  co_return co_await call.exchange.send("");
}

net::Task<Status> put_content(TargetContext& target, ObjectCall& call) {
  AIS_CO_RETURN_IF_ERROR(call.object.check_access(meta::kAccessPut));
  AIS_CO_TRY(api::PutAttributes attributes, api::read_put_attributes(call.exchange.request().headers));
  if (attributes.checksum && attributes.checksum->type == codec::ChecksumType::kNone) attributes.checksum.reset();
  if (attributes.checksum) {
    const bool stored = co_await is_stored_already(target, call, *attributes.checksum);
    if (stored) {
      Status drained = co_await drain_body(call.exchange);
      if (!drained.ok()) co_return drained;
      auto settle = [&](auto complete) { target.store.settle(call.object.name(), complete); };
      Status settled = co_await net::callback_result<Status>(settle);
      if (!settled.ok()) co_return target.explain(call.object, settled);
      call.exchange.start(200);
      co_return co_await call.exchange.send("");
    }
  }
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, call.object.digest));
  co_return co_await receive_and_commit(target, call, std::move(attributes));
}

}  // namespace

codec::Checksum rename_equal_algorithm(codec::Checksum checksum, codec::ChecksumType wanted) {
  auto is_xxh64 = [](codec::ChecksumType type) { return type == codec::ChecksumType::kXxhash || type == codec::ChecksumType::kXxhash2; };
  if (is_xxh64(checksum.type) && is_xxh64(wanted)) checksum.type = wanted;
  return checksum;
}

Status check_capacity(TargetContext& target, uint64_t digest) {
  const int64_t limit = target.daemon.cluster().snapshot().config->space.out_of_space;
  return target.capacity.check(target.store.mountpath_of(digest), limit).with_context(target.node_name);
}

net::Task<Status> drain_body(net::HttpExchange& exchange) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(kDrainBytes);
  for (;;) {
    const std::span<char> room(buffer.get(), kDrainBytes);
    Result<size_t> n = co_await exchange.read_body(room);
    if (!n.ok()) co_return n.status();
    if (*n == 0) co_return Status();
  }
}

net::Task<Status> put_object(TargetContext& target, ObjectCall& call) {
  if (call.query.has(api::query::kAppendType)) co_return co_await append_object(target, call);
  if (call.query.has(api::query::kObjectTo)) co_return co_await copy_object(target, call);
  co_return co_await put_content(target, call);
}

}  // namespace ais::target
