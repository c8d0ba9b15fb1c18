#include "ais/performance_rows.h"

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

/// Sums over all nodes, shown below them when there are several.
struct Sum {
  double gets = 0, get_bytes = 0, puts = 0, put_bytes = 0;
  int64_t get_count = 0, put_count = 0, get_size = 0, put_size = 0, errors = 0, new_errors = 0;
  void add(const OperationRates& get, const OperationRates& put) {
    gets += get.per_second, get_bytes += get.bytes_per_second, get_count += get.count, get_size += get.bytes;
    puts += put.per_second, put_bytes += put.bytes_per_second, put_count += put.count, put_size += put.bytes;
  }
};

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
  std::vector<Column> columns = {{"NODE"}, {"STATE"}};
  for (const char* title : {"GET(n)", "GET/s", "GET(size)/s", "GET(t)", "PUT(n)", "PUT/s", "PUT(size)/s", "PUT(t)", "ERRORS", "NEW ERRORS"})
    columns.push_back({title, Align::kRight});
  Table table(columns);
  Sum sum;
  for (const NodeActivity& node : nodes) {
    Interval interval(node.before, node.now);
    OperationRates get = interval.operation("get"), put = interval.operation("put");
    sum.add(get, put);
    sum.errors += interval.errors(), sum.new_errors += interval.new_errors();
    add_row(
        table, node,
        {std::to_string(get.count), rate_text(get.per_second), throughput_text(get.bytes_per_second, units), latency_text(get.latency_ns),
         std::to_string(put.count), rate_text(put.per_second), throughput_text(put.bytes_per_second, units), latency_text(put.latency_ns),
         std::to_string(interval.errors()), std::to_string(interval.new_errors())},
        columns.size());
  }
  if (nodes.size() > 1)
    table.add({"all", "", std::to_string(sum.get_count), rate_text(sum.gets), throughput_text(sum.get_bytes, units), "",
               std::to_string(sum.put_count), rate_text(sum.puts), throughput_text(sum.put_bytes, units), "", std::to_string(sum.errors),
               std::to_string(sum.new_errors)});
  return table;
}

Table throughput_table(const Activities& nodes, SizeUnits units) {
  std::vector<Column> columns = {{"NODE"}, {"STATE"}};
  for (const char* title :
       {"GET(n)", "GET(size)", "GET/s", "GET(size)/s", "GET(avg size)", "PUT(n)", "PUT(size)", "PUT/s", "PUT(size)/s", "PUT(avg size)"})
    columns.push_back({title, Align::kRight});
  Table table(columns);
  Sum sum;
  for (const NodeActivity& node : nodes) {
    Interval interval(node.before, node.now);
    OperationRates get = interval.operation("get"), put = interval.operation("put");
    sum.add(get, put);
    std::vector<std::string> cells;
    for (const OperationRates* rates : {&get, &put}) {
      cells.insert(cells.end(),
                   {std::to_string(rates->count), bytes_text(static_cast<double>(rates->bytes), units), rate_text(rates->per_second),
                    throughput_text(rates->bytes_per_second, units), bytes_text(rates->average_bytes, units)});
    }
    add_row(table, node, std::move(cells), columns.size());
  }
  if (nodes.size() > 1)
    table.add({"all", "", std::to_string(sum.get_count), bytes_text(static_cast<double>(sum.get_size), units), rate_text(sum.gets),
               throughput_text(sum.get_bytes, units), "", std::to_string(sum.put_count),
               bytes_text(static_cast<double>(sum.put_size), units), rate_text(sum.puts), throughput_text(sum.put_bytes, units), ""});
  return table;
}

Table latency_table(const Activities& nodes) {
  constexpr const char* kTimed[] = {"get", "put", "append", "lst"};
  std::vector<Column> columns = {{"NODE"}, {"STATE"}};
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
  std::vector<Column> columns = {{"NODE"}, {"STATE"}};
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
