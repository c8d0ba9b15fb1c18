// Base64 with padding (RFC 4648, the standard alphabet): bytes in texts that cannot carry them.
#pragma once

#include <string>
#include <string_view>

namespace ais::codec {

std::string base64(std::string_view bytes);

}  // namespace ais::codec
