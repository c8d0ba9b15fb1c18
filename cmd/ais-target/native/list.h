// GET of a bucket: list-objects.
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/node/target_context.h"

namespace ais::target {

/// /v1/buckets/<name> with a list message: this target's share of the bucket. From clients kInvalid unless the request has a listing id, so
/// that nobody who took the target for a gateway takes its share for the whole.
async::Task<Status> list_objects(TargetContext& target, net::HttpExchange& exchange, Side side);

}  // namespace ais::target
