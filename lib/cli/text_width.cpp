#include "cli/text_width.h"

#include <clocale>
#include <cwchar>

#include "base/strings.h"
#include "codec/utf8.h"

namespace ais::cli {
namespace {

/// The C library's table of widths, which is Unicode's, independent of the locale of the process.
class WidthTable {
 public:
  WidthTable() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
  /// Columns of a character above ASCII; 1 when the machine has no table.
  size_t width(char32_t character) const {
    if (!locale_) return 1;
    locale_t before = uselocale(locale_);
    int width = wcwidth(static_cast<wchar_t>(character));
    uselocale(before);
    return width < 0 ? 1 : static_cast<size_t>(width);
  }

 private:
  locale_t locale_;  // lives as long as the process
};

struct Character {
  std::string_view bytes;
  char32_t value = 0;
  bool valid = true;
};

Character first_character(std::string_view text) {
  size_t length = codec::utf8_sequence_length(text);
  if (length == 0) return {text.substr(0, 1), static_cast<unsigned char>(text[0]), false};
  auto lead = static_cast<unsigned char>(text[0]);
  char32_t value = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (size_t i = 1; i < length; ++i) value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  return {text.substr(0, length), value, true};
}

size_t width_of(const Character& character) {
  static const WidthTable table;
  return character.value < 0x80 || !character.valid ? 1 : table.width(character.value);
}

bool reorders_text(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F; }
/// Controls of both halves of Latin-1, and the separators that some terminals take for a new line.
bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029; }

}  // namespace

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    Character next = first_character(text);
    width += width_of(next);
    text.remove_prefix(next.bytes.size());
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    Character next = first_character(text);
    if (!next.valid || (next.value < 0x80 && is_control(next.value))) out += format("\\x%02x", static_cast<unsigned>(next.value));
    else if (is_control(next.value) || reorders_text(next.value)) out += format("\\u{%04x}", static_cast<unsigned>(next.value));
    else out += next.bytes;
    text.remove_prefix(next.bytes.size());
  }
  return out;
}

std::string shortened(std::string_view text, size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  const size_t room = columns > 0 ? columns - 1 : 0;
  std::string_view head = fit(text, room - room / 2);
  std::string_view tail = text.substr(head.size());
  size_t left = display_width(tail);
  while (left > room / 2) {
    Character next = first_character(tail);
    left -= width_of(next);
    tail.remove_prefix(next.bytes.size());
  }
  return std::string(head) + "…" + std::string(tail);
}

std::string_view fit(std::string_view text, size_t columns) {
  size_t used = 0;
  size_t bytes = 0;
  while (bytes < text.size()) {
    Character next = first_character(text.substr(bytes));
    used += width_of(next);
    if (used > columns) break;
    bytes += next.bytes.size();
  }
  return text.substr(0, bytes);
}

}  // namespace ais::cli
