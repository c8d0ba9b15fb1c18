// Writing an object: receive, hash in passing, publish whole.
#pragma once

#include <optional>

#include "ais-target/node/target_context.h"
#include "ais-target/operations/body_source.h"
#include "api/object_attributes.h"

namespace ais::target {

struct PutRequest {
  api::PutAttributes attributes;
  /// Content that is already there (the same checksum, and whole) ends the write early, when nothing else is asked for, unless the client
  /// does not want the old object looked at.
  bool skip_version_checksum = false;
  store::ChangeTerms terms{};
};

/// As stored; nullopt when the content was there already and nothing changed. Answered when the object is as durable as its bucket asks
/// for. kBucketAccessDenied, kCapacityExceeded, kPreconditionFailed, kBadChecksum, and what the source fails with.
async::Task<Result<std::optional<store::CommitResult>>> put(TargetContext& target, const ObjectRef& object, PutRequest request,
                                                            BodySource& body);

/// kCapacityExceeded when the object's mountpath is above space.out_of_space.
Status check_capacity(TargetContext& target, uint64_t digest);

}  // namespace ais::target
