#include "ais-target/operations/put.h"

#include <memory>

#include "ais-target/operations/content_check.h"
#include "ais-target/operations/read.h"
#include "async/offload.h"

namespace ais::target {
namespace {

using PutResult = Result<std::optional<store::CommitResult>>;

// Memory for bodies is bounded: when it is used up, requests wait here for one that ends.
async::Task<store::ObjectWriterPtr> create_writer(TargetContext& target, const ObjectRef& object, const BodySource& body,
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

// Content that is there already must be read to be believed. Up to this size that is done, and takes no longer than writing it would (it is
// hashed twice, one after the other: 32 MiB took longer); a larger body is stored like any other.
constexpr uint64_t kComparedBytesMax = 4 * kMiB;

// Whether an ordinary PUT would leave everything as it is but for the next version. Without pairs of its own it leaves the object's.
bool asks_for_the_same(const api::PutAttributes& asked, const meta::ObjectMetadata& present) {
  if (asked.checksum != present.checksum || present.size > kComparedBytesMax) return false;
  if (!asked.custom.empty() && asked.custom != present.custom) return false;
  if (asked.version && *asked.version != present.version) return false;
  return !asked.atime_ns || *asked.atime_ns == present.atime_ns;
}

// What can be said before the body is read: true when the same content is there already, and whole. The object is a snapshot: another PUT
// that is acknowledged meanwhile simply counts as the later one. A condition that fails here would have failed; one that holds is checked
// again where the object is replaced.
async::Task<Result<bool>> is_stored_already(TargetContext& target, const ObjectRef& object, const PutRequest& request,
                                            const BodySource& body) {
  const bool compares = request.attributes.checksum && !request.skip_version_checksum;
  if (!compares && !request.terms.condition) co_return false;
  Result<store::OpenObjectPtr> opened = co_await open_object(target, object);
  if (!opened.ok() && opened.code() != Code::kObjectNotFound) co_return false;
  Status allowed = check_change(request.terms.condition, opened.ok() ? opened->get() : nullptr, object);
  if (!allowed.ok()) co_return allowed;
  if (!compares || !opened.ok() || !asks_for_the_same(request.attributes, (*opened)->metadata)) co_return false;
  if (body.length() && *body.length() != (*opened)->metadata.size) co_return false;
  // What differs from its checksum is not what is sent now, though that has the same one: it is replaced, and so healed.
  if (target.store.is_content_bad(object.name(), **opened)) co_return false;
  Status verified = co_await verify_content(target, object, **opened);
  co_return verified.ok();
}

// Reads a body to its end, and keeps nothing of it but its checksum. Slow kinds are computed on the pool.
async::Task<Result<codec::Checksum>> hash_body(TargetContext& target, const ObjectRef& object, codec::ChecksumType type, BodySource& body) {
  constexpr size_t kPiece = 256 * kKiB;
  const auto bytes = std::make_unique_for_overwrite<char[]>(kPiece);
  codec::Hasher hasher(type);
  for (;;) {
    const std::span<char> room(bytes.get(), kPiece);
    Result<size_t> n = co_await body.read(room);
    if (!n.ok()) co_return n.status();
    if (*n == 0) co_return hasher.finish();
    auto update = [&] {
      hasher.update({bytes.get(), *n});
      return true;
    };
    if (codec::is_slow(type)) (void)co_await async::offload(target.store.pool(target.store.mountpath_of(object.digest)), update);
    else update();
  }
}

// The object may have been written by somebody else a moment ago: the answer waits until that is durable.
async::Task<Status> acknowledge_stored(TargetContext& target, const ObjectRef& object, const codec::Checksum& expected, BodySource& body) {
  Result<codec::Checksum> sent = co_await hash_body(target, object, expected.type, body);
  if (!sent.ok()) co_return sent.status();
  if (*sent != expected) {
    target.count(kPutChecksumErrors);
    co_return codec::bad_checksum(expected, *sent, object.cname());
  }
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
  // The sender removes what may be on stable storage there as soon as this is acknowledged.
  if (options.part_of_move) options.policy = store::WritePolicy::kImmediate;
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
  const int64_t begin = target.monotonic_ns();
  const codec::ChecksumType checksum = checksum_type(object, request.attributes);
  store::CommitOptions options = commit_options(object, request);
  store::ObjectWriterPtr writer = co_await create_writer(target, object, body, checksum);
  Status received = co_await receive(body, *writer);
  if (!received.ok()) co_return received;
  Result<store::CommitResult> committed = co_await target.store.commit(object.name(), std::move(writer), std::move(options));
  if (committed.code() == Code::kBadChecksum) target.count(kPutChecksumErrors);
  if (!committed.ok()) co_return target.explain(object, committed.status());
  target.count(kPutCount);
  target.count(kPutBytes, static_cast<int64_t>(committed->metadata.size));
  target.count(kPutNanoseconds, target.monotonic_ns() - begin);
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
  Result<bool> stored = co_await is_stored_already(target, object, request, body);
  if (!stored.ok()) co_return stored.status();
  if (*stored) {
    Status acknowledged = co_await acknowledge_stored(target, object, *request.attributes.checksum, body);
    if (!acknowledged.ok()) co_return acknowledged;
    co_return std::optional<store::CommitResult>();
  }
  AIS_CO_RETURN_IF_ERROR(check_capacity(target, object.digest));
  co_return co_await receive_and_commit(target, object, std::move(request), body);
}

}  // namespace ais::target
