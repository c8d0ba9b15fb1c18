#include "cli/program.h"

#include "base/strings.h"
#include "cli/help_text.h"
#include "cli/man_page.h"
#include "cli/markdown.h"

namespace ais::cli {
namespace {

std::string usage_line(const ProgramDescription& program) {
  std::string out = std::string(program.name) + " [flags]";
  if (*program.arguments) out += std::string(" ") + program.arguments;
  return out;
}

void append_meanings(std::string& out, std::string_view title, std::span<const Meaning> meanings) {
  constexpr size_t kWidth = 14;
  if (meanings.empty()) return;
  out += "\n" + std::string(title) + ":\n";
  for (const Meaning& meaning : meanings) append_pair(out, meaning.name, meaning.text, kWidth);
}

/// "Does this." as "does this", the form of NAME.
std::string summary_of(std::string_view help) {
  std::string out(help);
  if (out.ends_with('.')) out.pop_back();
  if (out.size() > 1 && out[0] >= 'A' && out[0] <= 'Z' && !(out[1] >= 'A' && out[1] <= 'Z')) out[0] = to_lower(out.substr(0, 1))[0];
  return out;
}

Status check_argument_count(const ProgramDescription& program, size_t count) {
  std::string expected = std::string(program.name) + " takes " + (*program.arguments ? program.arguments : "flags only");
  if (count < static_cast<size_t>(program.arguments_min)) return {Code::kInvalid, "too few arguments: " + expected};
  if (program.arguments_max >= 0 && count > static_cast<size_t>(program.arguments_max))
    return {Code::kInvalid, "too many arguments: " + expected};
  return {};
}

}  // namespace

Result<ProgramLine> parse_program(const ProgramDescription& program, std::span<const std::string> words) {
  FlagParser parser(words);
  for (const FlagGroup& group : program.flags) parser.allow(group.flags);
  ProgramLine out;
  while (true) {
    AIS_TRY(std::optional<std::string> argument, parser.next_argument());
    if (!argument) break;
    out.arguments.push_back(std::move(*argument));
  }
  out.flags = std::move(parser.flags());
  if (!out.flags.has("help") && !out.flags.has("version")) AIS_RETURN_IF_ERROR(check_argument_count(program, out.arguments.size()));
  return out;
}

std::string program_help(const ProgramDescription& program) {
  std::string out = std::string(program.help) + "\n";
  if (*program.details) append_wrapped(out, program.details);
  out += "\nUsage:\n  " + usage_line(program) + "\n";
  for (const FlagGroup& group : program.flags) {
    out += "\n" + std::string(group.title) + ":\n";
    append_flag_lines(out, group.flags);
  }
  append_meanings(out, "Environment", program.environment);
  append_meanings(out, "Exit status", program.exit_statuses);
  out += "\nExamples:\n";
  append_example_lines(out, program.examples);
  return out;
}

std::string program_manual(const ProgramDescription& program, std::string_view version) {
  ManPage page(program.name, version, summary_of(program.help));
  page.section("SYNOPSIS");
  page.synopsis(program.name, usage_line(program).substr(std::string_view(program.name).size() + 1));
  page.section("DESCRIPTION");
  page.paragraphs(std::string(program.help) + "\n\n" + program.details);
  page.section("OPTIONS");
  for (const FlagGroup& group : program.flags) {
    page.subsection(group.title);
    page.flags(group.flags);
  }
  page.section("ENVIRONMENT");
  page.items(program.environment);
  page.section("EXIT STATUS");
  page.items(program.exit_statuses);
  page.section("EXAMPLES");
  page.examples(program.examples);
  page.see_also(program.see_also);
  return page.take();
}

std::string program_page(const ProgramDescription& program, std::string_view transcript) {
  std::string name = program.name;
  std::string out = "# " + name + "\n\n<!-- Printed by `" + name + " --print-docs` from its table of flags; a test compares. -->\n\n";
  out += std::string(program.help) + (*program.details ? "\n\n" : "") + program.details + "\n\n```\n" + usage_line(program) + "\n```\n\n";
  for (const FlagGroup& group : program.flags) {
    out += "## " + std::string(group.title) + "\n\n";
    append_markdown_flags(out, group.flags);
  }
  if (!program.environment.empty()) append_markdown_meanings(out, "environment", program.environment);
  if (!program.exit_statuses.empty()) append_markdown_meanings(out, "exit status", program.exit_statuses);
  out += "## Examples\n\n";
  append_markdown_examples(out, program.examples);
  out += transcript;
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace ais::cli
