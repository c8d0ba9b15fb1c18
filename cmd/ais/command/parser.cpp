#include "ais/command/parser.h"

#include <algorithm>

#include "base/strings.h"

namespace ais::cli {
namespace {

Status usage(std::string text) { return {Code::kInvalid, std::move(text)}; }

bool any_command_has(std::string_view flag) {
  auto is_it = [&](const Flag& f) { return flag == f.name || is_synonym(f, flag); };
  auto has = [&](const Command& c) { return std::any_of(c.flags.begin(), c.flags.end(), is_it); };
  return std::any_of(all_commands().begin(), all_commands().end(), has);
}

/// Words of AIStore's own command line that this version has nothing for. Whoever types one shall not wonder about the spelling.
constexpr std::string_view kAbsentWords =
    "archive archpath attach auth blob-download dashboard decommission detach download dsort etl evict gen-shards job lru-clean "
    "maintenance "
    "ml mpu nbi prefetch promote rebalance remote-attach remote-cluster remote-detach resilver scrub set-primary shutdown space-cleanup "
    "start stop tls wait";

/// What people say for the words that commands use.
constexpr std::pair<const char*, const char*> kSynonyms[] = {
    {"list", "ls"},      {"dir", "ls"},           {"delete", "rm"},        {"remove", "rm"},         {"destroy", "rm"},
    {"upload", "put"},   {"store", "put"},        {"write", "put"},        {"download", "get"},      {"fetch", "get"},
    {"read", "get"},     {"copy", "cp"},          {"rename", "mv"},        {"move", "mv"},           {"make", "create"},
    {"add", "create"},   {"print", "cat"},        {"properties", "props"}, {"stats", "performance"}, {"statistics", "performance"},
    {"disk", "storage"}, {"capacity", "storage"}, {"health", "status"},    {"logs", "log"},
};

/// Reads a line word by word into a ParsedLine.
class LineParser {
 public:
  explicit LineParser(const std::vector<std::string>& words) : parser_(words) {
    parser_.allow(global_flags());
    parser_.allow(packaging_flags());
  }

  Result<ParsedLine> parse() {
    while (true) {
      Result<std::optional<std::string>> word = parser_.next_argument();
      if (!word.ok()) return explain(word.status());
      if (!*word) break;
      if (line_.command) line_.arguments.push_back(std::move(**word));
      else AIS_RETURN_IF_ERROR(take_command_word(**word));
    }
    line_.flags = std::move(parser_.flags());
    line_.kind = kind();
    if (!line_.command && line_.kind == ParsedLine::Kind::kRun && !line_.group.empty()) line_.command = find_command(line_.group);
    if (line_.kind == ParsedLine::Kind::kRun && line_.command) AIS_RETURN_IF_ERROR(check_argument_count(*line_.command));
    if (!line_.command && line_.kind == ParsedLine::Kind::kRun)
      line_.kind = line_.group.empty() ? ParsedLine::Kind::kHelp : ParsedLine::Kind::kIncomplete;
    return std::move(line_);
  }

 private:
  Status take_command_word(const std::string& word) {
    if (word == "help" && line_.group.empty()) {
      help_ = true;
      return {};
    }
    std::string path = line_.group.empty() ? word : line_.group + " " + word;
    const Command* command = find_command(path);
    const Command* shorter = line_.group.empty() ? nullptr : find_command(line_.group);
    if (command) parser_.allow(command->flags, std::string("ais ") + command->path);
    // What is a command and a group ("storage", "storage show") is settled by the next word, or at the end.
    if (is_group(path)) line_.group = path;
    else if (command) line_.command = command;
    else if (shorter && shorter->arguments_max != 0 && !is_slip(word, *shorter)) line_.command = shorter, line_.arguments.push_back(word);
    else return unknown_word(word, path);
    return {};
  }

  /// "bucket props st" is no bucket called "st": behind a command's other name, a word that is nearly one of the group's is meant as that.
  bool is_slip(const std::string& word, const Command& shorter) const {
    if (line_.group == shorter.path || word.find("://") != std::string::npos) return false;
    return !nearest(word, words_after(line_.group)).empty();
  }

  Status unknown_word(const std::string& word, const std::string& path) const {
    const std::vector<std::string_view> absent = split(kAbsentWords, ' ');
    if (std::find(absent.begin(), absent.end(), word) != absent.end())
      return usage("AIStore's \"" + path + "\" is not part of this version; \"ais search WORD\" finds what is");
    return usage("unknown command \"" + path + "\"" + suggestion_for(word));
  }

