// GET of an object, whole or one range of it.
#pragma once

#include "ais-target/target_context.h"

namespace ais::target {

net::Task<Status> get_object(TargetContext& target, ObjectCall& call);

/// The object of the call, from the cache of open objects or from the disk. kObjectNotFound in the protocol's words.
net::Task<Result<store::OpenObjectPtr>> open_object(TargetContext& target, const ObjectRef& object);
/// The same when the cache has it (or knows that there is none); a null pointer when open_object must be awaited.
Result<store::OpenObjectPtr> open_cached(TargetContext& target, const ObjectRef& object);
/// When the object was last read, as far as is known: unix nanoseconds.
int64_t access_time(const store::OpenObject& object);
/// The headers that every object answer repeats, prepared once as the object enters the cache.
std::string make_header_block(const store::ObjectMetadata& metadata);

}  // namespace ais::target
