// Help texts, made from the command table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ais/command/aliases.h"
#include "ais/command/command.h"

namespace ais::cli {

/// "ais --help": all commands by group, and the aliases. With a group: its commands only.
std::string overview_text(std::string_view group = "", const Aliases& aliases = {});
std::string command_help_text(const Command& command);

// What help, manual page and docs/cli/ share.
std::string usage_line(const Command& command, std::string_view path);
/// The first words of the commands, in the order of the table, and what each is about ("" for none).
std::vector<std::string> sections();
std::string section_help(std::string_view section);
std::string_view section_of(const Command& command);

extern const std::string_view kIntroduction;
std::span<const Meaning> environment();
std::span<const Meaning> files();
std::span<const Meaning> exit_statuses();

}  // namespace ais::cli
