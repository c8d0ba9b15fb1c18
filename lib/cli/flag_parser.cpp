#include "cli/flag_parser.h"

#include "base/strings.h"
#include "cli/spelling.h"

namespace ais::cli {
namespace {

Status usage(std::string text) { return {Code::kInvalid, std::move(text)}; }

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

Status FlagValues::set(const Flag& flag, std::string value) {
  std::vector<std::string>& values = values_[flag.name];
  if (!flag.repeatable && flag.value && !values.empty()) return usage(std::string("--") + flag.name + " is given twice");
  values.push_back(std::move(value));
  return {};
}

void FlagParser::allow(std::span<const Flag> flags, std::string_view owner) {
  tables_.push_back(flags);
  if (!owner.empty()) owner_ = owner;
}

Result<std::optional<std::string>> FlagParser::next_argument() {
  while (next_ < words_.size()) {
    const std::string& word = words_[next_++];
    if (flags_over_ || word.size() < 2 || word[0] != '-') return std::optional<std::string>(word);
    if (word == "--") flags_over_ = true;
    else AIS_RETURN_IF_ERROR(take_flag(word));
  }
  return std::optional<std::string>();
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
      if (flag.letter == letter) found = &flag;
  return found;
}

bool FlagParser::is_long_name(std::string_view text) const {
  std::string_view name = text.substr(0, text.find('='));
  return name.size() > 1 && find(name);
}

Status FlagParser::take_flag(const std::string& word) {
  if (word[1] == '-') return take_long(word.substr(2));
  std::string rest = word.substr(1);
  return is_long_name(rest) ? take_long(rest) : take_letters(rest);
}

Status FlagParser::take_long(const std::string& text) {
  size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  const Flag* flag = find(name);
  if (!flag) return unknown("--" + name, name);
  if (equals == std::string::npos) return take_value_of(*flag);
  if (!flag->value) return usage("--" + name + " takes no value");
  return values_.set(*flag, text.substr(equals + 1));
}

Status FlagParser::take_letters(const std::string& letters) {
  for (size_t i = 0; i < letters.size(); ++i) {
    const Flag* flag = letters[i] ? find_letter(letters[i]) : nullptr;
    if (!flag) return unknown(std::string("-") + letters[i], letters.substr(i));
    if (flag->value && i + 1 < letters.size()) return values_.set(*flag, letters.substr(i + 1));
    AIS_RETURN_IF_ERROR(take_value_of(*flag));
  }
  return {};
}

Status FlagParser::take_value_of(const Flag& flag) {
  if (!flag.value) return values_.set(flag, "");
  if (next_ == words_.size()) return usage(std::string("--") + flag.name + " needs a value: " + flag.value);
  return values_.set(flag, words_[next_++]);
}

Status FlagParser::unknown(const std::string& shown, const std::string& name) {
  unknown_ = name;
  std::vector<std::string> known;
  for (std::span<const Flag> table : tables_)
    for (const Flag& flag : table) {
      known.emplace_back(flag.name);
      for (std::string_view synonym : synonyms_of(flag)) known.emplace_back(synonym);
    }
  std::string best = nearest(name, known);
  std::string of = owner_.empty() ? "" : " of \"" + owner_ + "\"";
  return usage("unknown flag " + shown + of + (best.empty() ? "" : ", did you mean \"--" + best + "\"?"));
}

}  // namespace ais::cli
