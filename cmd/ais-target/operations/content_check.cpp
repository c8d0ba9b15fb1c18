#include "ais-target/operations/content_check.h"

#include <cerrno>
#include <memory>

#include <unistd.h>

#include "ais-target/node/target_context.h"
#include "base/log.h"
#include "net/offload.h"

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

net::Task<Status> verify_content(TargetContext& target, const store::OpenObject& object, const std::string& cname) {
  const codec::Checksum& expected = object.metadata.checksum;
  if (expected.type == codec::ChecksumType::kNone) co_return Status();
  auto hash = [&] { return checksum_of_range(object.fd, 0, object.metadata.size, expected.type); };
  Result<codec::Checksum> actual = co_await net::offload(target.store.pool(object.mountpath_index), hash);
  if (!actual.ok()) co_return actual.status();
  if (*actual == expected) co_return Status();
  target.count(kChecksumErrors);
  Status status = codec::bad_checksum(cname, expected, *actual);
  AIS_ERROR("target", "%s", status.message().c_str());
  co_return status;
}

}  // namespace ais::target
