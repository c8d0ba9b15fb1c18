// Help texts and the manual page docs/cli.md, made from the command table.
#pragma once

#include <string>
#include <string_view>

#include "ais/command.h"

namespace ais::cli {

/// "ais --help": all commands by group. With a group: its commands only.
std::string overview_text(std::string_view group = "");
std::string command_help_text(const Command& command);
/// docs/cli.md.
std::string docs_page();

}  // namespace ais::cli
