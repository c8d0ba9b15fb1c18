// Arguments that several commands read: buckets, objects, NAME=VALUE. Trouble with them is a usage error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ais/command/invocation.h"
#include "base/status.h"
#include "cli/properties.h"
#include "meta/bucket.h"

namespace ais::cli {

/// "ais://b" or "ais://b/prefix".
Result<meta::ObjectUri> uri_argument(Invocation& invocation, std::string_view text);
/// "ais://b" with nothing behind it.
Result<meta::Bucket> bucket_argument(Invocation& invocation, std::string_view text);
/// "ais://b/object"; the object must be a legal name.
Result<meta::ObjectUri> object_argument(Invocation& invocation, std::string_view text);

/// "ais", "ais:", "ais://", "s3": a provider by itself, which stands for all its buckets. nullopt for everything else.
std::optional<std::string> provider_argument(std::string_view text);

/// NAME=VALUE..., NAME VALUE NAME VALUE..., or one JSON object, whose members become dotted names. Names are not empty.
Result<Assignments> assignments(Invocation& invocation, const std::vector<std::string>& texts);

/// Names that --list separates by commas, without blanks around them; none without the flag.
Result<std::vector<std::string>> list_flag(Invocation& invocation);

/// Objects in parallel of put, get and rm: --parallel; -1 is one after the other.
Result<size_t> parallel_flag(Invocation& invocation);

}  // namespace ais::cli
