#include "ais/node_rows.h"

#include <chrono>

#include "api/node_status.h"
#include "base/strings.h"
#include "base/units.h"

namespace ais::cli {
namespace {

struct FlagName {
  uint64_t bit;
  const char* name;
};
constexpr FlagName kTroubles[] = {
    {api::kStateOutOfSpace, "out of space"},
    {api::kStateLowCapacity, "low on space"},
    {api::kStateDiskFault, "disk fault"},
    {api::kStateKeepaliveErrors, "keepalive errors"},
};

std::string state_of(std::string_view status, uint64_t flags) {
  if (!status.empty()) return std::string(status);
  std::vector<std::string> out;
  for (const FlagName& trouble : kTroubles)
    if (flags & trouble.bit) out.emplace_back(trouble.name);
  if (!(flags & api::kStateNodeStarted)) out.emplace_back("starting");
  return out.empty() ? "ready" : join(out, ", ");
}

std::string uptime_text(int64_t ns) {
  if (ns < 0) return "";
  auto whole = std::chrono::duration_cast<std::chrono::seconds>(Nanoseconds(ns));
  constexpr int64_t kDay = 24 * 3600;
  if (whole.count() < kDay) return format_duration(whole);
  int64_t days = whole.count() / kDay;
  return format("%lldd%lldh", static_cast<long long>(days), static_cast<long long>(whole.count() % kDay / 3600));
}

std::string disk_text(const NodeRow& row) {
  if (row.disk_total == 0) return "";
  double percent = 100.0 * static_cast<double>(row.disk_used) / static_cast<double>(row.disk_total);
  return format("%s of %s (%.0f%%)", format_size(row.disk_used, 1).c_str(), format_size(row.disk_total, 1).c_str(), percent);
}

}  // namespace

NodeRow node_row(const meta::ClusterMap& map, const meta::Node& node, const Result<std::string>& status) {
  NodeRow row;
  bool proxy = node.type == meta::NodeType::kProxy;
  row.role = node.id == map.primary_id ? "primary" : proxy ? "proxy" : "target";
  row.id = node.id;
  row.address = node.public_net.url();
  if (!status.ok()) {
    row.state = "unreachable";
    row.error = status.status().message();
    return row;
  }
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(*status);
  if (!document.ok()) {
    row.state = "unknown";
    row.error = document.status().message();
    return row;
  }
  codec::JsonView root = document->root();
  row.state = state_of(root["status"].string_or(""), root["cluster"]["flags"].uint_or(0));
  row.version = root["ais_version"].string_or("");
  row.uptime_ns = root["tracker"]["up.ns.time"]["v"].int_or(-1);
  row.memory_percent = root["sys_info"]["pct_mem_used"].double_or(-1);
  codec::JsonView capacity = root["capacity"];
  row.disk_used = capacity["total_used"].uint_or(0);
  row.disk_total = row.disk_used + capacity["total_avail"].uint_or(0);
  row.smap_version = root["smap_version"].uint_or(0);
  return row;
}

Table node_table(const std::vector<NodeRow>& rows) {
  Table table({{"ROLE"},
               {"ID"},
               {"ADDRESS"},
               {"STATE"},
               {"VERSION"},
               {"UPTIME", Align::kRight},
               {"MEMORY", Align::kRight},
               {"DISK USED"},
               {"SMAP", Align::kRight}});
  for (const NodeRow& row : rows) {
    std::string memory = row.memory_percent < 0 ? "" : format("%.1f%%", row.memory_percent);
    std::string smap = row.smap_version == 0 ? "" : std::to_string(row.smap_version);
    table.add({row.role, row.id, row.address, row.state, row.version, uptime_text(row.uptime_ns), memory, disk_text(row), smap});
  }
  return table;
}

std::string nodes_json(const meta::ClusterMap& map, const std::vector<NodeRow>& rows) {
  codec::JsonWriter out;
  out.begin_object().field("cluster", map.uuid).field("smap_version", map.version).field("primary", map.primary_id);
  out.key("nodes").begin_array();
  for (const NodeRow& row : rows) {
    out.begin_object().field("role", row.role).field("id", row.id).field("address", row.address).field("state", row.state);
    out.field("version", row.version).field("uptime_ns", row.uptime_ns).field("memory_percent", row.memory_percent);
    out.field("disk_used", row.disk_used).field("disk_total", row.disk_total).field("smap_version", row.smap_version);
    out.field("error", row.error).end_object();
  }
  return out.end_array().end_object().take();
}

}  // namespace ais::cli
