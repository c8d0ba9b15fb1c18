// From the words of a command line to a row of the table and its values. Pure: no output, no environment.
#pragma once

#include <string>
#include <vector>

#include "ais/command/command.h"
#include "cli/flag_parser.h"
#include "cli/spelling.h"

namespace ais::cli {

struct ParsedLine {
  /// What the user wants: run `command`, see help (of `command`, else of `group`, else of everything), the version, the pages.
  /// kIncomplete: the words are those of a group, and a command of it is missing.
  enum class Kind { kRun, kHelp, kIncomplete, kVersion, kDocs, kManual };
  Kind kind = Kind::kRun;
  const Command* command = nullptr;
  std::string group;
  std::vector<std::string> arguments;
  FlagValues flags;
};

/// `words` without the program's name. kInvalid with a text that suggests the nearest spelling where there is one.
Result<ParsedLine> parse_line(const std::vector<std::string>& words);

/// The word that commands use for what people say ("rm" for "delete"); "" when there is none.
std::string word_meant_by(std::string_view said);
/// The command's path and then its aliases.
std::vector<std::string> spellings(const Command& command);
/// The command with this path or alias, or nullptr.
const Command* find_command(std::string_view path);
/// True when a command's path or alias begins with these words.
bool is_group(std::string_view path);
/// The words that may follow `group` ("" = the first words of all commands), each once.
std::vector<std::string> words_after(std::string_view group);

}  // namespace ais::cli
