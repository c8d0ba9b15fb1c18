#include "cli/help_text.h"

#include <algorithm>

#include "base/strings.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

constexpr size_t kFlagWidth = 26, kNameWidth = 34, kMeaningWidth = 14;

bool names_all(std::string_view text, std::string_view choices) {
  for (std::string_view choice : split(choices, ','))
    if (text.find(choice) == std::string_view::npos) return false;
  return true;
}

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
std::string command_rows(const Program& program, const std::string& section, std::string_view group) {
  std::string rows;
  for (const Command& command : program.commands)
    if (section_of(command) == section && is_in_group(command, group))
      append_pair(rows, name_with_alias(command), command.help, kNameWidth);
  return rows;
}

void append_meanings(std::string& out, std::string_view title, std::span<const Meaning> meanings) {
  if (meanings.empty()) return;
  out += "\n" + std::string(title) + ":\n";
  for (const Meaning& meaning : meanings) append_pair(out, meaning.name, meaning.text, kMeaningWidth);
}

void append_flags(std::string& out, std::string_view title, std::span<const Flag> flags) {
  if (flags.empty()) return;
  out += "\n" + std::string(title) + ":\n";
  append_flag_lines(out, flags);
}

}  // namespace

std::string flag_spelling(const Flag& flag) {
  std::string out = flag.letter ? std::string("-") + flag.letter + ", " : "    ";
  out += std::string("--") + flag.name;
  if (flag.value) out += std::string(" ") + flag.value;
  return out;
}

std::string flag_meaning(const Flag& flag) {
  std::string out = flag.help;
  if (!names_all(out, flag.choices)) out += std::string(": ") + flag.choices;
  if (flag.repeatable) out += "; may be given several times";
  std::string also;
  for (std::string_view synonym : synonyms_of(flag)) also += (also.empty() ? " (also --" : ", --") + std::string(synonym);
  if (!also.empty()) out += also + ")";
  return out;
}

void append_wrapped(std::string& out, std::string_view text, size_t column, size_t indent) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::string next_line = "\n" + std::string(indent, ' ');
  bool begins = true;  // no word in this line yet
  auto end_line = [&](std::string_view newlines) {
    out += newlines;
    out += next_line;
    column = indent;
    begins = true;
  };
  for (std::string_view line : split(text, '\n')) {
    if (line.empty() && !text.empty()) end_line(begins ? "" : "\n");
    else if (line.starts_with('-') && !begins) end_line("");
    for (std::string_view word : split(line, ' ')) {
      const size_t width = display_width(word);
      if (!begins && column + 1 + width > kHelpColumns) end_line("");
      if (!begins) out += ' ';
      column += width + (begins ? 0 : 1);
      out += word;
      begins = line.empty();
    }
  }
  out += '\n';
}

void append_pair(std::string& out, std::string_view name, std::string_view text, size_t width) {
  size_t used = display_width(name);
  out += "  ";
  out += name;
  size_t padding = used < width ? width - used + 1 : 1;
  out.append(padding, ' ');
  append_wrapped(out, text, 2 + used + padding, 2 + width + 1);
}

void append_flag_lines(std::string& out, std::span<const Flag> flags) {
  for (const Flag& flag : flags) append_pair(out, flag_spelling(flag), flag_meaning(flag), kFlagWidth);
}

void append_example_lines(std::string& out, std::span<const Example> examples) {
  for (const Example& example : examples) out += std::string("  # ") + example.what + "\n  " + example.line + "\n";
}

std::string overview_text(const Program& program, std::string_view group, const NamedLines& aliases) {
  const std::string name = program.name;
  std::string out = "Usage: " + name + " " + (group.empty() ? "" : std::string(group) + " ") + "COMMAND [arguments] [flags]\n";
  if (group.empty()) append_wrapped(out += '\n', program.introduction);
  std::string single_rows;  // of commands that stand alone: they need no headings of their own
  for (const std::string& section : sections(program)) {
    std::string rows = command_rows(program, section, group);
    std::string help = group_help(program, section);
    if (help.empty()) single_rows += rows;
    else if (!rows.empty()) out += "\n" + help + ":\n" + rows;
  }
  if (!single_rows.empty()) out += "\nMore commands:\n" + single_rows;
  if (group.empty() && !aliases.empty()) {
    out += "\nAliases of your own:\n";
    for (const auto& [alias, line] : aliases) append_pair(out, printable(alias), printable(line), kNameWidth);
  }
  append_flags(out, "Flags of every command", program.common);
  return out + "\n\"" + name + " COMMAND --help\" explains one command, with examples.\n";
}

std::string program_help(const Program& program) {
  std::string out = std::string(program.help) + "\n\n";
  append_wrapped(out, std::string(program.introduction) + program.details);
  out += "\nUsage:\n  " + usage_line(program) + "\n";
  for (const Command& command : program.commands) out += "  " + usage_line(program, command, command.path) + "\n";
  for (const FlagGroup& group : program.flags) append_flags(out, group.title, group.flags);
  append_flags(out, program.commands.empty() ? "Help" : "Flags of every command", program.common);
  append_meanings(out, "Environment", program.environment);
  append_meanings(out, "Files", program.files);
  append_meanings(out, "Exit status", program.exit_statuses);
  out += "\nExamples:\n";
  append_example_lines(out, program.examples);
  return out;
}

std::string command_help_text(const Program& program, const Command& command) {
  std::string out = std::string(command.help) + "\n";
  if (*command.details) append_wrapped(out, command.details);
  out += "\nUsage:\n";
  for (const std::string& path : spellings(command)) out += "  " + usage_line(program, command, path) + "\n";
  append_flags(out, "Flags", command.flags);
  append_flags(out, "Flags of every command", common_flags_of(program, command));
  out += "\nExamples:\n";
  append_example_lines(out, command.examples);
  return out;
}

}  // namespace ais::cli
