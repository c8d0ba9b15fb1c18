// Changes of configurations. Showing them: show_config_command.cpp.
#include <algorithm>

#include "ais/cluster/node_argument.h"
#include "ais/cluster/node_report.h"
#include "ais/cluster/show_views.h"
#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "base/strings.h"
#include "cli/properties.h"
#include "cli/spelling.h"

namespace ais::cli {
namespace {

/// What the words behind `config cluster` and `config node ID` ask for.
struct Change {
  enum class Kind { kShow, kSet, kReset };
  Kind kind = Kind::kShow;
  Assignments values;
};

/// "NAME=VALUE...", "NAME VALUE..." and a JSON object set, "reset" resets, "" and one word show.
Result<Change> change_of(Invocation& invocation, size_t first) {
  Change change;
  std::vector<std::string> texts(invocation.arguments().begin() + static_cast<ptrdiff_t>(first), invocation.arguments().end());
  bool assigns = std::any_of(texts.begin(), texts.end(), [](const std::string& text) { return text.find('=') != std::string::npos; });
  const bool document = texts.size() == 1 && trim(texts[0]).starts_with('{');
  if (texts.size() == 1 && texts[0] == "reset") change.kind = Change::Kind::kReset;
  else if (texts.size() > 1 || assigns || document) change.kind = Change::Kind::kSet;
  if (change.kind != Change::Kind::kSet) return change;
  AIS_TRY(change.values, assignments(invocation, texts));
  for (auto& [name, value] : change.values) {
    Result<std::string> number = value_number(name, value);
    if (!number.ok()) return invocation.usage_error(number.status().message());
    value = std::move(number).value();
  }
  return change;
}

/// The configuration as names and values: of the cluster, or of `node`.
async::Task<Result<Assignments>> values_of(Invocation& invocation, std::string node) {
  Result<std::string> text = Status(Code::kInternal, "not asked");
  if (node.empty()) text = co_await invocation.cluster().cluster_query("cluster_config");
  else text = co_await ask_one_node(invocation, node, "what=config");
  if (!text.ok()) co_return text.status();
  AIS_CO_TRY(codec::JsonDocument document, codec::JsonDocument::parse(*text));
  co_return flatten(document.root());
}

std::string value_in(const Assignments& all, const std::string& name) {
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& item) { return item.first == name; });
  return found == all.end() ? "" : found->second;
}

/// The original's "log.modules" is the second half of log.level: "4,net,store".
void join_log_modules(Change& change, const Assignments& before) {
  auto is_named = [](const char* name) { return [name](const auto& item) { return item.first == name; }; };
  auto modules = std::find_if(change.values.begin(), change.values.end(), is_named("log.modules"));
  if (modules == change.values.end()) return;
  const std::string names = modules->second == "none" ? "" : modules->second;
  change.values.erase(modules);
  auto level = std::find_if(change.values.begin(), change.values.end(), is_named("log.level"));
  if (level == change.values.end()) level = change.values.insert(level, {"log.level", value_in(before, "log.level")});
  level->second = level->second.substr(0, level->second.find(',')) + (names.empty() ? "" : "," + names);
}

void report_values(Invocation& invocation, const std::string& node, const Change& change, const Assignments& before, bool dry) {
  bool transient = invocation.has("transient");
  if (invocation.json()) {
    codec::JsonWriter out;
    out.begin_object().field("node", node).field("reset", false).field("transient", transient).field("dry_run", dry);
    out.key("changed").begin_object();
    for (const auto& [name, value] : change.values) out.field(name, value);
    out.end_object().key("before").begin_object();
    for (const auto& [name, value] : change.values) out.field(name, value_in(before, name));
    invocation.print_line(out.end_object().end_object().take());
    return;
  }
  Table table({{"PROPERTY"}, {"VALUE"}, {"BEFORE"}});
  for (const auto& [name, value] : change.values)
    if (const std::string old = value_in(before, name); old != value) table.add({name, value_text(name, value), value_text(name, old)});
  if (table.rows() == 0) {
    invocation.print_line("nothing to change: these are the values already");
    return;
  }
  invocation.print_table(table);
  std::string what = node.empty() ? "cluster configuration" : "configuration of " + node;
  invocation.print_line("\n" + what + (dry ? " would be changed" : " changed") + (transient ? " until the next restart" : ""));
}

/// What has another value in `after`, without what the document says of itself.
Assignments changed_values(const Assignments& before, const Assignments& after) {
  Assignments out;
  for (const auto& [name, value] : after)
    if (name.find('.') != std::string::npos && value_in(before, name) != value) out.emplace_back(name, value);
  return out;
}

