// From the words of a command line to a row of the table and its values. Pure: no output, no environment.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ais/command.h"

namespace ais::cli {

struct ParsedLine {
  /// What the user wants: run `command`, see help (of `command`, else of `group`, else of everything), the version, the docs page.
  enum class Kind { kRun, kHelp, kVersion, kDocs };
  Kind kind = Kind::kRun;
  const Command* command = nullptr;
  std::string group;
  std::vector<std::string> arguments;
  std::map<std::string, std::vector<std::string>, std::less<>> flags;  // by long name; switches have one empty value
};

/// `words` without the program's name. kInvalid with a text that suggests the nearest spelling where there is one.
Result<ParsedLine> parse_line(const std::vector<std::string>& words);

/// The candidate with the smallest edit distance to `word`, or "" when none is near enough to be meant.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
size_t edit_distance(std::string_view a, std::string_view b);

/// The command's path and then its aliases.
std::vector<std::string> spellings(const Command& command);

}  // namespace ais::cli
