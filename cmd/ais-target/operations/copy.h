// Copy and rename: within this target by the store, else by a transfer to the target that owns the new name.
#pragma once

#include <string>

#include "ais-target/node/target_context.h"

namespace ais::target {

/// Copies to another name, also of another bucket. Onto itself it changes nothing, but there must be something.
net::Task<Status> copy(TargetContext& target, const ObjectRef& from, const ObjectRef& to);
/// Renames within the bucket. Refused for remote and erasure-coded buckets.
net::Task<Status> rename(TargetContext& target, const ObjectRef& from, const std::string& new_name);

}  // namespace ais::target
