#include "aisloader/report.h"

#include "aisloader/text_units.h"
#include "base/strings.h"
#include "base/units.h"
#include "base/version.h"
#include "cli/counted.h"
#include "codec/json.h"
#include "codec/utf8.h"

namespace ais::loader {
namespace {

double microseconds(uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }

void write_point(codec::JsonWriter& out, const TimeSeries::Point& point) {
  out.begin_object().field("t", point.begin).field("seconds", point.seconds).field("errors", point.statistics.error_count());
  for (const OperationName& operation : kOperations) {
    const OperationStatistics& s = point.statistics.*operation.statistics;
    if (s.latency.count() == 0) continue;
    out.key(operation.name).begin_object().field("ops", s.latency.count()).field("bytes", s.bytes);
    out.field("p50", microseconds(s.latency.percentile(50))).field("p99", microseconds(s.latency.percentile(99)));
    out.field("p999", microseconds(s.latency.percentile(99.9))).field("max", microseconds(s.latency.max())).end_object();
  }
  out.end_object();
}

/// [[upper bound in us, count], ...]
void write_histogram(codec::JsonWriter& out, const Histogram& histogram) {
  out.begin_array();
  histogram.for_each([&out](uint64_t upper, uint64_t count) { out.begin_array().value(microseconds(upper)).value(count).end_array(); });
  out.end_array();
}

std::string cell(const std::string& text) { return "<td>" + html_escape(text) + "</td>"; }

std::string head_cell(const std::string& text) { return "<th scope=\"col\">" + html_escape(text) + "</th>"; }
std::string row_name(const std::string& text) { return "<tr><th scope=\"row\">" + html_escape(text) + "</th>"; }

std::string table_begin(const char* caption, std::initializer_list<const char*> titles) {
  std::string out = std::string("<table class=\"numbers\"><caption>") + caption + "</caption><thead><tr>";
  for (const char* title : titles) out += head_cell(title);
  return out + "</tr></thead><tbody>\n";
}

std::string summary_row(const OperationRow& row, double seconds) {
  const Histogram& l = row.statistics.latency;
  std::string out = row_name(row.title) + cell(count_text(l.count())) + cell(format_size(row.statistics.bytes, 1));
  out += cell(rate_text(per_second(l.count(), seconds))) + cell(throughput_text(row.statistics.bytes, seconds));
  auto latency = [&l](const std::string& text) { return cell(l.count() > 0 ? text : "-"); };
  out += latency(latency_text(l.mean()));
  for (double percent : {50.0, 90.0, 99.0, 99.9}) out += latency(latency_text(l.percentile(percent)));
  return out + latency(latency_text(l.max())) + cell(count_text(row.statistics.errors)) + "</tr>\n";
}

std::string summary_table(const RunResult& result) {
  std::string out =
      table_begin("Result", {"Operation", "Count", "Bytes", "Rate", "Throughput", "Mean", "p50", "p90", "p99", "p99.9", "Max", "Errors"});
  for (const OperationRow& row : operation_rows(result.total)) out += summary_row(row, result.seconds);
  return out + "</tbody></table>\n";
}

/// Means of traced requests; "" when there are none.
std::string trace_table(const RunResult& result) {
  std::string rows;
  for (const OperationName& operation : kOperations) {
    const RequestTimes& t = (result.total.*operation.statistics).times;
    if (t.count == 0) continue;
    rows += row_name(operation.title) + cell(count_text(t.count)) + cell(count_text(t.connections));
    for (uint64_t sum : {t.connect_ns, t.gateway_ns, t.first_byte_ns, t.rest_ns, t.whole_ns()})
      rows += cell(latency_text(mean_ns(sum, t.count)));
    rows += "</tr>\n";
  }
  if (rows.empty()) return "";
  return table_begin("Where the time went, means of the traced requests",
                     {"Operation", "Traced", "Connections made", "Connect", "Gateway", "First byte", "Rest", "Whole"}) +
         rows + "</tbody></table>\n";
}

std::string node_table(const ClusterFacts& cluster) {
  if (cluster.nodes.empty()) return "";
  std::string out = table_begin("Nodes", {"Node", "Kind", "Address", "CPUs", "Free memory", "Mountpaths", "Disks", "Used", "Available"});
  for (const NodeFacts& node : cluster.nodes) {
    const bool stores = node.mountpaths > 0;
    out += row_name(node.id) + cell(node.kind) + cell(node.url) + cell(node.cpus > 0 ? count_text(node.cpus) : "");
    out += cell(node.memory > 0 ? format_size(node.memory, 1) : "") + cell(stores ? count_text(node.mountpaths) : "");
    out += cell(join(node.disks, " ")) + cell(stores ? format_size(node.used, 1) : "") + cell(stores ? format_size(node.available, 1) : "");
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string pair_table(const char* caption, const Parameters& pairs) {
  std::string out = std::string("<table class=\"pairs\"><caption>") + caption + "</caption><tbody>\n";
  for (const auto& [name, value] : pairs) out += row_name(name) + cell(value) + "</tr>\n";
  return out + "</tbody></table>\n";
}

std::string run_section(const RunResult& result) {
  Parameters pairs = {{"command line", result.command_line}, {"begun", result.begun}, {"ended", result.ended}};
  pairs.emplace_back("duration", stretch_text(result.seconds));
  pairs.emplace_back("objects found", count_text(result.objects_found));
  pairs.emplace_back("objects put before", count_text(result.objects_put_before));
  pairs.emplace_back("loader", kVersion + format(", %.2fs of processor time", result.cpu_seconds));
  pairs.emplace_back("cluster", result.cluster.text());
  if (!result.cluster.missing.empty()) pairs.emplace_back("not reported by the cluster", result.cluster.missing);
  return "<section aria-label=\"Run\">\n<h2>Run</h2>\n" + pair_table("What was run", pairs) + node_table(result.cluster) +
         pair_table("Parameters", result.parameters) + "</section>\n";
}

std::string rate_paragraph(const RunResult& result) {
  if (result.rate == 0) return "<p>Closed loop: each worker asked again when it had its answer.</p>\n";
  return "<p>Open loop: " + rate_text(result.rate) + " were intended, " + rate_text(per_second(result.total.started, result.window)) +
         " begun. The longest delay was " + latency_text(result.total.lag_max_ns) + "; " + count_text(result.total.late) +
         " operations began more than " + latency_text(kLateAfter) + " late or never, of them " + count_text(result.total.not_started) +
         " never. Latency counts from when an operation was due.</p>\n";
}

std::string error_table(const RunResult& result) {
  if (result.total.errors.empty()) return "<p>No errors.</p>\n";
  std::string out = table_begin("Errors by kind", {"Kind", "Count"});
  for (const auto& [kind, count] : result.total.errors) out += row_name(kind) + cell(count_text(count)) + "</tr>\n";
  return out + "</tbody></table>\n";
}

std::string warnings(const RunResult& result) {
  std::string out;
  for (const std::string& warning : result.warnings) out += "<p class=\"warning\">Warning: " + html_escape(warning) + "</p>\n";
  return out;
}

/// What may end a script element, or is a line end for old readers of JavaScript, becomes an escape of JSON.
std::string inside_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (char c : json) {
    if (c == '<') out += "\\u003c";
    else if (c == '>') out += "\\u003e";
    else if (c == '&') out += "\\u0026";
    else out += c;
  }
  return out;
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string out;
  for (char c : codec::escape_invalid_utf8(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string report_data(const RunResult& result) {
  codec::JsonWriter out;
  out.begin_object().key("result").raw(result_json(result)).key("series").begin_array();
  for (const TimeSeries::Point& point : result.series.points()) write_point(out, point);
  out.end_array().key("histogram").begin_object();
  for (const OperationName& operation : kOperations) {
    const Histogram& histogram = (result.total.*operation.statistics).latency;
    if (histogram.count() == 0) continue;
    out.key(operation.name);
    write_histogram(out, histogram);
  }
  out.end_object().end_object();
  return inside_script(out.take());
}

std::string report_page(const RunResult& result) {
  std::string title = "aisloader: " + html_escape(result.bucket);
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";
  out += "<title>" + title + "</title>\n<style>\n" + kReportStyle + "</style>\n</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n";
  out += "<p>" + html_escape(result.begun) + ", " + stretch_text(result.seconds) + ", " + cli::counted(result.workers, "worker") + " on " +
         cli::counted(result.threads, "thread") + ", seed " + std::to_string(result.seed) + "; cluster " +
         html_escape(result.cluster.text()) + ".</p>\n";
  out += warnings(result) + "<section aria-label=\"Result\">\n" + summary_table(result) + trace_table(result) + rate_paragraph(result) +
         "</section>\n";
  out +=
      "<section id=\"plots\" aria-label=\"Plots\">\n<noscript><p>The plots are drawn by a script of this "
      "page.</p></noscript>\n</section>\n";
  out += "<section aria-label=\"Errors\">\n<h2>Errors</h2>\n" + error_table(result) + "</section>\n";
  out += run_section(result) + "</main>\n";
  out += "<script type=\"application/json\" id=\"data\">" + report_data(result) + "</script>\n<script>\n" + kReportScript + "</script>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace ais::loader
