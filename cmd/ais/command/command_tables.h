// The parts of the command table, one a subject; all_commands() joins them in this order.
#pragma once

#include "ais/command/command.h"

namespace ais::cli {

std::span<const Command> bucket_commands();
std::span<const Command> object_commands();
std::span<const Command> cluster_commands();
std::span<const Command> shell_commands();

}  // namespace ais::cli
