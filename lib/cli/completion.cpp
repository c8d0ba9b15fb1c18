#include "cli/completion.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/strings.h"
#include "cli/bash_line.h"
#include "cli/properties.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_config.h"

namespace ais::cli {
namespace {

constexpr std::string_view kScheme = "ais://";

/// A word that cannot pass through a line of a shell's script, or that no terminal shows.
bool is_presentable(std::string_view text) {
  return codec::is_valid_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// The knobs of a default document with their values in JSON.
Assignments knobs(ValueKind kind) {
  std::string text = meta::ClusterConfig().to_json();
  if (kind == ValueKind::kPropertyName || kind == ValueKind::kPropertyAssignment) {
    codec::JsonWriter out;
    meta::BucketProperties().write_json(out);
    text = out.take();
  }
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(text);
  return document.ok() ? flatten(document->root()) : Assignments();
}

/// The part of "[proxy|target] [NODE...]" that describes argument number `index`; the last part describes all that follow.
std::string_view argument_part(std::string_view arguments, size_t index) {
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    depth += arguments[i] == '[' ? 1 : arguments[i] == ']' ? -1 : 0;
    if (arguments[i] != ' ' || depth > 0) continue;
    if (index-- == 0) return arguments.substr(begin, i - begin);
    begin = i + 1;
  }
  return arguments.substr(begin);
}

/// The words of that part which are typed as they stand there: small letters.
std::vector<std::string> literal_words(std::string_view arguments, size_t index) {
  std::vector<std::string> out;
  std::string word;
  for (char c : std::string(argument_part(arguments, index)) + "|") {
    bool separates = std::string_view("|[]. ").find(c) != std::string_view::npos;
    if (!separates) word += c;
    else if (std::string whole = std::exchange(word, {}); whole.size() > 1)
      if (std::all_of(whole.begin(), whole.end(), [](char l) { return (l >= 'a' && l <= 'z') || l == '-'; })) out.push_back(whole);
  }
  return out;
}

/// Where the words before the cursor have led.
struct Place {
  const Command* command = nullptr;
  std::string group;
  bool at_root_command = false;  // the program's own arguments have begun
  size_t arguments = 0;
  const Flag* waiting = nullptr;  // takes the next word as its value
  bool flags_over = false;
  bool help = false;  // "ais help ..."
  std::vector<std::string> given;
  std::string endpoint;
};

class LineCompleter {
 public:
  LineCompleter(const Program& program, LiveNames& live) : program_(program), live_(live) {}

  Completions complete(const std::vector<std::string>& words) {
    current_ = words.back();
    for (size_t i = 0; i + 1 < words.size(); ++i) walk(words[i]);
    live_.set_endpoint(place_.endpoint);
    offer_all();
    auto unwanted = [&](const Candidate& c) { return !c.text.starts_with(current_) || !is_presentable(c.text); };
    std::erase_if(out_.items, unwanted);
    std::stable_sort(out_.items.begin(), out_.items.end(), [](const Candidate& a, const Candidate& b) { return a.text < b.text; });
    auto same = [](const Candidate& a, const Candidate& b) { return a.text == b.text; };
    out_.items.erase(std::unique(out_.items.begin(), out_.items.end(), same), out_.items.end());
    return std::move(out_);
  }

 private:
  void walk(const std::string& word) {
    if (const Flag* flag = std::exchange(place_.waiting, nullptr)) {
      if (std::string_view(flag->name) == "endpoint") place_.endpoint = word;
    } else if (place_.flags_over || word.size() < 2 || word[0] != '-') {
      walk_word(word);
    } else if (word == "--") {
      place_.flags_over = true;
    } else {
      walk_flag(word);
    }
  }

  void walk_word(const std::string& word) {
    if (place_.command || place_.at_root_command) {
      ++place_.arguments;
      return;
    }
    if (word == "help" && place_.group.empty() && !program_.commands.empty()) {
      place_.help = true;
      return;
    }
    std::string path = place_.group.empty() ? word : place_.group + " " + word;
    const Command* shorter = group_command();
    if (is_group(program_, path)) {
      place_.group = path;
      return;
    }
    place_.command = find_command(program_, path);
    if (!place_.command && shorter && shorter->arguments.max != 0) {
      place_.command = shorter;
      place_.arguments = 1;
    }
    place_.at_root_command = !place_.command && program_.commands.empty();
    if (place_.at_root_command) place_.arguments = 1;
  }

  /// The command that the words of a group are by themselves ("storage"), or nullptr.
  const Command* group_command() const { return place_.group.empty() ? nullptr : find_command(program_, place_.group); }

  void walk_flag(const std::string& word) {
    size_t equals = word.find('=');
    const std::string name = word.substr(0, equals).substr(word[1] == '-' ? 2 : 1);
    const Flag* flag = find_named(name);
    if (!flag && word[1] != '-') flag = find_flag([&](const Flag& f) { return f.letter && word.back() == f.letter; });
    if (!flag) return;
    place_.given.emplace_back(flag->name);
    if (equals == std::string::npos && flag->value) place_.waiting = flag;
    else if (std::string_view(flag->name) == "endpoint" && equals != std::string::npos) place_.endpoint = word.substr(equals + 1);
  }

