// UTF-8 checks for texts that leave the process: names on disk and on the wire may be any bytes.
#pragma once

#include <string>
#include <string_view>

namespace ais::codec {

/// True when bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view bytes);
/// Bytes of the well-formed sequence at the beginning of `text`, which is not empty; 0 when there is none.
size_t utf8_sequence_length(std::string_view text);
/// Each byte that begins no well-formed sequence becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view bytes);

}  // namespace ais::codec
