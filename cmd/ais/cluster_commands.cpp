#include "ais/commands.h"
#include "ais/node_rows.h"
#include "ais/parallel.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

net::Task<void> ask_node(Invocation& invocation, const meta::ClusterMap& map, const meta::Node& node, NodeRow& row) {
  Result<std::string> status = co_await invocation.cluster().node_query(node.id, "what=node_status");
  row = node_row(map, node, status);
}

net::Task<std::vector<NodeRow>> ask_all(Invocation& invocation, const meta::ClusterMap& map) {
  std::vector<NodeRow> rows(map.proxies.size() + map.targets.size());
  std::vector<net::Task<void>> asking;
  for (const auto* nodes : {&map.proxies, &map.targets})
    for (const auto& [id, node] : *nodes) asking.push_back(ask_node(invocation, map, node, rows[asking.size()]));
  co_await run_parallel(std::move(asking));
  co_return rows;
}

struct ClusterSummary {
  Status ready;
  size_t targets_active = 0;
};

void print_status(Invocation& invocation, const meta::ClusterMap& map, const ClusterSummary& summary) {
  if (invocation.json()) {
    codec::JsonWriter out;
    out.begin_object().field("endpoint", invocation.endpoint()).field("cluster", map.uuid).field("ready", summary.ready.ok());
    out.field("primary", map.primary_id).field("smap_version", map.version).field("proxies", uint64_t{map.proxies.size()});
    out.field("targets", uint64_t{map.targets.size()}).field("targets_active", uint64_t{summary.targets_active}).end_object();
    invocation.print_line(out.take());
    return;
  }
  Table table({{"CLUSTER"}, {map.uuid}});
  table.add({"endpoint", invocation.endpoint()});
  table.add({"state", summary.ready.ok() ? "ready" : "not ready"});
  table.add({"primary", map.primary_id});
  table.add({"proxies", std::to_string(map.proxies.size())});
  table.add({"targets", format("%zu of %zu active", summary.targets_active, map.targets.size())});
  table.add({"map version", std::to_string(map.version)});
  invocation.print_table(table);
}

}  // namespace

net::Task<Status> show_cluster(Invocation& invocation) {
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  std::vector<NodeRow> rows = co_await ask_all(invocation, map);
  if (invocation.json()) {
    invocation.print_line(nodes_json(map, rows));
    co_return Status();
  }
  invocation.print_table(node_table(rows));
  for (const NodeRow& row : rows)
    if (!row.error.empty()) invocation.complain(printable(row.id + ": " + row.error));
  co_return Status();
}

net::Task<Status> show_status(Invocation& invocation) {
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  ClusterSummary summary;
  summary.ready = co_await invocation.cluster().health(true);
  summary.targets_active = map.active_targets();
  print_status(invocation, map, summary);
  if (!summary.ready.ok()) co_return Status(Code::kUnavailable, "the cluster is not ready: " + summary.ready.message());
  co_return Status();
}

net::Task<Status> show_log(Invocation& invocation) {
  std::string severity = invocation.get("severity", "info");
  if (severity != "info" && severity != "warning" && severity != "error")
    co_return invocation.usage_error("--severity is info, warning or error, not \"" + severity + "\"");
  AIS_CO_TRY(std::string text, co_await invocation.cluster().node_query(invocation.argument(0), "what=log&severity=" + severity));
  if (invocation.json()) {
    codec::JsonWriter out;
    out.begin_object().field("node", invocation.argument(0)).field("severity", severity).field("log", text).end_object();
    invocation.print_line(out.take());
  } else {
    invocation.print(text);
  }
  co_return Status();
}

}  // namespace ais::cli
