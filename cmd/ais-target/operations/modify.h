// Changes of an object other than its content.
#pragma once

#include "ais-target/node/target_context.h"

namespace ais::target {

/// kObjectNotFound in the protocol's words ("... doesn't exist") when there is none.
net::Task<Status> remove(TargetContext& target, const ObjectRef& object);
/// Adds or overwrites custom pairs; `replace_all`: they become the whole set.
net::Task<Status> set_custom(TargetContext& target, const ObjectRef& object, store::CustomPairs pairs, bool replace_all);

}  // namespace ais::target
