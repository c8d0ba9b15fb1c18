// Changes of nodes: out of the map, statistics to zero, a new log file.
#include "ais/cluster/node_argument.h"
#include "ais/cluster/node_report.h"
#include "ais/command/commands.h"
#include "ais/command/item_report.h"
#include "api/names.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

/// The nodes that the arguments name, each once.
Result<std::vector<std::string>> named_nodes(Invocation& invocation, const meta::ClusterMap& map) {
  std::vector<std::string> out;
  for (const std::string& word : invocation.arguments()) {
    AIS_TRY(const meta::Node* node, find_node(map, word));
    if (std::find(out.begin(), out.end(), node->id) == out.end()) out.push_back(node->id);
  }
  return out;
}

/// The same, but all of the map when there are no arguments or the only one is "all".
Result<std::vector<std::string>> named_or_all_nodes(Invocation& invocation, const meta::ClusterMap& map) {
  const std::vector<std::string>& words = invocation.arguments();
  if (!words.empty() && !(words.size() == 1 && words[0] == "all")) return named_nodes(invocation, map);
  std::vector<std::string> out;
  for (const meta::Node* node : all_nodes(map)) out.push_back(node->id);
  return out;
}

async::Task<Status> act_on_nodes(Invocation& invocation, std::string_view action, std::string verb) {
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  AIS_CO_TRY(const std::vector<std::string> nodes, named_or_all_nodes(invocation, map));
  ItemReport report(invocation, "node", std::move(verb));
  for (const std::string& id : nodes) {
    if (invocation.has("dry-run")) {
      report.would(id);
      continue;
    }
    Status status = of_node(co_await cluster_of_one_node(invocation).node_action(id, action));
    report.add(id, status.ok() ? status : status.with_context(id));
  }
  co_return report.finish();
}

}  // namespace

async::Task<Status> remove_nodes(Invocation& invocation) {
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  AIS_CO_TRY(const std::vector<std::string> nodes, named_nodes(invocation, map));
  ItemReport report(invocation, "node", "removed");
  if (invocation.has("dry-run")) {
    for (const std::string& id : nodes) report.would(id);
    co_return report.finish();
  }
  bool target = std::any_of(nodes.begin(), nodes.end(), [&](const std::string& id) { return map.targets.contains(id); });
  std::string loss = target ? " Objects of a target are not found until it is back." : "";
  AIS_CO_RETURN_IF_ERROR(invocation.confirm("Remove " + join(nodes, ", ") + " from the cluster?" + loss));
  for (const std::string& id : nodes) {
    Status status = co_await invocation.cluster().remove_node(id);
    report.add(id, status);
  }
  co_return report.finish();
}

async::Task<Status> reset_stats(Invocation& invocation) { return act_on_nodes(invocation, api::action::kResetStats, "reset"); }

async::Task<Status> rotate_logs(Invocation& invocation) {
  return act_on_nodes(invocation, api::action::kRotateLogs, "given a new log file");
}

}  // namespace ais::cli
