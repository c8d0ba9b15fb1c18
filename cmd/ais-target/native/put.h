// PUT of an object: its content, or by query an append, a flush or a copy.
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/node/target_context.h"

namespace ais::target {

async::Task<Status> put_object(TargetContext& target, ObjectCall& call);

}  // namespace ais::target
