#include "cli/flag_parser.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <utility>

#include "base/strings.h"
#include "cli/spelling.h"

namespace ais::cli {
namespace {

Status usage(std::string text) { return {Code::kInvalid, std::move(text)}; }

bool looks_like_flag(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

Status no_truth(const Flag& flag, const std::string& value) {
  return usage(std::string("--") + flag.name + ": \"" + value + "\" is neither true nor false");
}

/// Flag::help says whose flag it is.
Status absent(const Flag& flag) { return usage(std::string(flag.help) + " --" + flag.name + " is not part of this version"); }

/// --state-dir: AIS_STATE_DIR.
std::string variable_of(const Flag& flag) {
  std::string out = "AIS_";
  for (const char* c = flag.name; *c; ++c) out += *c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(*c)));
  return out;
}

Status bad_value(std::string_view name, const std::string& value, const char* wanted) {
  return usage("--" + std::string(name) + ": \"" + value + "\" is not " + wanted);
}

}  // namespace

std::string FlagValues::get(std::string_view name, std::string_view fallback) const {
  auto found = values_.find(name);
  return found == values_.end() ? std::string(fallback) : found->second.back();
}

std::vector<std::string> FlagValues::get_all(std::string_view name) const {
  auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

Result<uint64_t> FlagValues::get_number(std::string_view name, uint64_t fallback) const {
  if (!has(name)) return fallback;
  if (std::optional<uint64_t> value = parse_uint(get(name))) return *value;
  return bad_value(name, get(name), "a number");
}

Result<uint64_t> FlagValues::get_size(std::string_view name, uint64_t fallback) const {
  if (!has(name)) return fallback;
  if (std::optional<uint64_t> value = parse_size(get(name))) return *value;
  return bad_value(name, get(name), "a size such as 4096 or 1MiB");
}

Result<Nanoseconds> FlagValues::get_duration(std::string_view name, Nanoseconds fallback) const {
  if (!has(name)) return fallback;
  std::optional<Nanoseconds> value = parse_duration(get(name));
  if (value && value->count() >= 0) return *value;
  return bad_value(name, get(name), "a time such as 2s or 1m30s");
}

std::vector<std::string> FlagValues::names() const {
  std::vector<std::string> out;
  for (const auto& [name, values] : values_) out.push_back(name);
  return out;
}

Status FlagValues::set(const Flag& flag, std::string value) {
  std::vector<std::string>& values = values_[flag.name];
  if (!flag.repeatable && flag.value && !values.empty()) return usage(std::string("--") + flag.name + " is given twice");
  values.push_back(std::move(value));
  return {};
}

void FlagParser::allow(std::span<const Flag> flags, std::string_view owner, From from) {
  auto is_it = [&](std::span<const Flag> table) { return table.data() == flags.data(); };
  if (std::none_of(tables_.begin(), tables_.end(), is_it)) tables_.push_back(flags);
  if (from == From::kVariables && rules_.variables) variable_tables_.push_back(flags.data());
  if (!owner.empty()) owner_ = owner;
}

const Flag* FlagParser::find(std::string_view name) const {
  for (std::span<const Flag> table : tables_)
    for (const Flag& flag : table)
      if (name == flag.name) return &flag;
  for (std::span<const Flag> table : tables_)
    for (const Flag& flag : table)
      if (is_synonym(flag, name)) return &flag;
  return nullptr;
}

const Flag* FlagParser::find_letter(char letter) const {
  const Flag* found = nullptr;
  for (std::span<const Flag> table : tables_)
    for (const Flag& flag : table)
      if (letter && flag.letter == letter) found = &flag;
  return found;
}

Result<std::vector<std::string>> FlagParser::parse(const std::vector<std::string>& words, Until until) {
  if (flags_over_) return words;
  std::vector<std::string> plain, rest;
  for (size_t i = 0; i < words.size() && !flags_over_; ++i) {
    if (looks_like_flag(words[i]) && words[i] != "--") {
      AIS_RETURN_IF_ERROR(spell(words, i, plain));
      continue;
    }
    flags_over_ = words[i] == "--";
    const bool all = flags_over_ || until == Until::kArgument;
    const size_t begin = flags_over_ ? i + 1 : i;
    const auto from = words.begin() + static_cast<ptrdiff_t>(begin);
    rest.insert(rest.end(), from, all ? words.end() : from + 1);
    if (all) break;
  }
  AIS_RETURN_IF_ERROR(read(std::move(plain)));
  return rest;
}

/// The word at `at` in a spelling that CLI11 reads as we mean it: the flag's own name, two dashes, its value in the next word.
Status FlagParser::spell(const std::vector<std::string>& words, size_t& at, std::vector<std::string>& plain) const {
  const std::string& word = words[at];
  const bool two_dashes = word.starts_with("--");
  const std::string text = word.substr(two_dashes ? 2 : 1);
  const size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  if (const Flag* flag = two_dashes || name.size() > 1 ? find(name) : nullptr) {
    plain.push_back(std::string("--") + flag->name);
    if (equals == std::string::npos) return flag->value ? take_value(*flag, words, at, plain) : Status();
    std::string value = text.substr(equals + 1);
    if (!flag->value && !rules_.switch_values) return usage("--" + name + " takes no value");
    if (!flag->value && value.empty()) return no_truth(*flag, value);
    if (flag->value) plain.push_back(std::move(value));
    else plain.back() += "=" + value;
    return {};
  }
  plain.push_back(word);
  for (size_t i = 0; i < text.size() && !two_dashes; ++i) {
    const Flag* flag = find_letter(text[i]);
    if (flag && flag->value && i + 1 == text.size()) return take_value(*flag, words, at, plain);
    if (!flag || flag->value) break;
  }
  return {};
}

Status FlagParser::take_value(const Flag& flag, const std::vector<std::string>& words, size_t& at, std::vector<std::string>& plain) const {
  if (at + 1 == words.size() && flag.kind == ValueKind::kAbsent) return absent(flag);
  if (at + 1 == words.size()) return usage(std::string("--") + flag.name + " needs a value: " + flag.value);
  plain.push_back(words[++at]);
  return {};
}

Status FlagParser::read(std::vector<std::string> plain) {
  if (plain.empty() && variable_tables_.empty()) return {};
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<const Flag*, CLI::Option*> options;
  for (std::span<const Flag> table : tables_) {
    const bool variables = std::find(variable_tables_.begin(), variable_tables_.end(), table.data()) != variable_tables_.end();
    for (const Flag& flag : table) {
      if (find(flag.name) != &flag) continue;  // an earlier table has this name
      std::string names = std::string("--") + flag.name;
      if (find_letter(flag.letter) == &flag) names += std::string(",-") + flag.letter;
      CLI::Option* option = flag.value ? app.add_option(names) : app.add_flag(names);
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      if (variables) option->envname(variable_of(flag));
      if (variables && flag.repeatable) option->delimiter(',');
      options.emplace(&flag, option);
    }
  }
  std::reverse(plain.begin(), plain.end());
  try {
    app.parse(std::move(plain));
  } catch (const CLI::Error& error) {
    return usage(error.what());
  }
  variable_tables_.clear();  // once: what a flag said goes before its variable
  if (const std::vector<std::string> extras = app.remaining(); !extras.empty()) return unknown(extras.front());
  for (const auto& [flag, option] : options)
    for (const std::string& text : option->results()) AIS_RETURN_IF_ERROR(add_value(*flag, text));
  return {};
}

/// Of a switch the text is a truth value, "true" where it is given without one.
Status FlagParser::add_value(const Flag& flag, std::string text) {
  const bool is_absent = flag.kind == ValueKind::kAbsent;
  if (flag.value && is_absent) return text.empty() || text == "0" ? Status() : absent(flag);
  if (flag.value) return values_.set(flag, std::move(text));
  const std::optional<bool> on = text.empty() ? std::nullopt : parse_bool(text);
  if (!on) return no_truth(flag, text);
  if (is_absent) return *on ? absent(flag) : Status();
  return values_.set(flag, *on ? "" : "false");
}

Status FlagParser::unknown(const std::string& word) {
  const bool two_dashes = word.starts_with("--");
  const std::string name = word.substr(two_dashes ? 2 : 1, two_dashes ? word.find('=') - 2 : std::string::npos);
  const std::string shown = two_dashes ? "--" + name : word.substr(0, 2);
  unknown_ = name;
  std::vector<std::string> known;
  for (std::span<const Flag> table : tables_)
    for (const Flag& flag : table) {
      if (flag.kind == ValueKind::kAbsent) continue;
      known.emplace_back(flag.name);
      for (std::string_view synonym : synonyms_of(flag)) known.emplace_back(synonym);
    }
  std::string best = nearest(name, known);
  std::string of = owner_.empty() ? "" : " of \"" + owner_ + "\"";
  return usage("unknown flag " + shown + of + (best.empty() ? "" : ", did you mean \"--" + best + "\"?"));
}

}  // namespace ais::cli