  /// The tables of flags that may stand here; letters of the first go before those of the others.
  std::vector<std::span<const Flag>> tables() const {
    std::vector<std::span<const Flag>> out;
    const Command* command = place_.command ? place_.command : group_command();
    if (command) out.push_back(command->flags);
    for (const FlagGroup& group : program_.flags)
      if (!command) out.push_back(group.flags);
    out.push_back(program_.common);
    return out;
  }

  /// The flag with this name, or else the one that has it as a synonym.
  const Flag* find_named(std::string_view name) const {
    const Flag* flag = find_flag([&](const Flag& f) { return name == f.name; });
    return flag ? flag : find_flag([&](const Flag& f) { return is_synonym(f, name); });
  }

  template <typename Wanted>
  const Flag* find_flag(const Wanted& wanted) const {
    for (std::span<const Flag> table : tables())
      for (const Flag& flag : table)
        if (wanted(flag)) return &flag;
    return nullptr;
  }

  void offer_all() {
    if (place_.waiting) return offer_value(*place_.waiting, "");
    size_t equals = current_.find('=');
    if (!place_.flags_over && current_.starts_with("--") && equals != std::string::npos) {
      const Flag* flag = find_named(std::string_view(current_).substr(2, equals - 2));
      if (flag && flag->value) offer_value(*flag, current_.substr(0, equals + 1));
      return;
    }
    if (!place_.flags_over && current_.starts_with("-")) return offer_flags();
    if (place_.command) return offer_argument(place_.command->arguments);
    if (!place_.at_root_command && !program_.commands.empty()) offer_command_words();
    const Command* command = group_command();
    if (command && !place_.help) offer_argument(command->arguments);
    if (place_.group.empty() && program_.runs) offer_argument(program_.arguments);
  }

  void add(std::string text, std::string help = "") { out_.items.push_back({std::move(text), std::move(help)}); }

  void offer_flags() {
    for (std::span<const Flag> table : tables()) {
      for (const Flag& flag : table) {
        bool again = std::find(place_.given.begin(), place_.given.end(), flag.name) != place_.given.end();
        if (flag.repeatable || !again) offer_flag(flag);
      }
    }
  }

  /// A synonym is offered to those who begin to type it: beside its flag it would only be one more to read.
  void offer_flag(const Flag& flag) {
    const std::string dashes = current_.size() > 1 && current_[1] != '-' ? "-" : "--";  // as they are typed
    if (std::string name = dashes + flag.name; name.starts_with(current_)) return add(std::move(name), flag.help);
    for (std::string_view synonym : synonyms_of(flag)) add(dashes + std::string(synonym), flag.help);
  }

  void offer_command_words() {
    std::string start = place_.group.empty() ? "" : place_.group + " ";
    for (const std::string& word : words_after(program_, place_.group)) {
      std::string path = start + word;
      std::string help = group_help(program_, path);
      if (const Command* command = help.empty() ? find_command(program_, path) : nullptr) help = command->help;
      add(word, help);
    }
    if (!place_.group.empty() || place_.help) return;
    add("help", "Explain a command.");
    for (const auto& [name, line] : live_.aliases()) add(name, "Alias of " + line);
  }

  void offer_argument(const Arguments& arguments) {
    if (arguments.max != kUnlimited && place_.arguments >= static_cast<size_t>(arguments.max)) return;
    for (std::string& word : literal_words(arguments.text, place_.arguments)) add(std::move(word));
    offer_kind(arguments.kind_of(place_.arguments), "");
  }

  /// `before` is what stands in the word before the value: "--name=".
  void offer_value(const Flag& flag, const std::string& before) {
    if (flag.kind == ValueKind::kChoice) return offer_choices(flag.choices, ',', before);
    if (flag.kind != ValueKind::kChoiceList) return offer_kind(flag.kind, before);
    size_t comma = current_.rfind(',');
    offer_choices(flag.choices, ',', comma == std::string::npos || comma < before.size() ? before : current_.substr(0, comma + 1));
  }

  void offer_choices(std::string_view choices, char separator, const std::string& before) {
    for (std::string_view choice : split(choices, separator)) add(before + std::string(choice));
  }

