#include "cli/text_width.h"

#include <clocale>
#include <cwchar>

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

size_t width_of(const codec::Utf8Character& character) {
  static const WidthTable table;
  return character.value < 0x80 || !character.valid ? 1 : table.width(character.value);
}

}  // namespace

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    codec::Utf8Character next = codec::first_character(text);
    width += width_of(next);
    text.remove_prefix(next.bytes.size());
  }
  return width;
}

std::string shortened(std::string_view text, size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  const size_t room = columns > 0 ? columns - 1 : 0;
  std::string_view head = fit(text, room - room / 2);
  std::string_view tail = text.substr(head.size());
  size_t left = display_width(tail);
  while (left > room / 2) {
    codec::Utf8Character next = codec::first_character(tail);
    left -= width_of(next);
    tail.remove_prefix(next.bytes.size());
  }
  return std::string(head) + "…" + std::string(tail);
}

std::string_view fit(std::string_view text, size_t columns) {
  size_t used = 0;
  size_t bytes = 0;
  while (bytes < text.size()) {
    codec::Utf8Character next = codec::first_character(text.substr(bytes));
    used += width_of(next);
    if (used > columns) break;
    bytes += next.bytes.size();
  }
  return text.substr(0, bytes);
}

}  // namespace ais::cli
