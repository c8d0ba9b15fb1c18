// From a request to its handler, and from a handler's error to the answer.
#pragma once

#include "ais-target/native/object_call.h"
#include "ais-target/node/target_context.h"

namespace ais::target {

/// /v1/objects/<bucket>/<object> on one of the two listeners.
async::Task<void> serve_object(TargetContext& target, net::HttpExchange& exchange, Side side);
/// /v1/buckets/<bucket>.
async::Task<void> serve_bucket(TargetContext& target, net::HttpExchange& exchange, Side side);

}  // namespace ais::target
