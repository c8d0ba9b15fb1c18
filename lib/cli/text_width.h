// Text on a terminal: how wide it is, and made harmless. Texts are UTF-8 whatever the locale says; nothing here depends on it.
#pragma once

#include <string>
#include <string_view>

#include "codec/utf8.h"

namespace ais::cli {

/// Columns that the text takes: East Asian wide characters and most emoji two, combining marks none. A byte that is no UTF-8 and a
/// control character count one.
size_t display_width(std::string_view text);
using codec::printable;
/// The text in at most `columns` (at least 1): beginning and end around "…" where it is longer.
std::string shortened(std::string_view text, size_t columns);
/// The longest beginning of the text that fits into `columns`, never half of a character.
std::string_view fit(std::string_view text, size_t columns);

}  // namespace ais::cli
