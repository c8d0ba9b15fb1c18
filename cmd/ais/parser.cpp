#include "ais/parser.h"

#include <algorithm>

#include "base/strings.h"

namespace ais::cli {
namespace {

Status usage(std::string text) { return {Code::kInvalid, std::move(text)}; }

const Flag* find_flag(std::span<const Flag> flags, std::string_view name) {
  for (const Flag& flag : flags)
    if (name == flag.name) return &flag;
  return nullptr;
}

const Flag* find_letter(std::span<const Flag> flags, char letter) {
  for (const Flag& flag : flags)
    if (flag.letter == letter) return &flag;
  return nullptr;
}

bool is_group(std::string_view path) {
  return std::any_of(all_groups().begin(), all_groups().end(), [&](const CommandGroup& g) { return path == g.path; });
}

/// The words that may follow `group` ("" = the first words of all commands).
std::vector<std::string> words_after(std::string_view group) {
  std::string start = group.empty() ? "" : std::string(group) + " ";
  std::vector<std::string> out;
  for (const Command& command : all_commands())
    for (const std::string& path : spellings(command))
      if (path.starts_with(start)) out.push_back(path.substr(start.size(), path.find(' ', start.size()) - start.size()));
  return out;
}

/// Reads a line word by word into a ParsedLine.
class LineParser {
 public:
  explicit LineParser(const std::vector<std::string>& words) : words_(words) {}

  Result<ParsedLine> parse() {
    while (next_ < words_.size()) AIS_RETURN_IF_ERROR(take_word(words_[next_++]));
    if (line_.kind != ParsedLine::Kind::kRun) return std::move(line_);
    if (!line_.command) {
      if (!line_.group.empty()) return usage("\"ais " + line_.group + "\" needs a command, see \"ais " + line_.group + " --help\"");
      line_.kind = ParsedLine::Kind::kHelp;
      return std::move(line_);
    }
    AIS_RETURN_IF_ERROR(check_argument_count());
    return std::move(line_);
  }

 private:
  Status take_word(const std::string& word) {
    if (flags_over_ || word.size() < 2 || word[0] != '-') return line_.command ? take_argument(word) : take_command_word(word);
    if (word == "--") {
      flags_over_ = true;
      return {};
    }
    return word[1] == '-' ? take_long_flag(word.substr(2)) : take_short_flags(word.substr(1));
  }

  Status take_argument(const std::string& word) {
    line_.arguments.push_back(word);
    return {};
  }

  Status take_command_word(const std::string& word) {
    if (word == "help" && line_.group.empty()) {
      line_.kind = ParsedLine::Kind::kHelp;
      return {};
    }
    std::string path = line_.group.empty() ? word : line_.group + " " + word;
    for (const Command& command : all_commands()) {
      std::vector<std::string> paths = spellings(command);
      if (std::find(paths.begin(), paths.end(), path) != paths.end()) {
        line_.command = &command;
        return {};
      }
    }
    if (is_group(path)) {
      line_.group = path;
      return {};
    }
    return usage("unknown command \"" + path + "\"" + suggestion_for(word));
  }

  std::string suggestion_for(const std::string& word) const {
    std::string best = nearest(word, words_after(line_.group));
    if (best.empty()) return "; \"ais --help\" lists them";
    return ", did you mean \"ais " + (line_.group.empty() ? best : line_.group + " " + best) + "\"?";
  }

  Status take_long_flag(const std::string& text) {
    size_t equals = text.find('=');
    std::string name = text.substr(0, equals);
    if (take_special(name)) return {};
    const Flag* flag = find_flag(global_flags(), name);
    if (!flag && line_.command) flag = find_flag(line_.command->flags, name);
    if (!flag) return unknown_flag("--" + name, name);
    if (equals == std::string::npos) return take_value_of(*flag);
    if (!flag->value) return usage("--" + name + " takes no value");
    return set(*flag, text.substr(equals + 1));
  }

  Status take_short_flags(const std::string& letters) {
    for (size_t i = 0; i < letters.size(); ++i) {
      if (letters[i] == 'h') {
        line_.kind = ParsedLine::Kind::kHelp;
        continue;
      }
      const Flag* flag = find_letter(global_flags(), letters[i]);
      if (!flag && line_.command) flag = find_letter(line_.command->flags, letters[i]);
      if (!flag) return unknown_flag(std::string("-") + letters[i], letters);
      if (flag->value && i + 1 < letters.size()) return set(*flag, letters.substr(i + 1));
      AIS_RETURN_IF_ERROR(take_value_of(*flag));
    }
    return {};
  }

  bool take_special(std::string_view name) {
    if (name == "help") line_.kind = ParsedLine::Kind::kHelp;
    else if (name == "version") line_.kind = ParsedLine::Kind::kVersion;
    else if (name == "print-docs") line_.kind = ParsedLine::Kind::kDocs;
    else return false;
    return true;
  }

  Status take_value_of(const Flag& flag) {
    if (!flag.value) return set(flag, "");
    if (next_ == words_.size()) return usage(std::string("--") + flag.name + " needs a value: " + flag.value);
    return set(flag, words_[next_++]);
  }

  Status set(const Flag& flag, std::string value) {
    std::vector<std::string>& values = line_.flags[flag.name];
    if (!flag.repeatable && flag.value && !values.empty()) return usage(std::string("--") + flag.name + " is given twice");
    values.push_back(std::move(value));
    return {};
  }

  Status unknown_flag(const std::string& shown, const std::string& name) const {
    if (!line_.command && line_.group.empty() && words_.size() > next_ && find_anywhere(name))
      return usage("flag " + shown + " belongs after the command");
    std::vector<std::string> known = {"help"};
    for (const Flag& flag : global_flags()) known.emplace_back(flag.name);
    if (line_.command)
      for (const Flag& flag : line_.command->flags) known.emplace_back(flag.name);
    std::string best = nearest(name, known);
    std::string of = line_.command ? std::string(" of \"ais ") + line_.command->path + "\"" : "";
    return usage("unknown flag " + shown + of + (best.empty() ? "" : ", did you mean \"--" + best + "\"?"));
  }

  static bool find_anywhere(std::string_view name) {
    return std::any_of(all_commands().begin(), all_commands().end(), [&](const Command& c) { return find_flag(c.flags, name); });
  }

  Status check_argument_count() const {
    const Command& command = *line_.command;
    auto count = static_cast<int>(line_.arguments.size());
    std::string expected = std::string("\"ais ") + command.path + "\" takes " + (*command.arguments ? command.arguments : "no arguments");
    if (count < command.arguments_min) return usage("too few arguments: " + expected);
    if (command.arguments_max != kUnlimited && count > command.arguments_max) return usage("too many arguments: " + expected);
    return {};
  }

  const std::vector<std::string>& words_;
  size_t next_ = 0;
  bool flags_over_ = false;
  ParsedLine line_;
};

}  // namespace

Result<ParsedLine> parse_line(const std::vector<std::string>& words) { return LineParser(words).parse(); }

std::vector<std::string> spellings(const Command& command) {
  std::vector<std::string> out = {command.path};
  if (!*command.aliases) return out;
  for (std::string_view alias : split(command.aliases, ',')) out.emplace_back(trim(alias));
  return out;
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr size_t kWordMax = 64;  // a longer word is no slip of the fingers, and the distance costs its square
  if (word.size() > kWordMax) return "";
  std::string best;
  size_t best_distance = word.size() / 3 + 2;
  for (const std::string& candidate : candidates) {
    size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace ais::cli
