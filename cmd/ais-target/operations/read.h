// Reading an object: opening it, what a range's checksum is, and keeping account of the read.
#pragma once

#include <cstdint>

#include "ais-target/node/target_context.h"

namespace ais::target {

/// The object, from the cache of open objects or from the disk. kObjectNotFound in the protocol's words.
async::Task<Result<store::OpenObjectPtr>> open_object(TargetContext& target, const ObjectRef& object);
/// The same when the cache has it (or knows that there is none); a null pointer when open_object must be awaited. No coroutine: a
/// cached object is the common case, and a frame costs an allocation.
Result<store::OpenObjectPtr> open_cached(TargetContext& target, const ObjectRef& object);

/// kNotModified or kPreconditionFailed when the object is not what a reader asked for. `condition` may be nullptr.
Status check_read(const meta::PreconditionPtr& condition, const store::OpenObject& present, const ObjectRef& object);
/// kPreconditionFailed when a change must not be made of what is there (nullptr: nothing). Only a first look: the store checks again where
/// it makes the change.
Status check_change(const meta::PreconditionPtr& condition, const store::OpenObject* present, const ObjectRef& object);

/// Checksum of [offset, offset + length), of the type that the object has. Hashes on the mountpath's pool.
async::Task<Result<codec::Checksum>> range_checksum(TargetContext& target, const store::OpenObject& object, uint64_t offset,
                                                    uint64_t length);

/// Counts a read of `bytes`, and sets the time of access. Called before the answer leaves: the client's next request, on whatever
/// connection, sees this read. Returns the time of the access before, unix nanoseconds.
int64_t record_read(TargetContext& target, const store::OpenObject& object, uint64_t bytes);
/// When the object was last read, as far as is known: unix nanoseconds.
int64_t access_time(const store::OpenObject& object);

}  // namespace ais::target
