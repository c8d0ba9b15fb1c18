#include "cli/command_line.h"

#include <algorithm>

#include "base/strings.h"
#include "cli/spelling.h"

namespace ais::cli {
namespace {

Status usage(std::string text) { return {Code::kInvalid, std::move(text)}; }

bool any_command_has(const Program& program, std::string_view flag) {
  auto is_it = [&](const Flag& f) { return flag == f.name || is_synonym(f, flag); };
  auto has = [&](const Command& c) { return std::any_of(c.flags.begin(), c.flags.end(), is_it); };
  return std::any_of(program.commands.begin(), program.commands.end(), has);
}

/// Empty where a thing is to be named is a variable that a script forgot to set, and must not mean "all" or "here".
bool is_name(ValueKind kind) {
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

/// Goes down the tree word by word, and lets CLI11 take the flags between the words.
class LineParser {
 public:
  explicit LineParser(const Program& program) : program_(program), parser_(program.rules) {
    for (const FlagGroup& group : program.flags) parser_.allow(group.flags, "", FlagParser::From::kVariables);
    parser_.allow(program.common);
    parser_.allow(program.hidden);
  }

  Result<ParsedLine> parse(std::vector<std::string> words) {
    while (!line_.command && !at_root_command_) {
      Result<std::vector<std::string>> rest =
          parser_.parse(words, program_.commands.empty() ? FlagParser::Until::kEnd : FlagParser::Until::kArgument);
      if (!rest.ok()) return explain(rest.status());
      words = std::move(*rest);
      if (words.empty()) break;
      AIS_TRY(const bool taken, take_command_word(words[0]));
      if (taken) words.erase(words.begin());
    }
    AIS_TRY(line_.arguments, parser_.parse(words));
    line_.flags = std::move(parser_.flags());
    line_.kind = kind();
    if (line_.kind == ParsedLine::Kind::kRun) AIS_RETURN_IF_ERROR(settle_run());
    return std::move(line_);
  }

 private:
  /// False when it is the first argument already.
  Result<bool> take_command_word(const std::string& word) {
    if (word == "help" && line_.group.empty() && !program_.commands.empty()) return help_ = true;
    std::string path = line_.group.empty() ? word : line_.group + " " + word;
    const Command* command = find_command(program_, path);
    const Command* shorter = line_.group.empty() ? nullptr : find_command(program_, line_.group);
    if (command) AIS_RETURN_IF_ERROR(allow_flags_of(*command));
    // What is a command and a group ("storage", "storage show") is settled by the next word, or at the end.
    if (is_group(program_, path)) line_.group = path;
    else if (command) line_.command = command;
    else if (shorter && shorter->arguments.max != 0 && !is_slip(word, *shorter)) line_.command = shorter;
    else if (program_.runs) at_root_command_ = true;
    else return unknown_word(word, path);
    return command || line_.group == path;
  }

  /// A flag of the program without a command is none of the command's.
  Status allow_flags_of(const Command& command) {
    const std::string name = std::string(program_.name) + " " + command.path;
    for (const FlagGroup& group : program_.flags)
      for (const Flag& flag : group.flags)
        if (parser_.flags().has(flag.name)) return usage(std::string("--") + flag.name + " is no flag of \"" + name + "\"");
    if (!program_.flags.empty()) parser_.forget_tables();
    parser_.allow(program_.common);
    parser_.allow(program_.hidden);
    parser_.allow(command.flags, name);
    return {};
  }

  /// "bucket props st" is no bucket called "st": behind a command's other name, a word that is nearly one of the group's is meant as that.
  bool is_slip(const std::string& word, const Command& shorter) const {
    if (line_.group == shorter.path || word.find("://") != std::string::npos) return false;
    return !nearest(word, words_after(program_, line_.group)).empty();
  }

  Status unknown_word(const std::string& word, const std::string& path) const {
    const std::vector<std::string_view> absent = split(program_.absent_words, ' ');
    if (std::find(absent.begin(), absent.end(), word) != absent.end())
      return usage("AIStore's \"" + path + "\" is not part of this version; \"ais search WORD\" finds what is");
    return usage("unknown command \"" + path + "\"" + suggestion_for(word));
  }

  /// Commands that a wrong word may mean: near ones, longer ones, those with the usual word for it, those of other groups.
  std::vector<std::string> meant_by(const std::string& word) const {
    const std::vector<std::string> known = words_after(program_, line_.group);
    const std::string before = line_.group.empty() ? "" : line_.group + " ";
    const std::string usual = word_meant_by(program_, word);
    std::vector<std::string> words = all_nearest(word, known);
    constexpr size_t kBeginningMin = 3;
    for (const std::string& one : known)
      if (words.empty() && word.size() >= kBeginningMin && one.starts_with(word)) words.push_back(one);
    if (words.empty() && std::find(known.begin(), known.end(), usual) != known.end()) words.push_back(usual);
    std::vector<std::string> out;
    for (const std::string& one : words) out.push_back(before + one);
    for (const Command& command : program_.commands) {
      const std::string path = std::string(" ") + command.path;
      if (words.empty() && (path.ends_with(" " + word) || (!usual.empty() && path.ends_with(" " + usual)))) out.emplace_back(command.path);
    }
    return out;
  }

  std::string suggestion_for(const std::string& word) const {
    constexpr size_t kToldMax = 3;
    const std::vector<std::string> meant = meant_by(word);
    const std::string name = std::string(program_.name) + " ";
    if (!meant.empty() && meant.size() <= kToldMax) return ", did you mean \"" + name + join(meant, "\" or \"" + name) + "\"?";
    return "; \"" + name + (line_.group.empty() ? std::string() : line_.group + " ") + "--help\" lists them";
  }

  /// An unknown flag before any command may be one of a command.
  Status explain(Status status) const {
    const std::string& flag = parser_.unknown_flag();
    if (flag.empty() || line_.command || !line_.group.empty() || !any_command_has(program_, flag)) return status;
    return usage("flag --" + flag + " belongs after the command");
  }

  ParsedLine::Kind kind() const {
    using Kind = ParsedLine::Kind;
    if (help_ || line_.flags.is_on("help")) return Kind::kHelp;
    for (const auto& [flag, kind] : {std::pair("version", Kind::kVersion),
                                     {"print-docs", Kind::kDocs},
                                     {"print-man", Kind::kManual},
                                     {"print-completion", Kind::kCompletion}})
      if (line_.flags.has(flag)) return kind;
    return Kind::kRun;
  }

  /// The words that were both a group and a command, or neither, are settled now.
  Status settle_run() {
    if (!line_.command && !line_.group.empty()) line_.command = find_command(program_, line_.group);
    if (line_.command) {
      const std::string name = std::string("\"") + program_.name + " " + line_.command->path + "\"";
      return check_arguments(line_.command->arguments, name, "no arguments");
    }
    if (!line_.group.empty()) line_.kind = ParsedLine::Kind::kIncomplete;
    else if (!program_.runs) line_.kind = ParsedLine::Kind::kHelp;
    else return check_arguments(program_.arguments, program_.name, "flags only");
    return {};
  }

  Status check_arguments(const Arguments& arguments, const std::string& name, const char* none) const {
    const auto count = static_cast<int>(line_.arguments.size());
    const std::string expected = name + " takes " + (*arguments.text ? arguments.text : none);
    if (count < arguments.min) return usage("too few arguments: " + expected);
    if (arguments.max != kUnlimited && count > arguments.max) return usage("too many arguments: " + expected);
    for (size_t i = 0; i < line_.arguments.size(); ++i)
      if (line_.arguments[i].empty() && is_name(arguments.kind_of(i)))
        return usage("argument " + std::to_string(i + 1) + " is empty: " + expected);
    return {};
  }

  const Program& program_;
  FlagParser parser_;
  bool help_ = false;
  bool at_root_command_ = false;  // the program's own arguments have begun
  ParsedLine line_;
};

}  // namespace

Result<ParsedLine> parse_line(const Program& program, const std::vector<std::string>& words) {
  // Behind a command people mean "verbose" by it, and shall not see a version instead of what they asked for.
  if (words == std::vector<std::string>{"-v"} && !program.commands.empty()) return LineParser(program).parse({"--version"});
  return LineParser(program).parse(words);
}

}  // namespace ais::cli
