// Completion of flags by a shell, from the table of flags.
#pragma once

#include <string>

#include "base/status.h"

namespace ais::loader {

/// The script for "bash", "zsh" or "fish"; kInvalid for another shell.
Result<std::string> completion_script(const std::string& shell);

}  // namespace ais::loader