  /// Commands that a wrong word may mean: near ones, longer ones, those with the usual word for it, those of other groups.
  std::vector<std::string> meant_by(const std::string& word) const {
    const std::vector<std::string> known = words_after(line_.group);
    const std::string before = line_.group.empty() ? "" : line_.group + " ";
    const std::string usual = word_meant_by(word);
    std::vector<std::string> words = all_nearest(word, known);
    constexpr size_t kBeginningMin = 3;
    for (const std::string& one : known)
      if (words.empty() && word.size() >= kBeginningMin && one.starts_with(word)) words.push_back(one);
    if (words.empty() && std::find(known.begin(), known.end(), usual) != known.end()) words.push_back(usual);
    std::vector<std::string> out;
    for (const std::string& one : words) out.push_back(before + one);
    for (const Command& command : all_commands()) {
      const std::string path = std::string(" ") + command.path;
      if (words.empty() && (path.ends_with(" " + word) || (!usual.empty() && path.ends_with(" " + usual)))) out.emplace_back(command.path);
    }
    return out;
  }

  std::string suggestion_for(const std::string& word) const {
    constexpr size_t kToldMax = 3;
    const std::vector<std::string> meant = meant_by(word);
    if (!meant.empty() && meant.size() <= kToldMax) return ", did you mean \"ais " + join(meant, "\" or \"ais ") + "\"?";
    return "; \"ais " + (line_.group.empty() ? std::string() : line_.group + " ") + "--help\" lists them";
  }

  /// An unknown flag before any command may be one of a command.
  Status explain(Status status) const {
    const std::string& flag = parser_.unknown_flag();
    if (flag.empty() || line_.command || !line_.group.empty() || !any_command_has(flag)) return status;
    return usage("flag --" + flag + " belongs after the command");
  }

  ParsedLine::Kind kind() const {
    if (help_ || line_.flags.has("help")) return ParsedLine::Kind::kHelp;
    if (line_.flags.has("version")) return ParsedLine::Kind::kVersion;
    if (line_.flags.has("print-docs")) return ParsedLine::Kind::kDocs;
    if (line_.flags.has("print-man")) return ParsedLine::Kind::kManual;
    return ParsedLine::Kind::kRun;
  }

  Status check_argument_count(const Command& command) const {
    auto count = static_cast<int>(line_.arguments.size());
    std::string expected = std::string("\"ais ") + command.path + "\" takes " + (*command.arguments ? command.arguments : "no arguments");
    if (count < command.arguments_min) return usage("too few arguments: " + expected);
    if (command.arguments_max != kUnlimited && count > command.arguments_max) return usage("too many arguments: " + expected);
    for (size_t i = 0; i < line_.arguments.size(); ++i)
      if (line_.arguments[i].empty() && is_name(command.kind_of(i)))
        return usage("argument " + std::to_string(i + 1) + " is empty: " + expected);
    return {};
  }

  /// Empty where a thing is to be named is a variable that a script forgot to set, and must not mean "all" or "here".
  static bool is_name(ValueKind kind) {
    switch (kind) {
      case ValueKind::kFile:
      case ValueKind::kDirectory:
      case ValueKind::kBucket:
      case ValueKind::kObject:
      case ValueKind::kObjectOrFile:
      case ValueKind::kNode:
      case ValueKind::kTarget:
      case ValueKind::kConfigName:
      case ValueKind::kPropertyName:
      case ValueKind::kAlias: return true;
      default: return false;
    }
  }

  FlagParser parser_;
  bool help_ = false;
  ParsedLine line_;
};

}  // namespace

Result<ParsedLine> parse_line(const std::vector<std::string>& words) {
  // Behind a command people mean "verbose" by it, and shall not see a version instead of what they asked for.
  if (words == std::vector<std::string>{"-v"}) return parse_line({"--version"});
  return LineParser(words).parse();
}

std::string word_meant_by(std::string_view said) {
  for (const auto& [word, used] : kSynonyms)
    if (said == word) return used;
  return "";
}

std::vector<std::string> spellings(const Command& command) {
  std::vector<std::string> out = {command.path};
  if (!*command.aliases) return out;
  for (std::string_view alias : split(command.aliases, ',')) out.emplace_back(trim(alias));
  return out;
}

const Command* find_command(std::string_view path) {
  for (const Command& command : all_commands()) {
    std::vector<std::string> paths = spellings(command);
    if (std::find(paths.begin(), paths.end(), path) != paths.end()) return &command;
  }
  return nullptr;
}

bool is_group(std::string_view path) {
  if (std::any_of(all_groups().begin(), all_groups().end(), [&](const CommandGroup& g) { return path == g.path; })) return true;
  std::string start = std::string(path) + " ";
  for (const Command& command : all_commands())
    for (const std::string& spelling : spellings(command))
      if (spelling.starts_with(start)) return true;
  return false;
}

std::vector<std::string> words_after(std::string_view group) {
  std::string start = group.empty() ? "" : std::string(group) + " ";
  std::vector<std::string> out;
  for (const Command& command : all_commands()) {
    for (const std::string& path : spellings(command)) {
      if (!path.starts_with(start)) continue;
      std::string word = path.substr(start.size(), path.find(' ', start.size()) - start.size());
      if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(word);
    }
  }
  return out;
}

}  // namespace ais::cli
