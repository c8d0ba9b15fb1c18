// The parts of which --help texts are made.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/flag.h"

namespace ais::cli {

/// "-j, --parallel N", with four blanks in place of a missing letter.
std::string flag_spelling(const Flag& flag);
/// What the flag means, with its choices and whether it may be repeated.
std::string flag_meaning(const Flag& flag);
/// One line a flag, in two columns.
void append_flag_lines(std::string& out, std::span<const Flag> flags);
/// "  NAME   what it is", in two columns with at least `width` for the first.
void append_pair(std::string& out, std::string_view name, std::string_view text, size_t width);
/// Two lines an example.
void append_example_lines(std::string& out, std::span<const Example> examples);

}  // namespace ais::cli
