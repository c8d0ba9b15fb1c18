// HEAD of an object: the whole set of attributes (v1), or those named by `props` (v2).
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/node/target_context.h"

namespace ais::target {

async::Task<Status> head_object(TargetContext& target, ObjectCall& call);

}  // namespace ais::target
