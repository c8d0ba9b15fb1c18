// Append and flush: an object written in several requests, visible only after the flush.
#pragma once

#include <optional>

#include "ais-target/node/append_table.h"
#include "ais-target/node/target_context.h"
#include "ais-target/operations/body_source.h"
#include "api/object_attributes.h"

namespace ais::target {

/// Adds the source's bytes to the append of the handle; nullopt begins one, with the object's present content. Returns the handle for
/// what follows. At an error nothing changed: the same handle is good for another try. kBadChecksum when the bytes are not the `expected`
/// ones, or the object's content is damaged. The terms' condition is of the object as it is now.
async::Task<Result<AppendHandle>> append(TargetContext& target, const ObjectRef& object, std::optional<AppendHandle> handle,
                                         std::optional<codec::Checksum> expected, store::ChangeTerms terms, BodySource& body);
/// Adds the source's bytes, which may be none, and publishes what was appended; the checksum among the attributes is of the whole. Without
/// custom pairs of its own the flush leaves those of the object. kStaleGeneration when the object has changed since the append began: then
/// the append is over. After any other error it goes on, unless the disk failed. The terms' condition is of the object that is replaced.
async::Task<Status> flush(TargetContext& target, const ObjectRef& object, const AppendHandle& handle, api::PutAttributes attributes,
                          store::ChangeTerms terms, BodySource& body);

}  // namespace ais::target
