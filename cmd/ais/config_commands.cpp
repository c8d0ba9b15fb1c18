#include "ais/arguments.h"
#include "ais/commands.h"
#include "ais/properties.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

/// Values to set, or nothing when the only word is "reset".
struct Change {
  bool reset = false;
  Assignments values;
};

Result<Change> change_of(Invocation& invocation, size_t first) {
  Change change;
  std::vector<std::string> texts(invocation.arguments().begin() + static_cast<ptrdiff_t>(first), invocation.arguments().end());
  change.reset = texts.size() == 1 && texts[0] == "reset";
  if (change.reset) return change;
  AIS_TRY(change.values, assignments(invocation, texts));
  return change;
}

void report(Invocation& invocation, const std::string& node, const Change& change) {
  std::string what = node.empty() ? "cluster configuration" : "configuration of " + node;
  if (!invocation.json()) {
    invocation.print_line(what + (change.reset ? " reset" : " changed"));
    return;
  }
  codec::JsonWriter out;
  out.begin_object().field("node", node).field("reset", change.reset).key("changed").begin_object();
  for (const auto& [name, value] : change.values) out.field(name, value);
  invocation.print_line(out.end_object().end_object().take());
}

/// The part of the document that a dotted section names, as JSON; "null" when there is none.
std::string section_json(codec::JsonView root, const std::string& section) {
  if (!section.empty())
    for (std::string_view part : split(section, '.')) root = root[part];
  return root.to_text();
}

}  // namespace

net::Task<Status> show_config(Invocation& invocation) {
  std::string section = invocation.arguments().empty() ? "" : invocation.argument(0);
  Result<std::string> text = std::string();
  if (invocation.has("node")) text = co_await invocation.cluster().node_query(invocation.get("node"), "what=config");
  else text = co_await invocation.cluster().cluster_query("cluster_config");
  if (!text.ok()) co_return text.status();
  AIS_CO_TRY(codec::JsonDocument document, codec::JsonDocument::parse(*text));
  Assignments all = flatten(document.root());
  Assignments rows = in_section(all, section);
  if (rows.empty()) {
    std::vector<std::string> names;
    for (const auto& item : all) {
      names.push_back(item.first);
      names.push_back(item.first.substr(0, item.first.find('.')));
    }
    std::string best = nearest(section, names);
    co_return invocation.usage_error("no section or knob is named \"" + section + "\"" +
                                     (best.empty() ? "" : ", did you mean \"" + best + "\"?"));
  }
  if (invocation.json()) {
    invocation.print_line(section_json(document.root(), section));
    co_return Status();
  }
  Table table({{"KNOB"}, {"VALUE"}});
  for (auto& [name, value] : rows) table.add({name, value});
  invocation.print_table(table);
  co_return Status();
}

net::Task<Status> change_cluster_config(Invocation& invocation) {
  AIS_CO_TRY(Change change, change_of(invocation, 0));
  if (change.reset) {
    AIS_CO_RETURN_IF_ERROR(invocation.confirm("Set the whole cluster configuration back to its defaults?"));
    AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().reset_cluster_config());
  } else {
    AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().set_cluster_config(change.values, invocation.has("transient")));
  }
  report(invocation, "", change);
  co_return Status();
}

net::Task<Status> change_node_config(Invocation& invocation) {
  const std::string& node = invocation.argument(0);
  AIS_CO_TRY(Change change, change_of(invocation, 1));
  if (change.reset) {
    AIS_CO_RETURN_IF_ERROR(invocation.confirm("Drop what is configured on node " + node + " alone?"));
    AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().reset_node_config(node));
  } else {
    AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().set_node_config(node, change.values, invocation.has("transient")));
  }
  report(invocation, node, change);
  co_return Status();
}

}  // namespace ais::cli
