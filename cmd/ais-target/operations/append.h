// Append and flush: an object written in several requests, visible only after the flush.
#pragma once

#include <optional>

#include "ais-target/node/append_table.h"
#include "ais-target/node/target_context.h"
#include "ais-target/operations/body_source.h"
#include "api/object_attributes.h"

namespace ais::target {

/// Adds the source's bytes to the append of the handle; nullopt begins one, with the object's present content. Returns the handle for
/// what follows. At an error nothing changed: the same handle is good for another try. The terms' condition is of the object as it
/// is now.
async::Task<Result<AppendHandle>> append(TargetContext& target, const ObjectRef& object, std::optional<AppendHandle> handle,
                                         store::ChangeTerms terms, BodySource& body);
/// Publishes what was appended. kStaleGeneration when the object has changed since the append began: then the append is over. After any
/// other error it goes on, unless the disk failed. The terms' condition is of the object that is replaced.
async::Task<Status> flush(TargetContext& target, const ObjectRef& object, const AppendHandle& handle, api::PutAttributes attributes,
                          store::ChangeTerms terms);

}  // namespace ais::target
