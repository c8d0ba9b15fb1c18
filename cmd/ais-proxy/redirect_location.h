// The Location of a redirect (docs/rest_api.md): the target's public URL, the request's own path and query, and the marks `pid`
// and `utm` by which a target sees that a request came through a gateway.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "meta/cluster_map.h"

namespace ais::proxy {

/// True when the decoded path has a byte of "% ? # space +": then the URL is rebuilt with proper escapes, since peers disagree
/// about how such bytes read in a raw path.
bool needs_rebuild(std::string_view decoded_path);

struct RedirectMarks {
  std::string_view proxy_id;
  int64_t unix_ns = 0;
};

/// Replaces `out` with the Location that keeps path and query as they came.
void raw_location(std::string& out, const meta::Node& target, std::string_view raw_path, std::string_view raw_query, RedirectMarks marks);
/// Replaces `out` with the Location built from the decoded names; the query is encoded anew, sorted by key.
void rebuilt_location(std::string& out, const meta::Node& target, std::string_view bucket, std::string_view object,
                      std::string_view raw_query, RedirectMarks marks);

}  // namespace ais::proxy