  void offer_kind(ValueKind kind, const std::string& before) {
    std::string typed = current_.substr(before.size());
    switch (kind) {
      case ValueKind::kUnset:
      case ValueKind::kAbsent:
      case ValueKind::kText:
      case ValueKind::kChoice:
      case ValueKind::kChoiceList: return;
      case ValueKind::kFile: out_.files = true; return;
      case ValueKind::kDirectory: out_.directories = true; return;
      case ValueKind::kBucket: return offer_buckets(before, "");
      case ValueKind::kObject: return offer_objects(before, typed);
      case ValueKind::kObjectOrFile: out_.files = !typed.starts_with(kScheme); return offer_objects(before, typed);
      case ValueKind::kNode:
      case ValueKind::kTarget:
        for (Candidate& node : live_.nodes(kind == ValueKind::kTarget)) add(before + node.text, std::move(node.help));
        return;
      case ValueKind::kConfigName:
      case ValueKind::kPropertyName: return offer_knob_names(kind, before);
      case ValueKind::kConfigAssignment:
      case ValueKind::kPropertyAssignment: return offer_assignments(kind, before);
      case ValueKind::kCommand:
        for (const Command& command : program_.commands)
          for (std::string_view word : split(command.path, ' ')) add(before + std::string(word));
        return;
      case ValueKind::kAlias:
        for (const auto& [name, line] : live_.aliases()) add(before + name, line);
        return;
    }
  }

  void offer_buckets(const std::string& before, const std::string& after) {
    for (const std::string& bucket : live_.buckets()) add(before + bucket + after);
  }

  void offer_objects(const std::string& before, const std::string& typed) {
    if (!typed.starts_with(kScheme) && !kScheme.starts_with(typed)) return;
    size_t slash = typed.size() > kScheme.size() ? typed.find('/', kScheme.size()) : std::string::npos;
    if (slash == std::string::npos) return offer_buckets(before, "/");
    std::string bucket = typed.substr(0, slash);
    for (const std::string& name : live_.objects(bucket, typed.substr(slash + 1))) add(before + bucket + "/" + name);
  }

  void offer_knob_names(ValueKind kind, const std::string& before) {
    for (const auto& [name, value] : knobs(kind)) {
      add(before + name);
      if (size_t dot = name.find('.'); dot != std::string::npos) add(before + name.substr(0, dot));
    }
  }

  void offer_assignments(ValueKind kind, const std::string& before) {
    for (const auto& [name, value] : knobs(kind)) {
      std::string start = before + name + "=";
      if (!current_.starts_with(start)) add(start);
      else if (value == "true" || value == "false") offer_choices("true,false", ',', start);
    }
  }

  const Program& program_;
  LiveNames& live_;
  std::string current_;
  Place place_;
  Completions out_;
};

/// Whatever hangs (a name server, a gateway that stalls), the shell goes on after this many seconds.
void end_within(unsigned seconds) {
  std::signal(SIGALRM, [](int) { _exit(0); });
  alarm(seconds);
}

/// True when more belongs into the same word, so that the shell must not add a blank.
bool is_open_ended(std::string_view text) { return text.ends_with('/') || text.ends_with('='); }

std::string directives(const Completions& found) {
  if (found.files) return ":files\n";
  return found.directories ? ":directories\n" : "";
}

std::string bash_answer(const Program& program, const std::vector<std::string>& arguments, LiveNames& live) {
  if (arguments.size() != 3) return "";
  BashLine line = read_bash_line(arguments[1], arguments[2]);
  Completions found = complete_line(program, line.words, live);
  std::string out = directives(found);
  std::vector<std::string> replies;
  for (const Candidate& candidate : found.items) {
    std::string reply = line.reply(candidate.text);
    if (reply.empty()) continue;
    out += reply + "\n";
    replies.push_back(std::move(reply));
    if (is_open_ended(candidate.text) && out.find(":nospace\n") == std::string::npos) out.insert(0, ":nospace\n");
  }
  // Behind the only candidate bash closes the quote, and what is below could not be typed: with a second one it goes as far as both agree.
  if (replies.size() == 1 && line.quote && is_open_ended(replies[0])) out += replies[0] + "...\n";
  return out;
}

std::string words_answer(const Program& program, const std::vector<std::string>& arguments, LiveNames& live) {
  Completions found = complete_line(program, {arguments.begin() + 1, arguments.end()}, live);
  std::string out = directives(found);
  for (const Candidate& candidate : found.items) out += candidate.text + (candidate.help.empty() ? "" : "\t" + candidate.help) + "\n";
  return out;
}

}  // namespace

const NamedLines& LiveNames::aliases() const {
  static const NamedLines none;
  return none;
}

Completions complete_line(const Program& program, std::vector<std::string> words, LiveNames& live) {
  if (words.empty()) words.emplace_back();
  std::string current = words.back();
  words.pop_back();
  words = live.expand(std::move(words));
  words.push_back(std::move(current));
  return LineCompleter(program, live).complete(words);
}

int print_completions(const Program& program, const std::vector<std::string>& arguments, LiveNames& live, FILE* out) {
  constexpr unsigned kSecondsMax = 2;
  if (arguments.empty()) return 0;
  end_within(kSecondsMax);
  std::string text = arguments[0] == "bash" ? bash_answer(program, arguments, live) : words_answer(program, arguments, live);
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
  return 0;
}

}  // namespace ais::cli
