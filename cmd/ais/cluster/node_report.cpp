#include "ais/cluster/node_report.h"

#include <set>

#include "api/node_status.h"
#include "async/parallel.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

struct AlertName {
  uint64_t bit;
  const char* name;
  Tone tone;
};
constexpr AlertName kAlerts[] = {
    {api::kStateOutOfSpace, "out of space", Tone::kAlert},    {api::kStateDiskFault, "disk fault", Tone::kAlert},
    {api::kStateLowCapacity, "low on space", Tone::kWarning}, {api::kStateKeepaliveErrors, "keepalive errors", Tone::kWarning},
    {api::kStateRestarted, "restarted", Tone::kWarning},
};

void raise(NodeReport& report, Tone tone) { report.tone = std::max(report.tone, tone); }

void read_state(NodeReport& report, const api::NodeStatus& status) {
  report.flags = status.cluster.flags;
  report.state = status.status;
  if (report.state.empty()) report.state = report.flags & api::kStateNodeStarted ? "ready" : "starting";
  if (report.state != "ready") raise(report, Tone::kWarning);
  const std::string& error = status.capacity.error;
  bool known = error.empty();
  for (const AlertName& alert : kAlerts) {
    if (!(report.flags & alert.bit)) continue;
    known |= error.starts_with(alert.name);
    report.alerts.emplace_back(alert.name);
    raise(report, alert.tone);
  }
  if (known) return;
  report.alerts.push_back(error);
  raise(report, Tone::kAlert);
}

void read_system(NodeReport& report, const api::SystemInfo& system) {
  const api::MemoryInfo& memory = system.memory;
  if (memory.total == 0) return;  // a node that is out of service says nothing of its host
  report.memory_percent = 100.0 * static_cast<double>(memory.in_use) / static_cast<double>(memory.total);
  report.memory_available = system.memory_available;
  report.cpu_percent = static_cast<double>(system.cpu_util);
  report.load_1 = system.load.one;
  report.load_5 = system.load.five;
  report.load_15 = system.load.fifteen;
}

void read_mountpaths(NodeReport& report, const api::TargetCapacity& capacity) {
  for (const auto& [path, in] : capacity.mountpaths)
    report.mountpaths.push_back({path, in.filesystem.device, in.filesystem.type, in.disks, in.capacity.used, in.capacity.available,
                                 in.capacity.percent_used, in.damage});
  report.disk_used = capacity.total_used;
  report.disk_available = capacity.total_available;
}

void fail(NodeReport& report, const char* state, const Status& why) {
  report.state = state;
  report.error = why.message().empty() ? why.to_string() : why.message();
  report.tone = Tone::kAlert;
}

async::Task<void> fill_report(Invocation& invocation, const meta::ClusterMap& map, const meta::Node& node, NodeReport& report) {
  Result<std::string> status = co_await ask_node(invocation, node.id, "what=node_status");
  report = read_node_report(map, node, status);
}

/// "5.0.1" -> "5.0"
std::string_view major_minor(std::string_view version) {
  size_t dot = version.find('.');
  return dot == std::string_view::npos ? version : version.substr(0, version.find('.', dot + 1));
}

}  // namespace

NodeReport read_node_report(const meta::ClusterMap& map, const meta::Node& node, const Result<std::string>& status) {
  NodeReport report;
  bool proxy = node.type == meta::NodeType::kProxy;
  report.role = node.id == map.primary_id ? "primary" : proxy ? "proxy" : "target";
  report.id = node.id;
  report.address = node.public_net.url();
  if (!status.ok()) {
    fail(report, "offline", status.status());
    return report;
  }
  const Result<api::NodeStatus> said = api::decode<api::NodeStatus>(*status, api::WireFormat::kJson);
  if (!said.ok()) {
    fail(report, "unknown", said.status());
    return report;
  }
  read_state(report, *said);
  read_system(report, said->system);
  read_mountpaths(report, said->capacity);
  report.tracker = said->tracker;
  report.version = said->version;
  report.build_time = said->build;
  report.deployment = said->deployment;
  auto uptime = report.tracker.find("up.ns.time");
  if (uptime != report.tracker.end()) report.uptime_ns = uptime->second;
  report.smap_version = said->smap_version;
  return report;
}

std::vector<const meta::Node*> all_nodes(const meta::ClusterMap& map) {
  std::vector<const meta::Node*> out;
  for (const auto* side : {&map.proxies, &map.targets})
    for (const auto& [id, node] : *side) out.push_back(&node);
  return out;
}

std::vector<const meta::Node*> targets_of(const meta::ClusterMap& map) {
  std::vector<const meta::Node*> out;
  for (const auto& [id, node] : map.targets) out.push_back(&node);
  return out;
}

async::Task<std::vector<NodeReport>> ask_nodes(Invocation& invocation, const meta::ClusterMap& map, std::vector<const meta::Node*> nodes) {
  std::vector<NodeReport> reports(nodes.size());
  auto ask = [&](size_t i) { return fill_report(invocation, map, *nodes[i], reports[i]); };
  co_await async::for_each(nodes.size(), kNodesAskedAtOnce, ask);
  co_return reports;
}

api::ClusterClient cluster_of_one_node(Invocation& invocation) {
  constexpr Nanoseconds kSilenceMax = std::chrono::seconds(5);
  return invocation.impatient_cluster(kSilenceMax);
}

Status of_node(Status status) {
  if (status.code() != Code::kTimeout) return status;
  const std::string& said = status.message();  // "HOST:PORT: no answer in time"
  return {Code::kUnavailable, "it is silent (asked through " + said.substr(0, said.find(": ")) + ")"};
}

async::Task<Result<std::string>> ask_node(Invocation& invocation, std::string node_id, std::string query) {
  api::ClusterClient cluster = cluster_of_one_node(invocation);
  Result<std::string> answer = co_await cluster.node_query(node_id, std::move(query));
  if (!answer.ok()) co_return of_node(answer.status());
  co_return answer;
}

async::Task<Result<std::string>> ask_one_node(Invocation& invocation, std::string node_id, std::string query) {
  Result<std::string> answer = co_await ask_node(invocation, node_id, std::move(query));
  if (answer.code() == Code::kUnavailable) co_return answer.status().with_context(node_id);
  co_return answer;
}

std::vector<std::string> silent_nodes(const std::vector<NodeReport>& reports) {
  std::vector<std::string> out;
  for (const NodeReport& report : reports) {
    std::string name = (report.is_target() ? "t[" : "p[") + report.id + "]";
    if (!report.answered()) out.push_back(name + " does not answer: " + report.error);
  }
  return out;
}

std::string version_skew(const std::vector<NodeReport>& reports) {
  const std::string mine = api::software_version();
  std::set<std::string> others;
  for (const NodeReport& report : reports)
    if (!report.version.empty() && major_minor(report.version) != major_minor(mine)) others.insert(report.version);
  if (others.empty()) return "";
  return "this ais has version " + mine + ", the cluster has nodes of version " + join({others.begin(), others.end()}, ", ");
}

}  // namespace ais::cli
