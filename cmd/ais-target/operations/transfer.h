// Sending an object to the target that owns its new name.
#pragma once

#include "ais-target/node/target_context.h"
#include "meta/cluster_map.h"

namespace ais::target {

/// What becomes of the object at the other end: a copy gets version, kind of checksum and times as any new object of its bucket; a moved
/// object keeps its own, and is refused (kBusy) under a name that is itself being moved.
enum class Transfer { kCopy, kMove };

/// Writes `object` under `to` at the peer: bytes by sendfile, checksum verified there. The condition (or nullptr) is of what is stored
/// under `to`. OK when the peer acknowledged, i.e. it is as durable as the bucket of `to` asks for; after kTimeout, kConnectionFailed and
/// kConnectionClosed it may be there or not. References must outlive the task.
async::Task<Status> transfer_object(TargetContext& target, const store::OpenObject& object, const ObjectRef& to, const meta::Node& peer,
                                    Transfer kind, meta::PreconditionPtr condition);

}  // namespace ais::target
