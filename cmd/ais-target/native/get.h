// GET of an object, whole or one range of it.
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/node/target_context.h"

namespace ais::target {

async::Task<Status> get_object(TargetContext& target, ObjectCall& call);

/// The headers that every object answer repeats, prepared once as the object enters the cache.
std::string make_header_block(const meta::ObjectMetadata& metadata, int64_t mtime_ns);

}  // namespace ais::target
