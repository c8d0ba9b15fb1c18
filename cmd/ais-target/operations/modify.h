// Changes of an object other than its content.
#pragma once

#include "ais-target/node/target_context.h"

namespace ais::target {

/// kObjectNotFound in the protocol's words ("... doesn't exist") when there is none. kPreconditionFailed.
async::Task<Status> remove(TargetContext& target, const ObjectRef& object, store::ChangeTerms terms);
/// Adds or overwrites custom pairs; `replace_all`: they become the whole set. kPreconditionFailed.
async::Task<Status> set_custom(TargetContext& target, const ObjectRef& object, meta::CustomPairs pairs, bool replace_all,
                               store::ChangeTerms terms);

}  // namespace ais::target
