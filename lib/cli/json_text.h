// Texts from outside in the JSON that the tools print: names of objects may be any bytes, JSON carries UTF-8.
#pragma once

#include <string_view>

#include "codec/json.h"

namespace ais::cli {

/// A member with the text. Where JSON cannot carry it, the member's name ends in "_base64" and its value is the bytes in base64.
void text_field(codec::JsonWriter& out, std::string_view key, std::string_view text);

}  // namespace ais::cli
