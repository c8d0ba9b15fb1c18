#include "ais-target/operations/content_check.h"

#include <cerrno>
#include <memory>

#include <unistd.h>

#include "ais-target/node/target_context.h"
#include "async/offload.h"

namespace ais::target {
namespace {
constexpr size_t kReadBytes = 128 * kKiB;
}

Result<codec::Checksum> checksum_of_range(int fd, uint64_t offset, uint64_t length, codec::ChecksumType type) {
  codec::Hasher hasher(type);
  const auto buffer = std::make_unique_for_overwrite<char[]>(kReadBytes);
  while (length > 0) {
    const ssize_t n = ::pread(fd, buffer.get(), std::min<uint64_t>(length, kReadBytes), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Status(Code::kInputOutput, Status::from_errno(errno, "read").message());
    if (n == 0) return Status(Code::kInputOutput, "file is shorter than its metadata says");
    hasher.update({buffer.get(), static_cast<size_t>(n)});
    offset += static_cast<uint64_t>(n);
    length -= static_cast<uint64_t>(n);
  }
  return hasher.finish();
}

async::Task<Status> verify_content(TargetContext& target, const ObjectRef& ref, const store::OpenObject& object) {
  const codec::Checksum& expected = object.metadata.checksum;
  if (expected.type == codec::ChecksumType::kNone) co_return Status();
  auto hash = [&] { return checksum_of_range(object.fd, 0, object.metadata.size, expected.type); };
  Result<codec::Checksum> actual = co_await async::offload(target.store.pool(object.mountpath_index), hash);
  if (!actual.ok()) co_return actual.status().with_context(ref.cname());
  Status outcome;
  if (*actual != expected) {
    target.count(kChecksumErrors);
    outcome = codec::bad_checksum(expected, *actual, ref.cname());
  }
  target.store.note_content_check(ref.name(), object, outcome);
  co_return outcome;
}

}  // namespace ais::target
