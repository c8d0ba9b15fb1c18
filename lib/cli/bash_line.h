// The line that bash completes. Bash hands over text with quotes and backslashes in it, and replaces only what stands behind the last of
// its word breaks (":" and "=" are among them): what goes into COMPREPLY must continue exactly that text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ais::cli {

struct BashLine {
  std::vector<std::string> words;  // without quoting and without the program's name; the last one is where the cursor is
  std::string kept;                // what bash will replace by a reply, as it was typed
  char quote = 0;                  // the quote that is open at the cursor, or 0

  /// The reply that makes the last word `candidate`, which begins with it; "" when bash cannot take it.
  std::string reply(std::string_view candidate) const;
};

/// `line` up to the cursor, beginning with the command's name (assignments may stand before it); `breaks` is $COMP_WORDBREAKS.
BashLine read_bash_line(std::string_view line, std::string_view breaks);

}  // namespace ais::cli
