// What a command of `ais` is: a row of the table in command_table.cpp. Parsing, help, completion, the manual page and docs/cli/ are made
// from the rows, so a command that is in the table is complete and one that is not does not exist.
#pragma once

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/status.h"
#include "cli/flag.h"

namespace ais::cli {

class Invocation;

constexpr int kUnlimited = -1;

/// Runs on the loop of the invocation's session. A non-OK status is printed by the caller and makes the exit status 1, or 2 when it
/// came from Invocation::usage_error.
using CommandFunction = async::Task<Status> (*)(Invocation& invocation);

struct Command {
  const char* path;       // "bucket create"
  const char* aliases;    // other spellings, separated by commas; "" for none
  const char* arguments;  // as shown in help: "BUCKET [BUCKET...]"
  int arguments_min;
  int arguments_max;    // kUnlimited for any number
  const char* help;     // one line, ends with a full stop
  const char* details;  // more lines for the command's own help; "" for none
  std::span<const Flag> flags;
  Example examples[2];
  CommandFunction run;
  /// What its arguments are, for completion: the first, the second, ...; the last that is set holds for all that follow.
  ValueKind kinds[3] = {};

  ValueKind kind_of(size_t argument) const {
    size_t index = std::min(argument, std::size(kinds) - 1);
    while (index > 0 && kinds[index] == ValueKind::kUnset) --index;
    return kinds[index];
  }
};

/// Words of a group that is no command itself ("bucket") and what it is about.
struct CommandGroup {
  const char* path;
  const char* help;
};

std::span<const Command> all_commands();
std::span<const CommandGroup> all_groups();
/// Flags that every command takes.
std::span<const Flag> global_flags();
/// The same as this command has them: without the letters that its own flags take.
std::vector<Flag> global_flags_of(const Command& command);
/// Flags for those who package the program: they print its pages.
std::span<const Flag> packaging_flags();

}  // namespace ais::cli
