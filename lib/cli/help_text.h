// --help texts of a program, and the parts of which they and the pages are made.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "cli/flag.h"
#include "cli/program.h"

namespace ais::cli {

/// "-j, --parallel N", with four blanks in place of a missing letter.
std::string flag_spelling(const Flag& flag);
/// What the flag means, with its choices, whether it may be repeated, and its other names.
std::string flag_meaning(const Flag& flag);
constexpr size_t kHelpColumns = 80;  // texts are broken between words to fit

/// The text, broken where a line would pass kHelpColumns, with a newline at its end. Its own line ends are blanks; an empty line
/// separates paragraphs, and a line that begins with a dash stays a line. Lines after the first begin with `indent` blanks; `column` is
/// where the first one begins.
void append_wrapped(std::string& out, std::string_view text, size_t column = 0, size_t indent = 0);
/// Flags in two columns.
void append_flag_lines(std::string& out, std::span<const Flag> flags);
/// "  NAME   what it is", in two columns with at least `width` for the first.
void append_pair(std::string& out, std::string_view name, std::string_view text, size_t width);
/// Two lines an example.
void append_example_lines(std::string& out, std::span<const Example> examples);

/// Names that a user gave to lines of commands.
using NamedLines = std::map<std::string, std::string, std::less<>>;

/// "ais --help": all commands by group, and the user's aliases. With a group: its commands only.
std::string overview_text(const Program& program, std::string_view group = "", const NamedLines& aliases = {});
/// Of a program that runs without a command: what it does, its flags, its commands.
std::string program_help(const Program& program);
std::string command_help_text(const Program& program, const Command& command);

}  // namespace ais::cli
