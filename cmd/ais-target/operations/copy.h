// Copy and rename: within this target by the store, else by a transfer to the target that owns the new name.
#pragma once

#include <string>

#include "ais-target/node/target_context.h"

namespace ais::target {

/// Copies to another name, also of another bucket: wherever it lands, the copy has the checksum type of its bucket and the next version of
/// its own name, and keeps the custom pairs. Onto itself it changes nothing, but there must be something. The condition (or nullptr) is of
/// what is stored under `to`.
async::Task<Status> copy(TargetContext& target, const ObjectRef& from, const ObjectRef& to, store::ChangeTerms terms);
/// Renames within the bucket; the object keeps everything. Of all that is done with one object at the same time, one wins. The condition
/// is of `from`. kBusy when an object of the new name is being renamed itself. After an error of the connection to another target the
/// object is under its old name, and may be under the new one too. Refused for remote and erasure-coded buckets.
async::Task<Status> rename(TargetContext& target, const ObjectRef& from, const std::string& new_name, store::ChangeTerms terms);

}  // namespace ais::target
