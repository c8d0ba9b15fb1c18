// What AIStore's own command line calls things: the one list of spellings that are here for scripts and habits. Nothing of it is needed
// to use `ais`, and nothing else may depend on it.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "cli/program.h"

namespace ais::cli {

/// The same command with its other names, of its flags too, and with the flags that scripts give it in vain: they are taken and change
/// nothing. What the result points to lives as long as the process.
Command with_other_names(const Command& command);

/// First words of commands that this version has nothing for, separated by blanks. Whoever types one shall not wonder about the spelling.
extern const std::string_view kAbsentWords;
/// What people say for the words that commands use.
std::span<const std::pair<const char*, const char*>> spoken_words();

}  // namespace ais::cli
