#include "ais/node_rows.h"

#include <chrono>

#include "base/strings.h"
#include "base/units.h"

namespace ais::cli {
namespace {

std::vector<std::string> cells(const NodeReport& report, SizeUnits units) {
  bool has_disks = report.disk_used + report.disk_available > 0;
  std::string memory = report.memory_percent < 0 ? "" : format("%.1f%%", report.memory_percent);
  std::string load = report.load_1 < 0 ? "" : format("%.2f", report.load_1);
  return {report.role,
          report.id,
          report.address,
          report.state,
          report.version,
          uptime_text(report.uptime_ns),
          memory,
          load,
          has_disks ? format_size(report.disk_used, 1, units) : "",
          has_disks ? format_size(report.disk_available, 1, units) : "",
          percent_text(report.disk_used, report.disk_available),
          join(report.alerts, ", ")};
}

void number_or_null(codec::JsonWriter& out, const char* name, double value) {
  out.key(name);
  if (value < 0) out.null();
  else out.value(value);
}

void write_node(codec::JsonWriter& out, const NodeReport& report) {
  out.begin_object().field("role", report.role).field("id", report.id).field("address", report.address).field("state", report.state);
  out.key("alerts").begin_array();
  for (const std::string& alert : report.alerts) out.value(alert);
  out.end_array().field("version", report.version).field("build_time", report.build_time).field("deployment", report.deployment);
  out.key("uptime_ns");
  if (report.uptime_ns < 0) out.null();
  else out.value(report.uptime_ns);
  number_or_null(out, "memory_percent", report.memory_percent);
  out.field("memory_available", report.memory_available);
  number_or_null(out, "cpu_percent", report.cpu_percent);
  number_or_null(out, "load_1", report.load_1);
  number_or_null(out, "load_5", report.load_5);
  number_or_null(out, "load_15", report.load_15);
  out.field("disk_used", report.disk_used).field("disk_available", report.disk_available);
  out.field("disk_total", report.disk_used + report.disk_available);
  out.field("smap_version", report.smap_version).field("flags", report.flags).field("error", report.error).end_object();
}

size_t count_silent(const std::vector<NodeReport>& reports) {
  size_t out = 0;
  for (const NodeReport& report : reports) out += report.answered() ? 0 : 1;
  return out;
}

}  // namespace

std::string uptime_text(int64_t ns) {
  if (ns < 0) return "";
  auto whole = std::chrono::duration_cast<std::chrono::seconds>(Nanoseconds(ns));
  constexpr int64_t kDay = 24 * 3600;
  if (whole.count() < kDay) return format_duration(whole);
  int64_t days = whole.count() / kDay;
  return format("%lldd%lldh", static_cast<long long>(days), static_cast<long long>(whole.count() % kDay / 3600));
}

std::string percent_text(uint64_t used, uint64_t available) {
  double total = static_cast<double>(used) + static_cast<double>(available);
  return total == 0 ? "" : format("%.0f%%", 100.0 * static_cast<double>(used) / total);
}

Table node_table(const std::vector<NodeReport>& reports, SizeUnits units) {
  Table table({{"ROLE"},
               {"ID"},
               {"ADDRESS"},
               {"STATE"},
               {"VERSION"},
               {"UPTIME", Align::kRight},
               {"MEMORY", Align::kRight},
               {"LOAD", Align::kRight},
               {"USED", Align::kRight},
               {"AVAIL", Align::kRight},
               {"USE%", Align::kRight},
               {"ALERTS"}});
  for (const NodeReport& report : reports) table.add(cells(report, units), report.tone);
  return table;
}

std::string node_summary(const meta::ClusterMap& map, const std::vector<NodeReport>& reports) {
  size_t proxies = 0;
  for (const NodeReport& report : reports) proxies += report.is_target() ? 0 : 1;
  size_t targets = reports.size() - proxies, silent = count_silent(reports);
  std::string out = format("%zu %s, %zu %s", proxies, proxies == 1 ? "gateway" : "gateways", targets, targets == 1 ? "target" : "targets");
  if (silent > 0) out += format(", %zu offline", silent);
  return out + format("; primary %s, cluster map version %llu", map.primary_id.c_str(), static_cast<unsigned long long>(map.version));
}

std::string nodes_json(const meta::ClusterMap& map, const std::vector<NodeReport>& reports, std::string_view time) {
  codec::JsonWriter out;
  out.begin_object().field("time", time).field("cluster", map.uuid).field("smap_version", map.version).field("primary", map.primary_id);
  out.key("nodes").begin_array();
  for (const NodeReport& report : reports) write_node(out, report);
  return out.end_array().end_object().take();
}

}  // namespace ais::cli