/// `changed` is null where nobody knows: in a dry run.
void report_reset(Invocation& invocation, const std::string& node, const Assignments& before, const Assignments* changed) {
  const bool dry = changed == nullptr;
  if (!invocation.json()) {
    Table table({{"PROPERTY"}, {"VALUE"}, {"BEFORE"}});
    for (const auto& [name, value] : changed ? *changed : Assignments())
      table.add({name, value_text(name, value), value_text(name, value_in(before, name))});
    if (table.rows() > 0) {
      invocation.print_table(table);
      invocation.print_line("");
    }
    invocation.print_line((node.empty() ? "cluster configuration" : "configuration of " + node) + (dry ? " would be reset" : " reset"));
    return;
  }
  codec::JsonWriter out;
  out.begin_object().field("node", node).field("reset", true).field("dry_run", dry);
  if (changed) {
    out.key("changed").begin_object();
    for (const auto& [name, value] : *changed) out.field(name, value);
    out.end_object().key("before").begin_object();
    for (const auto& [name, value] : *changed) out.field(name, value_in(before, name));
    out.end_object();
  }
  invocation.print_line(out.end_object().take());
}

/// The server's refusal, with the spelling that was probably meant.
Status explain(const Status& refused, const Change& change, const Assignments& known) {
  if (refused.ok()) return refused;
  std::vector<std::string> names;
  for (const auto& item : known) names.push_back(item.first);
  for (const auto& item : change.values) {
    bool exists = std::find(names.begin(), names.end(), item.first) != names.end();
    std::string best = exists ? "" : nearest(item.first, names);
    if (!best.empty()) return {refused.code(), refused.message() + "; did you mean \"" + best + "\"?"};
  }
  return refused;
}

/// `node` is "" for the whole cluster.
async::Task<Status> set_values(Invocation& invocation, std::string node, Change change) {
  AIS_CO_TRY(const Assignments before, co_await values_of(invocation, node));
  join_log_modules(change, before);
  const bool dry = invocation.has("dry-run"), transient = invocation.has("transient");
  Status status;
  if (!dry && node.empty()) status = co_await invocation.cluster().set_cluster_config(change.values, transient);
  else if (!dry) status = co_await invocation.cluster().set_node_config(node, change.values, transient);
  if (!status.ok()) co_return explain(status, change, before);
  report_values(invocation, node, change, before, dry);
  co_return Status();
}

async::Task<Status> reset_values(Invocation& invocation, std::string node) {
  std::string question =
      node.empty() ? "Set the whole cluster configuration back to its defaults?" : "Drop what is configured on node " + node + " alone?";
  if (invocation.has("dry-run")) {
    report_reset(invocation, node, {}, nullptr);
    co_return Status();
  }
  AIS_CO_RETURN_IF_ERROR(invocation.confirm(question));
  AIS_CO_TRY(const Assignments before, co_await values_of(invocation, node));
  Status status;
  if (node.empty()) status = co_await invocation.cluster().reset_cluster_config();
  else status = co_await invocation.cluster().reset_node_config(node);
  if (!status.ok()) co_return status;
  AIS_CO_TRY(const Assignments after, co_await values_of(invocation, node));
  const Assignments changed = changed_values(before, after);
  report_reset(invocation, node, before, &changed);
  co_return Status();
}

async::Task<Result<std::string>> node_id(Invocation& invocation, std::string text) {
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  AIS_CO_TRY(const meta::Node* node, find_node(map, text));
  co_return node->id;
}

}  // namespace

async::Task<Status> change_cluster_config(Invocation& invocation) {
  AIS_CO_TRY(Change change, change_of(invocation, 0));
  if (change.kind == Change::Kind::kShow) co_return co_await show_config_in(invocation, "cluster", 0);
  if (change.kind == Change::Kind::kReset) co_return co_await reset_values(invocation, "");
  co_return co_await set_values(invocation, "", std::move(change));
}

async::Task<Status> change_node_config(Invocation& invocation) {
  const std::string text = invocation.argument(0);
  const bool scoped = invocation.arguments().size() > 2 && (invocation.argument(1) == "inherited" || invocation.argument(1) == "local");
  AIS_CO_TRY(Change change, change_of(invocation, scoped ? 2 : 1));
  if (change.kind == Change::Kind::kShow) co_return co_await show_config_in(invocation, text, 1);
  AIS_CO_TRY(std::string node, co_await node_id(invocation, text));
  if (change.kind == Change::Kind::kReset) co_return co_await reset_values(invocation, std::move(node));
  co_return co_await set_values(invocation, std::move(node), std::move(change));
}

async::Task<Status> reset_config(Invocation& invocation) {
  const bool all = invocation.arguments().empty() || invocation.argument(0) == "cluster";
  if (all) co_return co_await reset_values(invocation, std::string());
  AIS_CO_TRY(std::string node, co_await node_id(invocation, invocation.argument(0)));
  co_return co_await reset_values(invocation, std::move(node));
}

}  // namespace ais::cli
