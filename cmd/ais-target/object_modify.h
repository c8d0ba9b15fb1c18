// Changes of an object other than its content: delete, custom properties, and the actions that come by POST.
#pragma once

#include "ais-target/target_context.h"

namespace ais::target {

net::Task<Status> delete_object(TargetContext& target, ObjectCall& call);
net::Task<Status> patch_object(TargetContext& target, ObjectCall& call);
/// POST: rename-obj, check-lock.
net::Task<Status> post_object(TargetContext& target, ObjectCall& call);

}  // namespace ais::target
