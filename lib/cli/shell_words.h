// Lines of a shell as words. Enough of its grammar for what people store and see: blanks, both quotes, backslashes. No expansion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace ais::cli {

/// kInvalid when a quote is not closed.
Result<std::vector<std::string>> split_shell_words(std::string_view line);
/// The word as a shell would need it: as it is, or in single quotes.
std::string quote_shell_word(std::string_view word);
/// Words joined by blanks, each quoted where it must be.
std::string join_shell_words(const std::vector<std::string>& words);

}  // namespace ais::cli
