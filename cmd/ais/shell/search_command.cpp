// ais search: which command was it?
#include <algorithm>
#include <regex>

#include "ais/command/commands.h"
#include "ais/command/program.h"
#include "base/strings.h"
#include "codec/json.h"

namespace ais::cli {
namespace {

std::string text_of(const Command& command) {
  std::string out = std::string(command.path) + "\n" + command.aliases + "\n" + command.help + "\n" + command.details;
  for (const Flag& flag : command.flags) out += std::string("\n--") + flag.name + " " + flag.synonyms + " " + flag.help;
  return to_lower(out);
}

bool has_word(const Command& command, const std::string& text, const std::string& word) {
  if (text.find(word) != std::string::npos) return true;
  const std::string used = word_meant_by(program(), word);
  return !used.empty() && (std::string(command.path) + " ").find(used + " ") != std::string::npos;
}

std::vector<const Command*> matching_words(const std::vector<std::string>& words) {
  std::vector<const Command*> out;
  for (const Command& command : program().commands) {
    std::string text = text_of(command);
    if (std::all_of(words.begin(), words.end(), [&](const std::string& word) { return has_word(command, text, to_lower(word)); }))
      out.push_back(&command);
  }
  return out;
}

/// The expression is matched with the command's spellings, as the names that are typed.
Result<std::vector<const Command*>> matching_expression(const std::string& expression) {
  constexpr size_t kExpressionMax = 256;  // the library's matcher recurses
  if (expression.size() > kExpressionMax) return Status(Code::kInvalid, "the expression is longer than 256 characters");
  std::vector<const Command*> out;
  try {
    std::regex pattern(expression, std::regex::extended | std::regex::icase);
    for (const Command& command : program().commands)
      for (const std::string& spelling : spellings(command))
        if (std::regex_search(spelling, pattern) && (out.empty() || out.back() != &command)) out.push_back(&command);
  } catch (const std::regex_error&) {
    return Status(Code::kInvalid, "\"" + expression + "\" is no regular expression");
  }
  return out;
}

void print_found(Invocation& invocation, const std::vector<const Command*>& found) {
  if (invocation.json()) {
    codec::JsonWriter out;
    out.begin_array();
    for (const Command* command : found)
      out.begin_object().field("command", command->path).field("aliases", command->aliases).field("help", command->help).end_object();
    invocation.print_line(out.end_array().take());
    return;
  }
  Table table({{"COMMAND"}, {"ALSO"}, {"WHAT IT DOES"}});
  for (const Command* command : found) table.add({std::string("ais ") + command->path, command->aliases, command->help});
  invocation.print_table(table);
}

}  // namespace

async::Task<Status> search_commands(Invocation& invocation) {
  std::vector<const Command*> found;
  if (invocation.has("regex")) {
    Result<std::vector<const Command*>> matches = matching_expression(join(invocation.arguments(), " "));
    if (!matches.ok()) co_return invocation.usage_error(matches.status().message());
    found = std::move(matches).value();
  } else {
    found = matching_words(invocation.arguments());
  }
  if (found.empty() && !invocation.json())
    co_return Status(Code::kNotFound, "no command matches \"" + join(invocation.arguments(), " ") + "\"");
  print_found(invocation, found);
  co_return Status();
}

}  // namespace ais::cli
