#include "ais/command/help.h"

#include <algorithm>

#include "ais/command/parser.h"
#include "cli/help_text.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

constexpr size_t kNameWidth = 34;

constexpr Meaning kEnvironment[] = {
    {"AIS_ENDPOINT", "a gateway of the cluster, http://host:port"},
    {"AIS_URL", "the same; older name, used when AIS_ENDPOINT is not set"},
    {"NO_COLOR", "when set and not empty: no colour, on a terminal either"},
    {"TERM", "\"dumb\" is a terminal without colour and without lines that are redrawn"},
    {"TMPDIR", "where put --skip-existing keeps what comes from a pipe (default /tmp)"},
    {"XDG_CONFIG_HOME", "directory of ais/aliases.json and ais/cli/cli.json (default ~/.config)"},
};
constexpr Meaning kFiles[] = {
    {"~/.config/ais/aliases.json", "aliases of your own, see \"ais alias\""},
    {"~/.config/ais/cli/cli.json", "settings of your own, such as the gateway, see \"ais config cli\""},
};
constexpr Meaning kExitStatuses[] = {
    {"0", "everything was done"},
    {"1", "something failed; standard error says what"},
    {"2", "the command line is wrong"},
    {"130", "stopped by Ctrl-C (143: by SIGTERM)"},
    {"141", "the reader of the output went away"},
};

/// "bucket props show" and "show bucket" as one name, unless the other one is longer; a command's own help lists all of them.
std::string name_with_alias(const Command& command) {
  const std::string_view aliases = command.aliases, first = aliases.substr(0, aliases.find(','));
  std::string out = command.path;
  if (!first.empty() && first.size() <= out.size()) out += " (" + std::string(first) + ")";
  return out;
}

bool is_in_group(const Command& command, std::string_view group) {
  if (group.empty()) return true;
  std::vector<std::string> paths = spellings(command);
  return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return path.starts_with(std::string(group) + " "); });
}

/// The commands of a section that begin with the words of `group`, a line each.
std::string command_rows(const std::string& section, std::string_view group) {
  std::string rows;
  for (const Command& command : all_commands())
    if (section_of(command) == section && is_in_group(command, group))
      append_pair(rows, name_with_alias(command), command.help, kNameWidth);
  return rows;
}

}  // namespace

const std::string_view kIntroduction =
    "The endpoint is any gateway of the cluster: --endpoint, else $AIS_ENDPOINT, else $AIS_URL, else the setting cluster.url\n"
    "(\"ais config cli\"), else http://127.0.0.1:8080.\n"
    "Buckets are written ais://bucket, objects ais://bucket/object.\n";

std::span<const Meaning> environment() { return kEnvironment; }
std::span<const Meaning> files() { return kFiles; }
std::span<const Meaning> exit_statuses() { return kExitStatuses; }

std::string usage_line(const Command& command, std::string_view path) {
  std::string out = "ais " + std::string(path);
  if (*command.arguments) out += std::string(" ") + command.arguments;
  if (!command.flags.empty()) out += " [flags]";
  return out;
}

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

std::string overview_text(std::string_view group, const Aliases& aliases) {
  std::string out = "Usage: ais " + (group.empty() ? std::string("COMMAND") : std::string(group) + " COMMAND") + " [arguments] [flags]\n";
  if (group.empty()) append_wrapped(out += '\n', kIntroduction);
  std::string single_rows;  // of commands that stand alone: they need no headings of their own
  for (const std::string& section : sections()) {
    std::string rows = command_rows(section, group);
    std::string help = section_help(section);
    if (help.empty()) single_rows += rows;
    else if (!rows.empty()) out += "\n" + help + ":\n" + rows;
  }
  if (!single_rows.empty()) out += "\nMore commands:\n" + single_rows;
  if (group.empty() && !aliases.entries().empty()) {
    out += "\nAliases of your own:\n";
    for (const auto& [name, line] : aliases.entries()) append_pair(out, printable(name), printable(line), kNameWidth);
  }
  out += "\nFlags of every command:\n";
  append_flag_lines(out, global_flags());
  return out + "\n\"ais COMMAND --help\" explains one command, with examples.\n";
}

std::string command_help_text(const Command& command) {
  std::string out = std::string(command.help) + "\n";
  if (*command.details) append_wrapped(out, command.details);
  out += "\nUsage:\n";
  for (const std::string& path : spellings(command)) out += "  " + usage_line(command, path) + "\n";
  if (!command.flags.empty()) {
    out += "\nFlags:\n";
    append_flag_lines(out, command.flags);
  }
  out += "\nFlags of every command:\n";
  append_flag_lines(out, global_flags_of(command));
  out += "\nExamples:\n";
  append_example_lines(out, command.examples);
  return out;
}

}  // namespace ais::cli
