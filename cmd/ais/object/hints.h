// Hints: what was probably meant by arguments that are the wrong way round, belong to another command, or name what is not there.
#pragma once

#include <string>

#include "ais/command/invocation.h"
#include "ais/object/object_source.h"
#include "base/status.h"

namespace ais::cli {

/// For arguments that must be buckets or objects: a usage error when `text` can only be a local path.
Status check_is_remote(Invocation& invocation, const std::string& text);
/// For files of a put to `destination`: a usage error when `source` is a bucket or an object.
Status check_is_file(Invocation& invocation, const std::string& source, const std::string& destination);
/// For the two sides of a get.
Status check_get_sides(Invocation& invocation, const std::string& from, const std::string& to);

/// The result of a command with more to say: objects that begin with the name that is missing, a local file where the missing bucket
/// would have its name.
async::Task<Status> explained(Invocation& invocation, ObjectSelection selection, Status status);

}  // namespace ais::cli
