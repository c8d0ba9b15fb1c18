// Program: a tree of commands as plain data. Parsing (command_line.h), --help (help_text.h), the manual page (man_page.h), the pages of
// docs/cli/ (pages.h) and TAB completion (completion.h) are all made from it, so a command or flag that stands here is complete, and one
// that does not stand here does not exist.
//
// A command is a row whose path is its place in the tree ("bucket create"). A daemon, or a program with one purpose, is a tree with only
// a root: it has flags and no rows.
#pragma once

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/status.h"
#include "cli/flag.h"
#include "cli/flag_parser.h"

namespace ais::cli {

/// One run of one command; every program with such functions defines its own.
class Invocation;
/// A non-OK status is printed by the caller and makes the exit status 1, or that of wrong usage.
using CommandFunction = async::Task<Status> (*)(Invocation& invocation);

constexpr int kUnlimited = -1;

/// What stands beside flags.
struct Arguments {
  const char* text = "";  // as shown in help: "BUCKET [BUCKET...]"; "" for none
  int min = 0;
  int max = 0;  // kUnlimited for any number
  /// What they are, for completion: the first, the second, ...; the last that is set holds for all that follow.
  ValueKind kinds[3] = {};

  ValueKind kind_of(size_t argument) const {
    size_t index = std::min(argument, std::size(kinds) - 1);
    while (index > 0 && kinds[index] == ValueKind::kUnset) --index;
    return kinds[index];
  }
};

struct Command {
  const char* path;     // "bucket create"
  const char* aliases;  // other spellings, separated by commas; "" for none
  Arguments arguments;
  const char* help;     // one line, ends with a full stop
  const char* details;  // more lines for the command's own help; "" for none
  std::span<const Flag> flags;
  Example examples[2];
  CommandFunction run = nullptr;  // nullptr: the program knows the command by its path
};

/// Words of a group that is no command itself ("bucket") and what it is about.
struct CommandGroup {
  const char* path;
  const char* help;
};

struct Program {
  const char* name;  // "ais"
  std::string version;
  const char* help = "";          // one line, ends with a full stop
  const char* introduction = "";  // paragraphs, separated by empty lines; "" for none
  const char* details = "";       // more of them, for the manual page and docs/cli/ alone
  const char* page_begin = "";    // Markdown before the introduction of docs/cli/
  bool daemon = false;            // a manual page of section 8 instead of 1

  /// What the program does without a command; a program with `commands` may do nothing.
  bool runs = false;
  Arguments arguments = {};
  std::span<const FlagGroup> flags = {};
  FlagRules rules = {};

  std::span<const Command> commands = {};
  std::span<const CommandGroup> groups = {};
  /// Flags that the program takes, and every command of it. --help and --version must be among them.
  std::span<const Flag> common = {};
  /// Flags that stand in no help text: for those who package the program, and what only the original has (ValueKind::kAbsent).
  std::span<const Flag> hidden = {};

  std::span<const Example> examples = {};
  std::span<const Meaning> environment = {};
  std::span<const Meaning> files = {};
  std::span<const Meaning> exit_statuses = {};
  std::span<const char* const> see_also = {};  // "ais(1)"

  /// First words of commands that the original has and this program has not, separated by blanks.
  std::string_view absent_words = "";
  /// What people say, and the word that commands use for it.
  std::span<const std::pair<const char*, const char*>> spoken = {};
};

/// --print-man, --print-docs and --print-completion SHELL, of programs whose documentation is one page.
std::span<const Flag> packaging_flags();

/// The command's path and then its aliases.
std::vector<std::string> spellings(const Command& command);
/// The command with this path or alias, or nullptr.
const Command* find_command(const Program& program, std::string_view path);
/// True when a command's path or alias begins with these words.
bool is_group(const Program& program, std::string_view path);
/// What a group is about; "" for what has no row.
std::string group_help(const Program& program, std::string_view path);
/// The words that may follow `group` ("" = the first words of all commands), each once.
std::vector<std::string> words_after(const Program& program, std::string_view group);
/// The word that commands use for what people say ("rm" for "delete"); "" when there is none.
std::string word_meant_by(const Program& program, std::string_view said);

/// The flags of all commands as this one has them: without the letters that its own flags take.
std::vector<Flag> common_flags_of(const Program& program, const Command& command);
/// The first words of the commands, in the order of the table.
std::vector<std::string> sections(const Program& program);
std::string_view section_of(const Command& command);
/// "ais bucket create BUCKET [flags]", with the command under the name `path`.
std::string usage_line(const Program& program, const Command& command, std::string_view path);
/// "Also: ais create, ais make", each between `quote`s; "" when there are none.
std::string other_spellings(const Program& program, const Command& command, std::string_view quote);
/// Of the program without a command.
std::string usage_line(const Program& program);

}  // namespace ais::cli
