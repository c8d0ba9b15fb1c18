// DELETE, PATCH and POST of an object.
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/node/target_context.h"

namespace ais::target {

async::Task<Status> delete_object(TargetContext& target, ObjectCall& call);
/// Custom properties.
async::Task<Status> patch_object(TargetContext& target, ObjectCall& call);
/// rename-obj, check-lock.
async::Task<Status> post_object(TargetContext& target, ObjectCall& call);

}  // namespace ais::target
