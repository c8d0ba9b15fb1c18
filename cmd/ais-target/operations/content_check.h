// Reading an object's content to compute or verify its checksum: blocking work for a mountpath's pool.
#pragma once

#include <cstdint>

#include "async/task.h"
#include "base/status.h"
#include "codec/checksum.h"
#include "store/object_store.h"

namespace ais::target {

struct ObjectRef;
struct TargetContext;

/// Hashes bytes [offset, offset + length) of `fd`. kInputOutput, also when the file is shorter. Blocks.
Result<codec::Checksum> checksum_of_range(int fd, uint64_t offset, uint64_t length, codec::ChecksumType type);

/// OK when the content has the size and checksum that its metadata states (always, without a checksum). kBadChecksum otherwise, in the
/// words that clients look for: the file stays where it is, and the store is told (note_content_check). Runs on the mountpath's pool; both
/// arguments must outlive the task.
async::Task<Status> verify_content(TargetContext& target, const ObjectRef& ref, const store::OpenObject& object);

}  // namespace ais::target
