// Dates of HTTP headers (RFC 9110, 5.6.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ais::api {

/// "Sun, 06 Nov 1994 08:49:37 GMT".
/// Seconds since the epoch; those that four digits of a year cannot say become the nearest that they can.
std::string http_date(int64_t seconds);
/// Seconds since the epoch; nullopt when it is no date in any of the three forms that HTTP knows. Names of days are not looked at. What
/// http_date() makes of the result is read as the same.
std::optional<int64_t> parse_http_date(std::string_view text);

}  // namespace ais::api
