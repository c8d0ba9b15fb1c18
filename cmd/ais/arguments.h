// Arguments that several commands read: buckets, objects, NAME=VALUE. Trouble with them is a usage error.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ais/invocation.h"
#include "base/status.h"
#include "meta/bucket.h"

namespace ais::cli {

/// "ais://b" or "ais://b/prefix".
Result<meta::ObjectUri> uri_argument(Invocation& invocation, std::string_view text);
/// "ais://b" with nothing behind it.
Result<meta::Bucket> bucket_argument(Invocation& invocation, std::string_view text);
/// "ais://b/object"; the object must be a legal name.
Result<meta::ObjectUri> object_argument(Invocation& invocation, std::string_view text);

using Assignments = std::vector<std::pair<std::string, std::string>>;
/// "name=value" of every text; the name is not empty.
Result<Assignments> assignments(Invocation& invocation, const std::vector<std::string>& texts);

/// Objects in parallel of put, get and rm: --parallel.
Result<size_t> parallel_flag(Invocation& invocation);

}  // namespace ais::cli
