#include "ais/help.h"

#include <algorithm>
#include <vector>

#include "ais/parser.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

constexpr std::string_view kIntroduction =
    "The endpoint is any gateway of the cluster: --endpoint, else $AIS_ENDPOINT, else $AIS_URL, else http://127.0.0.1:8080.\n"
    "Buckets are written ais://bucket, objects ais://bucket/object.\n";

std::string flag_spelling(const Flag& flag) {
  std::string out = flag.letter ? std::string("-") + flag.letter + ", " : "    ";
  out += std::string("--") + flag.name;
  if (flag.value) out += std::string(" ") + flag.value;
  return out;
}

void append_flags(std::string& out, std::span<const Flag> flags) {
  for (const Flag& flag : flags) out += format("  %-26s %s\n", flag_spelling(flag).c_str(), flag.help);
}

std::string usage_line(const Command& command, std::string_view path) {
  std::string out = "ais " + std::string(path);
  if (*command.arguments) out += std::string(" ") + command.arguments;
  if (!command.flags.empty()) out += " [flags]";
  return out;
}

/// The first word of a path: what overview and page are sorted into.
std::string_view section_of(const Command& command) {
  std::string_view path = command.path;
  return path.substr(0, path.find(' '));
}

std::vector<std::string> sections() {
  std::vector<std::string> out;
  for (const Command& command : all_commands())
    if (std::string name(section_of(command)); std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  return out;
}

std::string section_help(std::string_view section) {
  for (const CommandGroup& group : all_groups())
    if (section == group.path) return group.help;
  return "";
}

bool is_in_group(const Command& command, std::string_view group) {
  if (group.empty()) return true;
  std::vector<std::string> paths = spellings(command);
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return path.starts_with(std::string(group) + " "); });
}

void append_markdown_flags(std::string& out, std::span<const Flag> flags) {
  out += "| flag | meaning |\n|---|---|\n";
  for (const Flag& flag : flags) {
    std::string spelling(trim(flag_spelling(flag)));
    out += "| `" + spelling + "` | " + flag.help + (flag.repeatable ? "; may be given several times" : "") + " |\n";
  }
  out += '\n';
}

std::string command_markdown(const Command& command) {
  std::string out = std::string("### ais ") + command.path + "\n\n" + command.help;
  if (*command.details) out += std::string(" ") + command.details;
  out += "\n\n```\n" + usage_line(command, command.path) + "\n```\n\n";
  std::vector<std::string> names = spellings(command);
  if (names.size() > 1) {
    out += "Also: ";
    for (size_t i = 1; i < names.size(); ++i) out += std::string(i > 1 ? ", " : "") + "`ais " + names[i] + "`";
    out += "\n\n";
  }
  if (!command.flags.empty()) append_markdown_flags(out, command.flags);
  out += "```sh\n";
  for (const Example& example : command.examples) out += std::string(example.line) + "   # " + example.what + "\n";
  return out + "```\n\n";
}

}  // namespace

std::string overview_text(std::string_view group) {
  std::string out = "Usage: ais " + (group.empty() ? std::string("COMMAND") : std::string(group) + " COMMAND") + " [arguments] [flags]\n";
  if (group.empty()) out += "\n" + std::string(kIntroduction);
  for (const std::string& section : sections()) {
    std::string rows;
    for (const Command& command : all_commands()) {
      if (section_of(command) != section || !is_in_group(command, group)) continue;
      std::string name = *command.aliases ? std::string(command.path) + " (" + command.aliases + ")" : std::string(command.path);
      rows += format("  %-32s %s\n", name.c_str(), command.help);
    }
    if (rows.empty()) continue;
    std::string help = section_help(section);
    out += "\n" + (help.empty() ? section : help) + ":\n" + rows;
  }
  out += "\nFlags of every command:\n";
  append_flags(out, global_flags());
  return out + "\n\"ais COMMAND --help\" explains one command, with examples.\n";
}

std::string command_help_text(const Command& command) {
  std::string out = std::string(command.help) + "\n";
  if (*command.details) out += std::string(command.details) + "\n";
  out += "\nUsage:\n";
  for (const std::string& path : spellings(command)) out += "  " + usage_line(command, path) + "\n";
  if (!command.flags.empty()) {
    out += "\nFlags:\n";
    append_flags(out, command.flags);
  }
  out += "\nFlags of every command:\n";
  append_flags(out, global_flags());
  out += "\nExamples:\n";
  for (const Example& example : command.examples) out += std::string("  # ") + example.what + "\n  " + example.line + "\n";
  return out;
}

std::string docs_page() {
  std::string out = "# ais: the command line\n\n";
  out += "<!-- Printed by `ais --print-docs` from cmd/ais/command_table.cpp; a test compares. -->\n\n";
  out += "`ais` looks at and changes a cluster through any of its gateways.\n\n" + std::string(kIntroduction) + "\n";
  out +=
      "Results go to standard output, as tables for people or with `--json` as one JSON document with stable keys; trouble goes to\n"
      "standard error. The exit status is 0 when everything was done, 1 when something failed, 2 when the command line is wrong.\n"
      "Colour is used on terminals only, and never with `NO_COLOR` in the environment. Commands that destroy ask first; without a\n"
      "terminal they want `--yes`.\n\n## Flags of every command\n\n";
  append_markdown_flags(out, global_flags());
  for (const std::string& section : sections()) {
    std::string help = section_help(section);
    out += "## " + section + (help.empty() ? "" : ": " + help) + "\n\n";
    for (const Command& command : all_commands())
      if (section_of(command) == section) out += command_markdown(command);
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace ais::cli
