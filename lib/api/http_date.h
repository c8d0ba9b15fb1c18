// Dates of HTTP headers (RFC 9110, 5.6.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ais::api {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(int64_t unix_ns);
/// Seconds since the epoch; nullopt when it is no date in any of the three forms that HTTP knows. Names of days are not looked at.
std::optional<int64_t> parse_http_date(std::string_view text);

}  // namespace ais::api
