#include "ais/command/aliases.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "ais/command/program.h"
#include "cli/shell_words.h"
#include "codec/json.h"

namespace ais::cli {
namespace {

bool is_name(std::string_view name) {
  auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
  return !name.empty() && name[0] != '-' && std::all_of(name.begin(), name.end(), allowed);
}

bool is_command_word(std::string_view word) {
  std::vector<std::string> known = words_after(program(), "");
  return word == "help" || std::find(known.begin(), known.end(), word) != known.end();
}

/// The line must begin with the words of a command; arguments and flags may follow.
Status check_line(const std::string& line) {
  AIS_TRY(std::vector<std::string> words, split_shell_words(line));
  std::string path;
  for (const std::string& word : words) {
    path += (path.empty() ? "" : " ") + word;
    if (find_command(program(), path) && !is_group(program(), path)) return {};
    if (!is_group(program(), path)) break;
  }
  return {Code::kInvalid, "\"" + line + "\" does not begin with a command of ais"};
}

bool takes_next_word(std::string_view word) {
  const std::string_view name = word.substr(word.starts_with("--") ? 2 : 1);
  for (const Flag& flag : program().common)
    if (flag.value && (name == flag.name || (flag.letter && name == std::string_view(&flag.letter, 1)))) return true;
  return false;
}

}  // namespace

std::string Aliases::default_path() {
  if (const char* home = std::getenv("XDG_CONFIG_HOME"); home && *home) return std::string(home) + "/ais/aliases.json";
  if (const char* home = std::getenv("HOME"); home && *home) return std::string(home) + "/.config/ais/aliases.json";
  return "";
}

Result<Aliases> Aliases::load(const std::string& path) {
  Aliases out;
  if (path.empty()) return out;
  AIS_TRY(std::optional<std::string> text, read_text_file(path));
  if (!text) return out;
  auto broken = [&path](const std::string& why) {
    return Status(Code::kInvalid, "aliases: " + path + ": " + why + " (\"ais alias reset\" removes them all)");
  };
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(*text);
  if (!document.ok()) return broken(document.status().message());
  codec::JsonView entries = document->root()["aliases"];
  if (!entries.is_object()) return broken("no object \"aliases\" in it");
  AIS_RETURN_IF_ERROR(entries.for_each([&](std::string_view name, codec::JsonView value) -> Status {
    if (!value.is_string()) return broken("\"" + std::string(name) + "\" is no text");
    out.entries_.emplace(name, value.string_or(""));
    return {};
  }));
  return out;
}

Result<DirectoryLock> Aliases::lock(const std::string& path) {
  if (path.empty()) return Status(Code::kInvalid, "no place for aliases: neither XDG_CONFIG_HOME nor HOME is set");
  std::string directory = path.substr(0, path.rfind('/'));
  AIS_RETURN_IF_ERROR(make_directories(directory));
  return DirectoryLock::take(directory);
}

Status Aliases::save(const std::string& path) const {
  codec::JsonWriter out(2);
  out.begin_object().key("aliases").begin_object();
  for (const auto& [name, line] : entries_) out.field(name, line);
  return replace_text_file(path, out.end_object().end_object().take() + "\n");
}

Status Aliases::set(std::string_view name, const std::string& line) {
  std::string shown(name);
  if (!is_name(name)) return {Code::kInvalid, "\"" + shown + "\" is no name of an alias: want one word of letters, digits, - and _"};
  if (is_command_word(name)) return {Code::kInvalid, "\"" + shown + "\" is a command of ais, an alias cannot hide it"};
  AIS_RETURN_IF_ERROR(check_line(line));
  entries_[shown] = line;
  return {};
}

std::vector<std::string> Aliases::expand(const std::vector<std::string>& words) const {
  size_t index = command_word(words);
  if (index == words.size() || is_command_word(words[index])) return words;
  auto found = entries_.find(words[index]);
  if (found == entries_.end()) return words;
  Result<std::vector<std::string>> line = split_shell_words(found->second);
  if (!line.ok()) return words;
  std::vector<std::string> out(words.begin(), words.begin() + static_cast<ptrdiff_t>(index));
  out.insert(out.end(), line->begin(), line->end());
  out.insert(out.end(), words.begin() + static_cast<ptrdiff_t>(index) + 1, words.end());
  return out;
}

size_t command_word(const std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--" || words[i].empty() || words[i][0] != '-') return words[i] == "--" ? words.size() : i;
    if (takes_next_word(words[i])) ++i;
  }
  return words.size();
}

}  // namespace ais::cli
