// ProgramDescription: a program with one command and many flags, as plain data. From it come parsing, --help, its manual page and its
// page in docs/cli/. (`ais`, which has many commands, describes itself with a table of its own and uses the same parts.)
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "cli/flag.h"
#include "cli/flag_parser.h"

namespace ais::cli {

struct ProgramDescription {
  const char* name;       // "aisloader"
  const char* arguments;  // as shown in help: "FILE..."; "" for none
  int arguments_min = 0;
  int arguments_max = 0;
  const char* help;     // one line, ends with a full stop
  const char* details;  // paragraphs, separated by empty lines; "" for none
  std::span<const FlagGroup> flags;
  std::span<const Example> examples;
  std::span<const Meaning> environment;
  std::span<const Meaning> exit_statuses;
  std::span<const char* const> see_also;  // "ais(1)"
};

struct ProgramLine {
  FlagValues flags;
  std::vector<std::string> arguments;
};

/// kInvalid with a text for people, which suggests the nearest flag where there is one. With --help or --version among the flags
/// (tables must have them, as switches) the number of arguments is not checked.
Result<ProgramLine> parse_program(const ProgramDescription& program, std::span<const std::string> words);

std::string program_help(const ProgramDescription& program);
/// A roff page of section 1. `version` is that of the software: "AIStore 5.0.1".
std::string program_manual(const ProgramDescription& program, std::string_view version);
/// Markdown. `transcript` ("" for none) is Markdown too and is placed behind the examples.
std::string program_page(const ProgramDescription& program, std::string_view transcript);

}  // namespace ais::cli
