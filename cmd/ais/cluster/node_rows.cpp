#include "ais/cluster/node_rows.h"

#include <chrono>

#include "base/strings.h"
#include "base/units.h"
#include "cli/counted.h"

namespace ais::cli {
namespace {

struct NodeColumn {
  const char* title;
  Align align;
  std::string (*text)(const NodeReport& report, SizeUnits units);
};

bool has_disks(const NodeReport& report) { return report.disk_used + report.disk_available > 0; }

/// The address as people write it: without the scheme that all nodes have.
std::string host_and_port(const NodeReport& report) {
  size_t scheme = report.address.find("://");
  return scheme == std::string::npos ? report.address : report.address.substr(scheme + 3);
}

std::string percent_cell(double percent) { return percent < 0 ? "" : format("%.1f%%", percent); }
std::string load_cell(double load) { return load < 0 ? "" : format("%.2f", load); }

constexpr NodeColumn kNodeColumns[] = {
    {"ROLE", Align::kLeft, [](const NodeReport& r, SizeUnits) { return r.role; }},
    {"ID", Align::kLeft, [](const NodeReport& r, SizeUnits) { return r.id; }},
    {"ADDRESS", Align::kLeft, [](const NodeReport& r, SizeUnits) { return host_and_port(r); }},
    {"STATE", Align::kLeft, [](const NodeReport& r, SizeUnits) { return r.state; }},
    {"VERSION", Align::kLeft, [](const NodeReport& r, SizeUnits) { return r.version; }},
    {"UPTIME", Align::kRight, [](const NodeReport& r, SizeUnits) { return uptime_text(r.uptime_ns); }},
    {"MEM", Align::kRight, [](const NodeReport& r, SizeUnits) { return percent_cell(r.memory_percent); }},
    {"LOAD", Align::kRight, [](const NodeReport& r, SizeUnits) { return load_cell(r.load_1); }},
    {"USED", Align::kRight,
     [](const NodeReport& r, SizeUnits units) { return has_disks(r) ? format_size(r.disk_used, 1, units) : std::string(); }},
    {"AVAIL", Align::kRight,
     [](const NodeReport& r, SizeUnits units) { return has_disks(r) ? format_size(r.disk_available, 1, units) : std::string(); }},
    {"USE%", Align::kRight, [](const NodeReport& r, SizeUnits) { return percent_text(r.disk_used, r.disk_available); }},
    {"ALERTS", Align::kLeft, [](const NodeReport& r, SizeUnits) { return join(r.alerts, ", "); }},
};
using NodeColumns = std::vector<const NodeColumn*>;

/// The version that all nodes that answer have; "" when they differ.
std::string common_version(const std::vector<NodeReport>& reports) {
  std::string out;
  for (const NodeReport& report : reports) {
    if (report.version.empty()) continue;
    if (!out.empty() && out != report.version) return "";
    out = report.version;
  }
  return out;
}

/// Those that tell nodes apart: a version that all have, and alerts that none has, are left out.
NodeColumns telling_columns(const std::vector<NodeReport>& reports) {
  bool alerts = false;
  for (const NodeReport& report : reports) alerts |= !report.alerts.empty();
  const bool versions = common_version(reports).empty();
  NodeColumns out;
  for (const NodeColumn& column : kNodeColumns) {
    std::string_view title = column.title;
    if ((title == "VERSION" && !versions) || (title == "ALERTS" && !alerts)) continue;
    out.push_back(&column);
  }
  return out;
}

Table table_of(const std::vector<NodeReport>& reports, const NodeColumns& columns, SizeUnits units) {
  std::vector<Column> heads;
  for (const NodeColumn* column : columns) {
    const std::string_view title = column->title;
    heads.push_back({column->title, column->align, title == "ID" || title == "ADDRESS", title == "ID"});
  }
  Table table(std::move(heads));
  for (const NodeReport& report : reports) {
    std::vector<std::string> cells;
    for (const NodeColumn* column : columns) cells.push_back(column->text(report, units));
    table.add(std::move(cells), report.tone);
  }
  return table;
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

Table node_table(const std::vector<NodeReport>& reports, SizeUnits units, size_t width_max) {
  NodeColumns columns = telling_columns(reports);
  Table table = table_of(reports, columns, units);
  for (std::string_view least : {"USED", "LOAD", "UPTIME"}) {
    if (table.width() <= width_max) break;
    std::erase_if(columns, [&](const NodeColumn* column) { return column->title == least; });
    table = table_of(reports, columns, units);
  }
  return table;
}

Table cpu_table(const std::vector<NodeReport>& reports) {
  Table table({{"ROLE"},
               {.title = "ID", .whole = true, .key = true},
               {"CPU", Align::kRight},
               {"LOAD 1m", Align::kRight},
               {"5m", Align::kRight},
               {"15m", Align::kRight}});
  for (const NodeReport& report : reports)
    table.add({report.role, report.id, percent_cell(report.cpu_percent), load_cell(report.load_1), load_cell(report.load_5),
               load_cell(report.load_15)},
              report.tone);
  return table;
}

Table memory_table(const std::vector<NodeReport>& reports, SizeUnits units) {
  Table table({{"ROLE"}, {.title = "ID", .whole = true, .key = true}, {"MEMORY", Align::kRight}, {"AVAIL", Align::kRight}});
  for (const NodeReport& report : reports)
    table.add({report.role, report.id, percent_cell(report.memory_percent),
               report.answered() ? format_size(report.memory_available, 1, units) : ""},
              report.tone);
  return table;
}

std::string node_summary(const meta::ClusterMap& map, const std::vector<NodeReport>& reports) {
  size_t proxies = 0;
  for (const NodeReport& report : reports) proxies += report.is_target() ? 0 : 1;
  size_t targets = reports.size() - proxies, silent = count_silent(reports);
  std::string out = counted(proxies, "gateway") + ", " + counted(targets, "target");
  if (silent > 0) out += format(", %zu offline", silent);
  if (const std::string version = common_version(reports); !version.empty()) out += "; version " + version;
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
