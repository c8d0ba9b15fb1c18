// Conditional requests (RFC 9110, section 13): from headers to what the store checks.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "meta/precondition.h"
#include "net/http_types.h"

namespace ais::api {

/// If-Match, If-None-Match, If-Unmodified-Since, If-Modified-Since; nullptr when there is none of them. Tags of several header lines
/// count together; a tag without quotes is taken as it stands, since AIStore shows those of custom pairs so. A date that is none is
/// ignored, as HTTP demands. kInvalid for a list of tags that is none: what a client demanded must not be passed over.
Result<meta::PreconditionPtr> read_precondition(const net::HeaderList& headers);

/// The same as header lines, for the node that is to check them.
std::string precondition_headers(const meta::Precondition& condition);

/// Whether a range may be served of this object: If-Range is a tag that equals the object's strongly. A date never holds: an object may
/// change twice in a second, so none is a strong validator (RFC 9110, 8.8.2.2), and every object has a tag.
bool if_range_holds(std::string_view if_range, const meta::ObjectMetadata& metadata, int64_t mtime_ns);

/// The value of Last-Modified (store::changed_second).
std::string last_modified(const meta::ObjectMetadata& metadata, int64_t mtime_ns);
/// "ETag: ..\r\nLast-Modified: ..\r\n".
std::string validator_headers(const meta::ObjectMetadata& metadata, int64_t mtime_ns);

}  // namespace ais::api
