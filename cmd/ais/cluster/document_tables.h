// Documents as text for people.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "cli/table.h"
#include "codec/json.h"

namespace ais::cli {

/// The cluster map ("smap") and the buckets ("bmd") as tables of nodes and buckets, anything else as its names and values. kInvalid
/// when a map or the buckets are not what they should be.
Result<std::string> document_text(std::string_view word, codec::JsonView root, const TableStyle& style);

}  // namespace ais::cli
