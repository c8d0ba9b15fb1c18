// Append and flush: an object written in several requests, visible only after the flush.
#pragma once

#include <optional>

#include "ais-target/node/append_table.h"
#include "ais-target/node/target_context.h"
#include "ais-target/operations/body_source.h"
#include "api/object_attributes.h"

namespace ais::target {

/// Adds the source's bytes to the append of the handle; nullopt begins one, with the object's present content. Returns the handle for
/// what follows. After an error in the middle of a body the append is over; before it, nothing changed.
net::Task<Result<AppendHandle>> append(TargetContext& target, const ObjectRef& object, std::optional<AppendHandle> handle,
                                       BodySource& body);
/// Publishes what was appended. kStaleGeneration when the object has changed since the append began.
net::Task<Status> flush(TargetContext& target, const ObjectRef& object, const AppendHandle& handle, api::PutAttributes attributes);

}  // namespace ais::target
