#include "ais-target/operations/put.h"

#include "ais-target/operations/read.h"
#include "sys/clock.h"

namespace ais::target {
namespace {

using PutResult = Result<std::optional<store::CommitResult>>;

// Memory for bodies is bounded: when it is used up, requests wait here for one that ends.
async::Task<std::unique_ptr<store::ObjectWriter>> create_writer(TargetContext& target, const ObjectRef& object, const BodySource& body,
                                                                codec::ChecksumType checksum) {
  for (;;) {
    auto writer = target.store.create_writer(object.name(), body.length(), checksum);
    if (writer != nullptr) co_return writer;
    co_await target.store.buffers_available();
  }
}

async::Task<Status> receive(BodySource& body, store::ObjectWriter& writer) {
  const std::optional<uint64_t> length = body.length();
  while (!length || writer.bytes_received() < *length) {
    const std::optional<std::span<char>> buffer = writer.next_buffer();
    if (!buffer) {
      Status flushed = co_await writer.flush();
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

// What can be said before the body is read: true when the same content is there already. Then nothing changes, not even the version. The
// object is a snapshot: another PUT that is acknowledged meanwhile simply counts as the later one. A condition that fails here would
// have failed; one that holds is checked again where the object is replaced.
async::Task<Result<bool>> is_stored_already(TargetContext& target, const ObjectRef& object, const PutRequest& request) {
  const bool compares = request.attributes.checksum && !request.skip_version_checksum;
  if (!compares && !request.terms.condition) co_return false;
  Result<store::OpenObjectPtr> opened = co_await open_object(target, object);
  if (!opened.ok() && opened.code() != Code::kObjectNotFound) co_return false;
  Status allowed = check_change(request.terms.condition, opened.ok() ? opened->get() : nullptr, object);
  if (!allowed.ok()) co_return allowed;
  if (!compares || !opened.ok() || (*opened)->metadata.checksum != *request.attributes.checksum) co_return false;
  // What is known to differ from its checksum is not what is sent now, though that has the same one.
  co_return !target.store.is_content_bad(object.name(), **opened);
}

// The object may have been written by somebody else a moment ago: the answer waits until that is durable.
async::Task<Status> acknowledge_stored(TargetContext& target, const ObjectRef& object, BodySource& body) {
  Status drained = co_await drain(body);
  if (!drained.ok()) co_return drained;
  Status settled = co_await target.store.settle(object.name());
  co_return target.explain(object, std::move(settled));
}

store::CommitOptions commit_options(const ObjectRef& object, PutRequest& request) {
  api::PutAttributes& attributes = request.attributes;
  store::CommitOptions options;
  options.expected = std::move(attributes.checksum);
  static_cast<store::ChangeTerms&>(options) = std::move(request.terms);
  options.policy = object.rules.data_policy;
  options.versioned = object.rules.versioned;
  options.version = std::move(attributes.version);
  options.custom = std::move(attributes.custom);
  options.atime_ns = attributes.atime_ns;
  options.mtime_ns = attributes.moved_mtime_ns;
  options.part_of_move = attributes.moved_mtime_ns.has_value();
  // A renamed object without a version stays without one.
  if (options.part_of_move && !options.version) options.version = "";
  return options;
}

// A renamed object keeps the kind of checksum it has, also where the bucket's was changed since.
codec::ChecksumType checksum_type(const ObjectRef& object, const api::PutAttributes& attributes) {
  if (!attributes.moved_mtime_ns) return object.rules.checksum;
  return attributes.checksum ? attributes.checksum->type : codec::ChecksumType::kNone;
}

async::Task<PutResult> receive_and_commit(TargetContext& target, const ObjectRef& object, PutRequest request, BodySource& body) {
  const int64_t begin = sys::real_clock().monotonic_ns();
  const codec::ChecksumType checksum = checksum_type(object, request.attributes);
  store::CommitOptions options = commit_options(object, request);
  std::unique_ptr<store::ObjectWriter> writer = co_await create_writer(target, object, body, checksum);
  Status received = co_await receive(body, *writer);
  if (!received.ok()) co_return received;
  // A transfer that its sender has given up is an answer of "unknown" there; done late it would come over what was written since.
  if (body.is_abandoned()) co_return Status(Code::kConnectionClosed, "the sender left before the object was stored");

  auto committed = co_await target.store.commit(object.name(), std::move(writer), std::move(options));
  if (committed.code() == Code::kBadChecksum) target.count(kPutChecksumErrors);
  if (!committed.ok()) co_return target.explain(object, committed.status());
  target.count(kPutCount);
  target.count(kPutBytes, static_cast<int64_t>(committed->metadata.size));
  target.count(kPutNanoseconds, sys::real_clock().monotonic_ns() - begin);
  co_return std::optional(std::move(*committed));
}

}  // namespace

Status check_capacity(TargetContext& target, uint64_t digest) {
  const int64_t limit = target.daemon.cluster().snapshot().config->space.out_of_space;
  return target.capacity.check(target.store.mountpath_of(digest), limit).with_context(target.node_name);
}

async::Task<PutResult> put(TargetContext& target, const ObjectRef& object, PutRequest request, BodySource& body) {
  AIS_CO_RETURN_IF_ERROR(object.check_access(meta::kAccessPut));
  if (request.attributes.checksum && request.attributes.checksum->type == codec::ChecksumType::kNone) request.attributes.checksum.reset();
  Result<bool> stored = co_await is_stored_already(target, object, request);
  if (!stored.ok()) co_return stored.status();
  if (*stored) {
    Status acknowledged = co_await acknowledge_stored(target, object, body);
    if (!acknowledged.ok()) co_return acknowledged;
    co_return std::optional<store::CommitResult>();
  }
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, object.digest));
  co_return co_await receive_and_commit(target, object, std::move(request), body);
}

}  // namespace ais::target
