// Append and flush: an object written in several requests, visible only after the flush.
#pragma once

#include "ais-target/target_context.h"

namespace ais::target {

/// PUT with append_type=append (answers the next handle) or append_type=flush (publishes).
net::Task<Status> append_object(TargetContext& target, ObjectCall& call);

}  // namespace ais::target
