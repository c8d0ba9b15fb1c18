// ais alias: the user's own names of commands.
#include "ais/aliases.h"
#include "ais/commands.h"
#include "cli/shell_words.h"
#include "codec/json.h"

namespace ais::cli {
namespace {

/// The command of "set": one quoted text, or its words as they are.
std::string line_of(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2) return arguments[1];
  return join_shell_words({arguments.begin() + 1, arguments.end()});
}

}  // namespace

net::Task<Status> list_aliases(Invocation& invocation) {
  AIS_CO_TRY(Aliases aliases, Aliases::load(Aliases::default_path()));
  if (invocation.json()) {
    codec::JsonWriter out;
    out.begin_array();
    for (const auto& [name, line] : aliases.entries()) out.begin_object().field("name", name).field("command", line).end_object();
    invocation.print_line(out.end_array().take());
    co_return Status();
  }
  Table table({{"ALIAS"}, {"COMMAND"}});
  for (const auto& [name, line] : aliases.entries()) table.add({name, line});
  for (const Command& command : all_commands())
    for (const std::string& spelling : spellings(command))
      if (spelling != command.path) table.add({spelling, command.path});
  invocation.print_table(table);
  co_return Status();
}

net::Task<Status> set_alias(Invocation& invocation) {
  std::string path = Aliases::default_path();
  AIS_CO_TRY(DirectoryLock lock, Aliases::lock(path));
  AIS_CO_TRY(Aliases aliases, Aliases::load(path));
  if (Status status = aliases.set(invocation.argument(0), line_of(invocation.arguments())); !status.ok())
    co_return invocation.usage_error(status.message());
  AIS_CO_RETURN_IF_ERROR(aliases.save(path));
  invocation.print_line("\"" + invocation.argument(0) + "\" stands for \"" + aliases.entries().find(invocation.argument(0))->second + "\"");
  co_return Status();
}

net::Task<Status> remove_aliases(Invocation& invocation) {
  std::string path = Aliases::default_path();
  AIS_CO_TRY(DirectoryLock lock, Aliases::lock(path));
  AIS_CO_TRY(Aliases aliases, Aliases::load(path));
  for (const std::string& name : invocation.arguments()) {
    if (aliases.remove(name)) continue;
    std::vector<std::string> names;
    for (const auto& entry : aliases.entries()) names.push_back(entry.first);
    std::string best = nearest(name, names);
    co_return Status(Code::kNotFound, "no alias \"" + name + "\"" + (best.empty() ? "" : ", did you mean \"" + best + "\"?"));
  }
  AIS_CO_RETURN_IF_ERROR(aliases.save(path));
  co_return Status();
}

net::Task<Status> reset_aliases(Invocation& invocation) {
  std::string path = Aliases::default_path();
  AIS_CO_TRY(DirectoryLock lock, Aliases::lock(path));
  AIS_CO_TRY(Aliases aliases, Aliases::load(path));
  size_t number = aliases.entries().size();
  std::string count = std::to_string(number) + (number == 1 ? " alias" : " aliases");
  if (number > 0) AIS_CO_RETURN_IF_ERROR(invocation.confirm("Remove " + count + "?"));
  aliases.clear();
  AIS_CO_RETURN_IF_ERROR(aliases.save(path));
  invocation.print_line(count + " removed");
  co_return Status();
}

}  // namespace ais::cli
