// From the words of a command line to a command of the tree and its values. Pure but for the variables of flags, where a program has
// them: no output.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/program.h"

namespace ais::cli {

struct ParsedLine {
  /// What the user wants: run `command` (nullptr: what the program does without one), see help (of `command`, else of `group`, else of
  /// everything), the version, pages, the script of a shell. kIncomplete: the words are those of a group, and a command of it is missing.
  enum class Kind { kRun, kHelp, kIncomplete, kVersion, kDocs, kManual, kCompletion };
  Kind kind = Kind::kRun;
  const Command* command = nullptr;
  std::string group;
  std::vector<std::string> arguments;
  FlagValues flags;
};

/// `words` without the program's name. kInvalid with a text that suggests the nearest spelling where there is one.
Result<ParsedLine> parse_line(const Program& program, const std::vector<std::string>& words);

}  // namespace ais::cli
