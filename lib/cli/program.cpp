#include "cli/program.h"

#include "base/strings.h"

namespace ais::cli {
namespace {

constexpr Flag kPackagingFlags[] = {
    {"print-man", nullptr, "print the manual page"},
    {"print-docs", nullptr, "print the page of docs/cli/"},
    {"print-completion", "SHELL", "print the script that makes TAB complete it in a shell", 0, false, ValueKind::kChoice, "bash,zsh,fish"},
};

bool has_row(const Program& program, std::string_view path) {
  return std::any_of(program.groups.begin(), program.groups.end(), [&](const CommandGroup& group) { return path == group.path; });
}

}  // namespace

std::span<const Flag> packaging_flags() { return kPackagingFlags; }

std::vector<std::string> spellings(const Command& command) {
  std::vector<std::string> out = {command.path};
  if (!*command.aliases) return out;
  for (std::string_view alias : split(command.aliases, ',')) out.emplace_back(trim(alias));
  return out;
}

const Command* find_command(const Program& program, std::string_view path) {
  for (const Command& command : program.commands) {
    if (path == command.path) return &command;
    const std::vector<std::string_view> aliases = split(command.aliases, ',');
    if (!path.empty() && std::find(aliases.begin(), aliases.end(), path) != aliases.end()) return &command;
  }
  return nullptr;
}

bool is_group(const Program& program, std::string_view path) {
  if (has_row(program, path)) return true;
  std::string start = std::string(path) + " ";
  for (const Command& command : program.commands)
    for (const std::string& spelling : spellings(command))
      if (spelling.starts_with(start)) return true;
  return false;
}

std::string group_help(const Program& program, std::string_view path) {
  for (const CommandGroup& group : program.groups)
    if (path == group.path) return group.help;
  return "";
}

std::vector<std::string> words_after(const Program& program, std::string_view group) {
  std::string start = group.empty() ? "" : std::string(group) + " ";
  std::vector<std::string> out;
  for (const Command& command : program.commands) {
    for (const std::string& path : spellings(command)) {
      if (!path.starts_with(start)) continue;
      std::string word = path.substr(start.size(), path.find(' ', start.size()) - start.size());
      if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
    }
  }
  return out;
}

std::string word_meant_by(const Program& program, std::string_view said) {
  for (const auto& [word, used] : program.spoken)
    if (said == word) return used;
  return "";
}

std::vector<Flag> common_flags_of(const Program& program, const Command& command) {
  std::vector<Flag> out(program.common.begin(), program.common.end());
  for (Flag& flag : out)
    for (const Flag& own : command.flags)
      if (flag.letter == own.letter) flag.letter = 0;
  return out;
}

std::string_view section_of(const Command& command) {
  std::string_view path = command.path;
  return path.substr(0, path.find(' '));
}

std::vector<std::string> sections(const Program& program) {
  std::vector<std::string> out;
  for (const Command& command : program.commands)
    if (std::string name(section_of(command)); std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  return out;
}

std::string usage_line(const Program& program, const Command& command, std::string_view path) {
  std::string out = std::string(program.name) + " " + std::string(path);
  if (*command.arguments.text) out += std::string(" ") + command.arguments.text;
  if (!command.flags.empty()) out += " [flags]";
  return out;
}

std::string usage_line(const Program& program) {
  std::string out = std::string(program.name) + " [flags]";
  return *program.arguments.text ? out + " " + program.arguments.text : out;
}

std::string other_spellings(const Program& program, const Command& command, std::string_view quote) {
  std::string out;
  std::vector<std::string> names = spellings(command);
  for (size_t i = 1; i < names.size(); ++i)
    out += (i > 1 ? ", " : "Also: ") + std::string(quote) + program.name + " " + names[i] + std::string(quote);
  return out;
}

}  // namespace ais::cli
