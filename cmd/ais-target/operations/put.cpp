#include "ais-target/operations/put.h"

#include "ais-target/operations/read.h"
#include "net/offload.h"
#include "sys/clock.h"

namespace ais::target {
namespace {

using PutResult = Result<std::optional<store::ObjectMetadata>>;

// Memory for bodies is bounded: when it is used up, requests wait here for one that ends.
net::Task<std::unique_ptr<store::ObjectWriter>> create_writer(TargetContext& target, const ObjectRef& object, const BodySource& body) {
  for (;;) {
    auto writer = target.store.create_writer(object.name(), body.length(), object.rules.checksum);
    if (writer != nullptr) co_return writer;
    auto wait = [&](auto complete) { target.store.on_buffers_available([complete]() mutable { complete(true); }); };
    (void)co_await net::callback_result<bool>(wait);
  }
}

net::Task<Status> receive(BodySource& body, store::ObjectWriter& writer) {
  const std::optional<uint64_t> length = body.length();
  while (!length || writer.bytes_received() < *length) {
    const std::optional<std::span<char>> buffer = writer.next_buffer();
    if (!buffer) {
      auto flush = [&](auto complete) { writer.flush(complete); };
      Status flushed = co_await net::callback_result<Status>(flush);
      if (!flushed.ok()) co_return flushed;
      continue;
    }
    Result<size_t> n = co_await body.read(*buffer);
    if (!n.ok()) co_return n.status();
    if (*n == 0) break;
    writer.advance(*n);
  }
  co_return Status();
}

// A PUT of content that is already there changes nothing, not even the version. The metadata is a snapshot: another PUT that is
// acknowledged meanwhile simply counts as the later one.
net::Task<bool> is_stored_already(TargetContext& target, const ObjectRef& object, const codec::Checksum& checksum) {
  Result<store::OpenObjectPtr> opened = co_await open_object(target, object);
  co_return opened.ok() && (*opened)->metadata.checksum == checksum;
}

// The object may have been written by somebody else a moment ago: the answer waits until that is durable.
net::Task<Status> acknowledge_stored(TargetContext& target, const ObjectRef& object, BodySource& body) {
  Status drained = co_await drain(body);
  if (!drained.ok()) co_return drained;
  auto settle = [&](auto complete) { target.store.settle(object.name(), complete); };
  Status settled = co_await net::callback_result<Status>(settle);
  co_return target.explain(object, std::move(settled));
}

store::CommitOptions commit_options(const ObjectRef& object, api::PutAttributes& attributes) {
  store::CommitOptions options;
  if (attributes.checksum) options.expected = rename_equal_algorithm(std::move(*attributes.checksum), object.rules.checksum);
  options.policy = object.rules.data_policy;
  options.versioned = object.rules.versioned;
  options.version = std::move(attributes.version);
  options.custom = std::move(attributes.custom);
  options.atime_ns = attributes.atime_ns;
  return options;
}

net::Task<PutResult> receive_and_commit(TargetContext& target, const ObjectRef& object, api::PutAttributes attributes, BodySource& body) {
  const int64_t begin = sys::real_clock().monotonic_ns();
  store::CommitOptions options = commit_options(object, attributes);
  std::unique_ptr<store::ObjectWriter> writer = co_await create_writer(target, object, body);
  Status received = co_await receive(body, *writer);
  if (!received.ok()) co_return received;

  auto commit = [&](auto complete) { target.store.commit(object.name(), std::move(writer), std::move(options), complete); };
  Result<store::CommitResult> committed = co_await net::callback_result<Result<store::CommitResult>>(commit);
  if (!committed.ok()) co_return target.explain(object, committed.status());
  target.count(kPutCount);
  target.count(kPutBytes, static_cast<int64_t>(committed->metadata.size));
  target.count(kPutNanoseconds, sys::real_clock().monotonic_ns() - begin);
  co_return std::optional(std::move(committed->metadata));
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

net::Task<PutResult> put(TargetContext& target, const ObjectRef& object, PutRequest request, BodySource& body) {
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessPut));
  if (request.attributes.checksum && request.attributes.checksum->type == codec::ChecksumType::kNone) request.attributes.checksum.reset();
  if (request.attributes.checksum && !request.skip_version_checksum) {
    const bool stored = co_await is_stored_already(target, object, *request.attributes.checksum);
    if (stored) {
      Status acknowledged = co_await acknowledge_stored(target, object, body);
      if (!acknowledged.ok()) co_return acknowledged;
      co_return std::optional<store::ObjectMetadata>();
    }
  }
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, object.digest));
  co_return co_await receive_and_commit(target, object, std::move(request.attributes), body);
}

}  // namespace ais::target
