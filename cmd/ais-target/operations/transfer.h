// Sending an object to the target that owns its new name.
#pragma once

#include "ais-target/node/target_context.h"
#include "meta/cluster_map.h"

namespace ais::target {

/// Writes `object` under `to` at the peer: bytes by sendfile, with checksum (verified there), version, access time and custom pairs.
/// OK when the peer acknowledged, i.e. it is as durable as the bucket of `to` asks for. References must outlive the task.
net::Task<Status> transfer_object(TargetContext& target, const store::OpenObject& object, const ObjectRef& to, const meta::Node& peer);

}  // namespace ais::target
