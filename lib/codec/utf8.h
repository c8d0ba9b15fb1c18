// UTF-8 for texts that leave the process: names on disk and on the wire may be any bytes, JSON and terminals may not.
#pragma once

#include <string>
#include <string_view>

namespace ais::codec {

/// True when bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view bytes);
/// Bytes of the well-formed sequence at the beginning of `text`, which is not empty; 0 when there is none.
size_t utf8_sequence_length(std::string_view text);
/// Each byte that begins no well-formed sequence becomes four characters, "\xff". For people: what was such a text already looks the same.
std::string escape_invalid_utf8(std::string_view bytes);
/// The text as one harmless line for logs, errors and terminals: control bytes and bytes that are no UTF-8 become "\x1b", control
/// characters above ASCII and those that change the direction of writing "\u{202e}".
std::string printable(std::string_view text);

/// The first character of a text that is not empty; a byte that begins no well-formed sequence stands for itself.
struct Utf8Character {
  std::string_view bytes;
  char32_t value = 0;
  bool valid = true;
};
Utf8Character first_character(std::string_view text);

}  // namespace ais::codec
