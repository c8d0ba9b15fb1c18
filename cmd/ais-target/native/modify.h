// DELETE, PATCH and POST of an object.
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/node/target_context.h"

namespace ais::target {

net::Task<Status> delete_object(TargetContext& target, ObjectCall& call);
/// Custom properties.
net::Task<Status> patch_object(TargetContext& target, ObjectCall& call);
/// rename-obj, check-lock.
net::Task<Status> post_object(TargetContext& target, ObjectCall& call);

}  // namespace ais::target
