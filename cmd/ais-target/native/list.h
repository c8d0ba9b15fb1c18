// GET of a bucket: list-objects.
#pragma once

#include "ais-target/node/target_context.h"

namespace ais::target {

/// /v1/buckets/<name> with a list message.
async::Task<Status> list_objects(TargetContext& target, net::HttpExchange& exchange);

}  // namespace ais::target
