#include "ais/command/pages.h"

#include <algorithm>

#include "ais/command/help.h"
#include "ais/command/parser.h"
#include "api/node_status.h"
#include "base/strings.h"
#include "cli/man_page.h"
#include "cli/markdown.h"

namespace ais::cli {
namespace {

constexpr const char* kSeeAlso[] = {"aisloader(1)"};
constexpr std::string_view kOutput =
    "Results go to standard output, as tables for people or with --json as one JSON document with stable keys; trouble goes to standard\n"
    "error. Names of objects are bytes: a table shows those that a terminal does not as \\x1b, and in JSON a text that is no UTF-8 stands "
    "in\n"
    "base64 under its key with _base64 behind it. Colour is used on terminals only, and a table that is wider than the terminal comes in "
    "parts\n"
    "there, each with the ids of its rows. Commands that destroy ask first; without a terminal\n"
    "they want --yes. Long work shows progress on a terminal and nothing in a pipe. Wherever a command changes more than one thing,\n"
    "--dry-run says what it would do.\n";
/// Commands that belong to no group stand on one page.
constexpr std::string_view kSinglePage = "general";

bool is_single(const std::string& section) { return section_help(section).empty(); }

std::string other_spellings(const Command& command, std::string_view quote) {
  std::string out;
  std::vector<std::string> names = spellings(command);
  for (size_t i = 1; i < names.size(); ++i) out += (i > 1 ? ", " : "Also: ") + std::string(quote) + "ais " + names[i] + std::string(quote);
  return out;
}

void append_command_manual(ManPage& page, const Command& command) {
  std::string name = std::string("ais ") + command.path;
  page.subsection(name);
  page.synopsis(name, trim(usage_line(command, command.path).substr(name.size())));
  page.paragraphs(std::string(command.help) + (*command.details ? "\n" : "") + command.details);
  if (*command.aliases) page.paragraphs(other_spellings(command, ""));
  page.flags(command.flags);
  page.examples(command.examples);
}

std::string command_markdown(const Command& command) {
  std::string out = std::string("## ais ") + command.path + "\n\n" + command.help;
  if (*command.details) out += std::string("\n") + command.details;
  out += "\n\n```\n" + usage_line(command, command.path) + "\n```\n\n";
  if (*command.aliases) out += other_spellings(command, "`") + "\n\n";
  if (!command.flags.empty()) append_markdown_flags(out, command.flags);
  append_markdown_examples(out, command.examples);
  return out;
}

std::string head(const std::string& title) {
  return "# " + title + "\n\n<!-- Printed by `ais --print-docs` from the command table and transcripts/; a test compares. -->\n\n";
}

Result<DocsPage> finished(const std::string& directory, const std::string& name, std::string text) {
  AIS_TRY(std::string transcript, read_transcript(directory, name));
  text += transcript;
  while (text.ends_with("\n\n")) text.pop_back();
  return DocsPage{name, std::move(text)};
}

std::string index_rows(const std::string& section, const std::string& page) {
  std::string out;
  for (const Command& command : all_commands())
    if (section_of(command) == section)
      out += "| [`ais " + std::string(command.path) + "`](" + page + ".md) | " + markdown_cell(command.aliases) + " | " +
             markdown_cell(command.help) + " |\n";
  return out;
}

std::string index_text() {
  std::string out = head("ais: the command line");
  out += "`ais` looks at and changes a cluster through any of its gateways. [aisloader](aisloader.md) measures one.\n\n";
  out += std::string(kIntroduction) + "\n" + std::string(kOutput) + "\n| command | also | |\n|---|---|---|\n";
  for (const std::string& section : sections()) out += index_rows(section, is_single(section) ? std::string(kSinglePage) : section);
  out += "\n## Flags of every command\n\n";
  append_markdown_flags(out, global_flags());
  out += "## Environment\n\n";
  append_markdown_meanings(out, "variable", environment());
  out += "## Files\n\n";
  append_markdown_meanings(out, "file", files());
  out += "## Exit status\n\n";
  append_markdown_meanings(out, "status", exit_statuses());
  return out;
}

}  // namespace

std::string manual_page() {
  ManPage page("ais", "AIStore " + api::software_version(), "look at and change an AIStore cluster");
  page.section("SYNOPSIS");
  page.synopsis("ais", "COMMAND [arguments] [flags]");
  page.synopsis("ais", "COMMAND --help");
  page.section("DESCRIPTION");
  page.paragraphs(std::string(kIntroduction) + "\n" + std::string(kOutput));
  page.section("OPTIONS");
  page.paragraphs("These flags are taken by every command.");
  page.flags(global_flags());
  page.section("COMMANDS");
  for (const Command& command : all_commands()) append_command_manual(page, command);
  page.section("ENVIRONMENT");
  page.items(environment());
  page.section("FILES");
  page.items(files());
  page.section("EXIT STATUS");
  page.items(exit_statuses());
  page.section("EXAMPLES");
  for (const char* path : {"bucket create", "object put", "bucket ls", "object get"}) page.examples(find_command(path)->examples);
  page.see_also(kSeeAlso);
  return page.take();
}

Result<std::vector<DocsPage>> docs_pages(const std::string& directory) {
  std::vector<DocsPage> out;
  AIS_TRY(DocsPage index, finished(directory, "README", index_text()));
  out.push_back(std::move(index));
  std::string singles = head("Commands without a group");
  for (const std::string& section : sections()) {
    std::string commands;
    for (const Command& command : all_commands())
      if (section_of(command) == section) commands += command_markdown(command);
    if (is_single(section)) {
      singles += commands;
      continue;
    }
    AIS_TRY(DocsPage page, finished(directory, section, head("ais " + section) + section_help(section) + ".\n\n" + commands));
    out.push_back(std::move(page));
  }
  AIS_TRY(DocsPage page, finished(directory, std::string(kSinglePage), std::move(singles)));
  out.push_back(std::move(page));
  return out;
}

}  // namespace ais::cli
