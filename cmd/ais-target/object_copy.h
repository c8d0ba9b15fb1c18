// Copy and rename: within this target by the store, else by a transfer to the target that owns the new name.
#pragma once

#include "ais-target/target_context.h"

namespace ais::target {

/// PUT with object_to=<uname>.
net::Task<Status> copy_object(TargetContext& target, ObjectCall& call);
/// POST rename-obj; `new_name` within the same bucket.
net::Task<Status> rename_object(TargetContext& target, ObjectCall& call, const std::string& new_name);

}  // namespace ais::target
