// Parsers of complete message heads (llhttp underneath, our own checks around it). Pure functions on bytes: no sockets.
//
// Input is a head that HeadScanner found complete; all views in the results point into it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "net/http_server.h"
#include "net/http_types.h"

namespace ais::net {

/// Fills `request` from a whole head. Returns 0, or the status to refuse it with (400, 414, 417, 431, 501, 505); then `request`
/// is unspecified. Rules: http_server.h and docs/http.md.
int parse_request_head(std::string_view head, const HttpLimits& limits, HttpRequest& request);

/// The head of an answer.
struct ParsedResponse {
  int status = 0;
  HeaderList headers;
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = false;
};

/// Fills `response`; false when it is not HTTP/1.x or its framing is ambiguous.
bool parse_response_head(std::string_view head, const HttpLimits& limits, ParsedResponse& response);

}  // namespace ais::net
