// ais alias: the user's own names of commands.
#include "ais/command/aliases.h"
#include "ais/command/commands.h"
#include "ais/command/item_report.h"
#include "ais/command/program.h"
#include "cli/shell_words.h"
#include "codec/json.h"

namespace ais::cli {
namespace {

/// The command of "set": one quoted text, or its words as they are.
std::string line_of(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2) return arguments[1];
  return join_shell_words({arguments.begin() + 1, arguments.end()});
}

/// Says that they went, or with --dry-run that they would.
Status report_removed(Invocation& invocation, const std::vector<std::string>& names, const char* kind = "alias") {
  ItemReport report(invocation, kind, "removed");
  for (const std::string& name : names) {
    if (invocation.has("dry-run")) report.would(name);
    else report.add(name, Status());
  }
  return report.finish();
}

}  // namespace

async::Task<Status> list_aliases(Invocation& invocation) {
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
  for (const Command& command : program().commands)
    for (const std::string& spelling : spellings(command))
      if (spelling != command.path) table.add({spelling, command.path});
  invocation.print_table(table);
  co_return Status();
}

async::Task<Status> set_alias(Invocation& invocation) {
  for (const char* flag : {"json", "yes", "units", "no-headers", "no-footers", "no-color"})
    if (invocation.has(flag))
      co_return invocation.usage_error(std::string("--") + flag +
                                       " is no flag of this command; one that belongs to the alias stands in its quotes");
  std::string path = Aliases::default_path();
  AIS_CO_TRY(DirectoryLock lock, Aliases::lock(path));
  AIS_CO_TRY(Aliases aliases, Aliases::load(path));
  if (Status status = aliases.set(invocation.argument(0), line_of(invocation.arguments())); !status.ok())
    co_return invocation.usage_error(status.message());
  AIS_CO_RETURN_IF_ERROR(aliases.save(path));
  invocation.print_line("\"" + invocation.argument(0) + "\" stands for \"" + aliases.entries().find(invocation.argument(0))->second + "\"");
  co_return Status();
}

async::Task<Status> list_or_set_alias(Invocation& invocation) {
  if (invocation.arguments().empty()) co_return co_await list_aliases(invocation);
  if (invocation.arguments().size() == 1)
    co_return invocation.usage_error("the alias \"" + invocation.argument(0) + "\" of which command?");
  co_return co_await set_alias(invocation);
}

async::Task<Status> remove_aliases(Invocation& invocation) {
  std::string path = Aliases::default_path();
  AIS_CO_TRY(DirectoryLock lock, Aliases::lock(path));
  AIS_CO_TRY(Aliases aliases, Aliases::load(path));
  std::vector<std::string> removed;
  for (const std::string& name : invocation.arguments()) {
    if (aliases.remove(name)) {
      removed.push_back(name);
      continue;
    }
    std::vector<std::string> names;
    for (const auto& entry : aliases.entries()) names.push_back(entry.first);
    std::string best = nearest(name, names);
    co_return Status(Code::kNotFound, "no alias \"" + name + "\"" + (best.empty() ? "" : ", did you mean \"" + best + "\"?"));
  }
  if (!invocation.has("dry-run")) AIS_CO_RETURN_IF_ERROR(aliases.save(path));
  co_return report_removed(invocation, removed);
}

async::Task<Status> reset_aliases(Invocation& invocation) {
  std::string path = Aliases::default_path();
  AIS_CO_TRY(DirectoryLock lock, Aliases::lock(path));
  Result<Aliases> loaded = Aliases::load(path);
  // This is how a file that nobody can read any more is put right.
  const bool broken = loaded.code() == Code::kInvalid;
  if (!loaded.ok() && !broken) co_return loaded.status();
  Aliases aliases = broken ? Aliases() : std::move(loaded).value();
  std::vector<std::string> names;
  for (const auto& entry : aliases.entries()) names.push_back(entry.first);
  if (broken) names.push_back(path);
  const char* kind = broken ? "file" : "alias";
  if (invocation.has("dry-run")) co_return report_removed(invocation, names, kind);
  std::string what = names.size() == 1 ? "alias \"" + names[0] + "\"" : "all " + std::to_string(names.size()) + " aliases";
  if (broken) what = printable(path) + ", which cannot be read as aliases";
  if (!names.empty()) AIS_CO_RETURN_IF_ERROR(invocation.confirm("Remove " + what + "?"));
  aliases.clear();
  AIS_CO_RETURN_IF_ERROR(aliases.save(path));
  co_return report_removed(invocation, names, kind);
}

}  // namespace ais::cli
