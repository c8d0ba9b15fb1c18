// A run for people: lines while it goes on, and the table at its end.
#include "aisloader/result.h"
#include "aisloader/text_units.h"
#include "base/strings.h"
#include "base/units.h"
#include "base/version.h"
#include "cli/counted.h"
#include "cli/table.h"
#include "cli/text_width.h"

namespace ais::loader {
namespace {

std::string operation_text(const OperationRow& row, double seconds) {
  const Histogram& l = row.statistics.latency;
  std::string out = std::string(row.title) + " " + rate_text(per_second(l.count(), seconds));
  out += " " + throughput_text(row.statistics.bytes, seconds);
  out += " p50 " + latency_text(l.percentile(50)) + " p99 " + latency_text(l.percentile(99));
  return out + " p99.9 " + latency_text(l.percentile(99.9)) + " max " + latency_text(l.max());
}

std::string times_text(const RequestTimes& t) {
  auto mean = [&t](uint64_t sum) { return latency_text(mean_ns(sum, t.count)); };
  return "connect " + mean(t.connect_ns) + ", gateway " + mean(t.gateway_ns) + ", first byte " + mean(t.first_byte_ns) + ", rest " +
         mean(t.rest_ns) + "; whole " + mean(t.whole_ns());
}

std::string operations_table(const RunResult& result) {
  using cli::Align;
  std::vector<cli::Column> columns = {{"OP", Align::kLeft}};
  for (const char* title : {"COUNT", "BYTES", "RATE", "THROUGHPUT", "MEAN", "P50", "P90", "P99", "P99.9", "MAX", "ERRORS"})
    columns.push_back({title, Align::kRight});
  cli::Table table(columns);
  for (const OperationRow& row : operation_rows(result.total)) {
    const Histogram& l = row.statistics.latency;
    std::vector<std::string> cells = {row.title, count_text(l.count()), format_size(row.statistics.bytes, 1),
                                      rate_text(per_second(l.count(), result.seconds)),
                                      throughput_text(row.statistics.bytes, result.seconds)};
    auto cell = [&l](const std::string& text) { return l.count() > 0 ? text : "-"; };
    cells.push_back(cell(latency_text(l.mean())));
    for (double percent : {50.0, 90.0, 99.0, 99.9}) cells.push_back(cell(latency_text(l.percentile(percent))));
    cells.push_back(cell(latency_text(l.max())));
    cells.push_back(count_text(row.statistics.errors));
    table.add(std::move(cells));
  }
  return table.rows() > 0 ? table.render(false) : "nothing was done\n";
}

double cpu_per_operation(const RunResult& result) {
  uint64_t operations = result.total.operations();
  return operations > 0 ? result.cpu_seconds * 1e9 / static_cast<double>(operations) : 0;
}

std::string rate_line(const RunResult& result) {
  return format("rate: %.10g operations a second intended, %.1f begun; longest delay %s; %s late, of them %s never begun\n", result.rate,
                per_second(result.total.started, result.window), latency_text(result.total.lag_max_ns).c_str(),
                count_text(result.total.late).c_str(), count_text(result.total.not_started).c_str());
}

std::string heading(const RunResult& result) {
  std::string out = result.bucket + ", " + cli::counted(result.workers, "worker") + " on " + cli::counted(result.threads, "thread") + ", " +
                    stretch_text(result.seconds) + ", seed " + std::to_string(result.seed) + "\n";
  out += result.begun + " to " + result.ended + ", loader " + kVersion + ", cluster " + result.cluster.text() + "\n";
  if (result.objects_found > 0) out += "objects found: " + count_text(result.objects_found) + "\n";
  if (result.objects_put_before > 0) out += "objects put before: " + count_text(result.objects_put_before) + "\n";
  if (!result.command_line.empty()) out += cli::printable(result.command_line) + "\n";
  return out + "\n";
}

}  // namespace

double mean_ns(uint64_t sum, uint64_t count) { return count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : 0; }

std::vector<OperationRow> operation_rows(const Statistics& statistics) {
  std::vector<OperationRow> out;
  for (const OperationName& operation : kOperations) {
    const OperationStatistics& s = statistics.*operation.statistics;
    if (s.latency.count() + s.errors > 0) out.push_back({operation.name, operation.title, s});
  }
  if (out.size() > 1) out.push_back({"total", "TOTAL", statistics.all()});
  return out;
}

std::string interval_line(const Statistics& statistics, double seconds, double elapsed) {
  std::string out = format("%8s", stretch_text(elapsed).c_str());
  for (const OperationRow& row : operation_rows(statistics)) {
    if (row.statistics.latency.count() == 0 || std::string_view(row.name) == "total") continue;
    out += "  " + operation_text(row, seconds);
    if (row.statistics.times.count > 0) out += " (" + times_text(row.statistics.times) + ")";
  }
  if (statistics.operations() == 0) out += "  nothing done";
  if (uint64_t errors = statistics.error_count(); errors > 0) out += "  errors " + count_text(errors);
  return out + "\n";
}

std::string result_table(const RunResult& result) {
  std::string out = heading(result) + operations_table(result);
  if (uint64_t names = result.total.list.names; names > 0)
    out += "names listed: " + count_text(names) + ", " + rate_text(per_second(names, result.seconds)) + "\n";
  for (const OperationName& operation : kOperations)
    if (const RequestTimes& times = (result.total.*operation.statistics).times; times.count > 0)
      out += std::string(operation.title) + " trace, means: " + times_text(times) + "; connections made " + count_text(times.connections) +
             "\n";
  for (const auto& [kind, number] : result.total.errors) out += format("error %-24s %s\n", kind.c_str(), count_text(number).c_str());
  if (result.rate > 0) out += rate_line(result);
  for (const std::string& warning : result.warnings) out += "warning: " + warning + "\n";
  return out + format("\nloader CPU %.2fs, %s an operation\n", result.cpu_seconds, latency_text(cpu_per_operation(result)).c_str());
}

}  // namespace ais::loader
