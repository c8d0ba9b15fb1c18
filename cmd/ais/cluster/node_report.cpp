#include "ais/cluster/node_report.h"

#include <set>

#include "ais/job/parallel.h"
#include "api/node_status.h"
#include "base/strings.h"
#include "codec/json.h"

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

void read_state(NodeReport& report, codec::JsonView root, std::string_view capacity_error) {
  report.flags = root["cluster"]["flags"].uint_or(0);
  report.state = root["status"].string_or("");
  if (report.state.empty()) report.state = report.flags & api::kStateNodeStarted ? "ready" : "starting";
  if (report.state != "ready") raise(report, Tone::kWarning);
  for (const AlertName& alert : kAlerts) {
    if (!(report.flags & alert.bit)) continue;
    report.alerts.emplace_back(alert.name);
    raise(report, alert.tone);
  }
  bool known = std::find(report.alerts.begin(), report.alerts.end(), capacity_error) != report.alerts.end();
  if (capacity_error.empty() || known) return;
  report.alerts.emplace_back(capacity_error);
  raise(report, Tone::kAlert);
}

void read_system(NodeReport& report, codec::JsonView system) {
  report.memory_percent = system["pct_mem_used"].double_or(-1);
  report.memory_available = system["mem_avail"].uint_or(0);
  report.cpu_percent = system["pct_cpu_used"].double_or(-1);
  report.load_1 = system["load_avg"]["One"].double_or(-1);
  report.load_5 = system["load_avg"]["Five"].double_or(-1);
  report.load_15 = system["load_avg"]["Fifteen"].double_or(-1);
}

void read_mountpath(NodeReport& report, std::string_view path, codec::JsonView in) {
  MountpathReport out;
  out.path = path;
  out.device = in["fs"]["Fs"].string_or("");
  out.filesystem = in["fs"]["FsType"].string_or("");
  codec::JsonView disks = in["disks"];
  for (size_t i = 0; i < disks.size() && disks.is_array(); ++i) out.disks.push_back(disks.at(i).string_or(""));
  out.used = in["used"].uint_or(0);
  out.available = in["avail"].uint_or(0);
  out.percent_used = in["pct_used"].int_or(0);
  report.mountpaths.push_back(std::move(out));
}

void read_members(NodeReport& report, codec::JsonView root) {
  auto each = [](codec::JsonView object, auto visit) {
    if (!object.is_object()) return;
    Status visited = object.for_each([&](std::string_view key, codec::JsonView value) {
      visit(key, value);
      return Status();
    });
    static_cast<void>(visited.ok());  // the visitor never fails
  };
  each(root["tracker"], [&](std::string_view name, codec::JsonView value) { report.tracker[std::string(name)] = value["v"].int_or(0); });
  each(root["capacity"]["mountpaths"], [&](std::string_view path, codec::JsonView value) { read_mountpath(report, path, value); });
}

void fail(NodeReport& report, const char* state, const Status& why) {
  report.state = state;
  report.error = why.message().empty() ? why.to_string() : why.message();
  report.tone = Tone::kAlert;
}

net::Task<void> fill_report(Invocation& invocation, const meta::ClusterMap& map, const meta::Node& node, NodeReport& report) {
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
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(*status);
  if (!document.ok() || !document->root().is_object()) {
    fail(report, "unknown", document.ok() ? Status(Code::kInvalid, "the node's status is no JSON object") : document.status());
    return report;
  }
  codec::JsonView root = document->root();
  read_state(report, root, root["capacity"]["cs_err"].string_or(""));
  read_system(report, root["sys_info"]);
  read_members(report, root);
  report.version = root["ais_version"].string_or("");
  report.build_time = root["build_time"].string_or("");
  report.deployment = root["deployment"].string_or("");
  auto uptime = report.tracker.find("up.ns.time");
  if (uptime != report.tracker.end()) report.uptime_ns = uptime->second;
  report.disk_used = root["capacity"]["total_used"].uint_or(0);
  report.disk_available = root["capacity"]["total_avail"].uint_or(0);
  report.smap_version = root["smap_version"].uint_or(0);
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

net::Task<std::vector<NodeReport>> ask_nodes(Invocation& invocation, const meta::ClusterMap& map, std::vector<const meta::Node*> nodes) {
  std::vector<NodeReport> reports(nodes.size());
  std::vector<net::Task<void>> asking;
  for (size_t i = 0; i < nodes.size(); ++i) asking.push_back(fill_report(invocation, map, *nodes[i], reports[i]));
  co_await run_parallel(std::move(asking));
  co_return reports;
}

net::Task<Result<std::string>> ask_node(Invocation& invocation, std::string node_id, std::string query) {
  constexpr Nanoseconds kSilenceMax = std::chrono::seconds(5);
  api::ClusterClient cluster = invocation.cluster();
  cluster.set_timeout(kSilenceMax);
  co_return co_await cluster.node_query(std::move(node_id), std::move(query));
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
