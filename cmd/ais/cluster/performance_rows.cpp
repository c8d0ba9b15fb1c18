#include "ais/cluster/performance_rows.h"

#include <functional>

#include "base/strings.h"
#include "codec/json.h"

namespace ais::cli {
namespace {

/// Operations with their own key in the JSON.
constexpr const char* kOperations[] = {"get", "put", "append", "head", "del", "ren", "copy", "lst"};

std::string rate_text(double per_second) { return format(per_second > 0 && per_second < 100 ? "%.1f" : "%.0f", per_second); }

std::string bytes_text(double bytes, SizeUnits units) {
  if (bytes < 0) return "";
  return format_size(static_cast<uint64_t>(bytes), bytes < 1000 ? 0 : 1, units);
}

std::string throughput_text(double bytes_per_second, SizeUnits units) { return bytes_text(bytes_per_second, units) + "/s"; }

/// A row that holds the node's name and dashes when the node did not answer.
void add_row(Table& table, const NodeActivity& node, std::vector<std::string> cells, size_t columns) {
  if (!node.report->answered()) cells.assign(columns - 2, "");
  cells.insert(cells.begin(), {node.report->id, node.report->state});
  table.add(std::move(cells), node.report->tone);
}

/// Latencies and averages have no sum.
void add_up(OperationRates& sum, const OperationRates& rates) {
  sum.count += rates.count, sum.bytes += rates.bytes;
  sum.per_second += rates.per_second, sum.bytes_per_second += rates.bytes_per_second;
}

/// Some cells for GETs and the same ones for PUTs, and, when wanted, the errors. Below several nodes stands their sum.
Table get_and_put_table(const Activities& nodes, std::initializer_list<const char*> titles, bool errors,
                        const std::function<std::vector<std::string>(const OperationRates&)>& cells_of) {
  std::vector<Column> columns = {{.title = "NODE", .whole = true}, {"STATE"}};
  for (const char* operation : {"GET", "PUT"})
    for (const char* title : titles) columns.push_back({std::string(operation) + title, Align::kRight});
  if (errors)
    for (const char* title : {"ERRORS", "NEW ERRORS"}) columns.push_back({title, Align::kRight});
  const auto cells_of_row = [&](const OperationRates& get, const OperationRates& put, int64_t all_errors, int64_t new_errors) {
    std::vector<std::string> cells = cells_of(get);
    for (std::string& cell : cells_of(put)) cells.push_back(std::move(cell));
    if (errors) cells.insert(cells.end(), {std::to_string(all_errors), std::to_string(new_errors)});
    return cells;
  };
  Table table(columns);
  OperationRates gets, puts;
  int64_t all_errors = 0, new_errors = 0;
  for (const NodeActivity& node : nodes) {
    Interval interval(node.before, node.now);
    OperationRates get = interval.operation("get"), put = interval.operation("put");
    add_up(gets, get), add_up(puts, put);
    all_errors += interval.errors(), new_errors += interval.new_errors();
    add_row(table, node, cells_of_row(get, put, interval.errors(), interval.new_errors()), columns.size());
  }
  if (nodes.size() < 2) return table;
  std::vector<std::string> sums = cells_of_row(gets, puts, all_errors, new_errors);
  sums.insert(sums.begin(), {"all", ""});
  table.add(std::move(sums));
  return table;
}

void write_number(codec::JsonWriter& out, const char* name, double value) {
  out.key(name);
  if (value < 0) out.null();
  else out.value(value);
}

void write_operation(codec::JsonWriter& out, const char* name, const OperationRates& rates) {
  out.key(name).begin_object().field("count", rates.count).field("bytes", rates.bytes).field("errors", rates.errors);
  out.field("new_count", rates.new_count).field("new_errors", rates.new_errors);
  out.field("per_second", rates.per_second).field("bytes_per_second", rates.bytes_per_second);
  write_number(out, "latency_ns", rates.latency_ns);
  write_number(out, "latency_total_ns", rates.latency_total_ns);
  write_number(out, "average_bytes", rates.average_bytes);
  out.end_object();
}

void write_node(codec::JsonWriter& out, const NodeActivity& node) {
  const NodeReport& report = *node.report;
  Interval interval(node.before, node.now);
  out.begin_object().field("id", report.id).field("role", report.role).field("state", report.state);
  out.field("interval_seconds", report.answered() ? interval.seconds() : 0.0);
  for (const char* operation : kOperations) write_operation(out, operation, interval.operation(operation));
  out.field("errors", interval.errors()).field("new_errors", interval.new_errors());
  out.key("counters").begin_object();
  for (const auto& [name, value] : report.tracker) out.field(name, value);
  out.end_object().field("error", report.error).end_object();
}

}  // namespace

Table activity_table(const Activities& nodes, SizeUnits units) {
  return get_and_put_table(nodes, {"(n)", "/s", "(size)/s", "(t)"}, true, [units](const OperationRates& rates) {
    return std::vector<std::string>{std::to_string(rates.count), rate_text(rates.per_second),
                                    throughput_text(rates.bytes_per_second, units), latency_text(rates.latency_ns)};
  });
}

Table throughput_table(const Activities& nodes, SizeUnits units) {
  return get_and_put_table(nodes, {"(n)", "(size)", "/s", "(size)/s", "(avg size)"}, false, [units](const OperationRates& rates) {
    return std::vector<std::string>{std::to_string(rates.count), bytes_text(static_cast<double>(rates.bytes), units),
                                    rate_text(rates.per_second), throughput_text(rates.bytes_per_second, units),
                                    bytes_text(rates.average_bytes, units)};
  });
}

Table latency_table(const Activities& nodes) {
  constexpr const char* kTimed[] = {"get", "put", "append", "lst"};
  std::vector<Column> columns = {{.title = "NODE", .whole = true}, {"STATE"}};
  for (const char* title : {"GET", "PUT", "APPEND", "LST"}) {
    columns.push_back({std::string(title) + "/s", Align::kRight});
    columns.push_back({std::string(title) + "(t)", Align::kRight});
    columns.push_back({std::string(title) + "(t total)", Align::kRight});
  }
  Table table(columns);
  for (const NodeActivity& node : nodes) {
    Interval interval(node.before, node.now);
    std::vector<std::string> cells;
    for (const char* operation : kTimed) {
      OperationRates rates = interval.operation(operation);
      cells.insert(cells.end(), {rate_text(rates.per_second), latency_text(rates.latency_ns), latency_text(rates.latency_total_ns)});
    }
    add_row(table, node, std::move(cells), columns.size());
  }
  return table;
}

Table counter_table(const Activities& nodes, const std::vector<std::string>& names, SizeUnits units) {
  std::vector<Column> columns = {{.title = "NODE", .whole = true}, {"STATE"}};
  for (const std::string& name : names) columns.push_back({counter_title(name), Align::kRight});
  Table table(columns);
  for (const NodeActivity& node : nodes) {
    std::vector<std::string> cells;
    for (const std::string& name : names) {
      auto found = node.report->tracker.find(name);
      int64_t value = found == node.report->tracker.end() ? 0 : found->second;
      cells.push_back(name.ends_with(".size") ? bytes_text(static_cast<double>(value), units) : std::to_string(value));
    }
    add_row(table, node, std::move(cells), columns.size());
  }
  return table;
}

std::string activity_json(const Activities& nodes, std::string_view time) {
  codec::JsonWriter out;
  out.begin_object().field("time", time).key("nodes").begin_array();
  for (const NodeActivity& node : nodes) write_node(out, node);
  return out.end_array().end_object().take();
}

std::string latency_text(double ns) {
  if (ns < 0) return "";
  struct Unit {
    double ns;
    const char* name;
  };
  for (const Unit& unit : {Unit{1e9, "s"}, Unit{1e6, "ms"}, Unit{1e3, "us"}}) {
    double value = ns / unit.ns;
    if (value >= 1) return format(value < 10 ? "%.2f%s" : value < 100 ? "%.1f%s" : "%.0f%s", value, unit.name);
  }
  return format("%.0fns", ns);
}

}  // namespace ais::cli
