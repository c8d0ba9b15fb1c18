#include "aisloader/report.h"

#include "base/strings.h"
#include "base/units.h"
#include "cli/counted.h"
#include "codec/json.h"
#include "codec/utf8.h"

namespace ais::loader {
namespace {

double microseconds(uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }
std::string number(uint64_t value) { return format("%llu", static_cast<unsigned long long>(value)); }

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

std::string parameter_table(const RunResult& result) {
  std::string out = "<table class=\"pairs\"><caption>Parameters</caption><tbody>\n";
  for (const auto& [name, value] : result.parameters)
    out += "<tr><th scope=\"row\">" + html_escape(name) + "</th><td>" + html_escape(value) + "</td></tr>\n";
  return out + "</tbody></table>\n";
}

std::string cell(const std::string& text) { return "<td>" + html_escape(text) + "</td>"; }

std::string summary_row(const char* title, const OperationStatistics& s, double seconds) {
  const Histogram& l = s.latency;
  double rate = seconds > 0 ? static_cast<double>(l.count()) / seconds : 0;
  double bytes = seconds > 0 ? static_cast<double>(s.bytes) / seconds : 0;
  std::string out = std::string("<tr><th scope=\"row\">") + title + "</th>";
  out += cell(number(l.count())) + cell(format("%.1f", rate)) + cell(format_size(static_cast<uint64_t>(bytes), 1) + "/s");
  out += cell(format("%.1f", l.mean() / 1e3));
  for (double percent : {50.0, 90.0, 99.0, 99.9}) out += cell(format("%.1f", microseconds(l.percentile(percent))));
  return out + cell(format("%.1f", microseconds(l.max()))) + cell(number(s.errors)) + "</tr>\n";
}

std::string summary_table(const RunResult& result) {
  std::string out =
      "<table class=\"numbers\"><caption>Result, latencies in microseconds</caption><thead><tr><th scope=\"col\">Operation</th>";
  for (const char* title : {"Count", "Per second", "Throughput", "Mean", "p50", "p90", "p99", "p99.9", "Max", "Errors"})
    out += std::string("<th scope=\"col\">") + title + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const OperationName& operation : kOperations) {
    const OperationStatistics& s = result.total.*operation.statistics;
    if (s.latency.count() + s.errors > 0) out += summary_row(operation.title, s, result.seconds);
  }
  return out + "</tbody></table>\n";
}

/// Means of --trace-http; "" without it.
std::string trace_table(const RunResult& result) {
  std::string rows;
  for (const OperationName& operation : kOperations) {
    const RequestTimes& t = (result.total.*operation.statistics).times;
    if (t.count == 0) continue;
    rows += std::string("<tr><th scope=\"row\">") + operation.title + "</th>";
    for (uint64_t sum : {t.gateway_ns, t.first_byte_ns, t.rest_ns, t.gateway_ns + t.first_byte_ns + t.rest_ns})
      rows += cell(format("%.1f", microseconds(sum) / static_cast<double>(t.count)));
    rows += "</tr>\n";
  }
  if (rows.empty()) return "";
  return "<table class=\"numbers\"><caption>Where the time went, means in microseconds</caption><thead><tr><th scope=\"col\">Operation</th>"
         "<th scope=\"col\">Gateway</th><th scope=\"col\">First byte</th><th scope=\"col\">Rest</th><th "
         "scope=\"col\">Whole</th></tr></thead>"
         "<tbody>\n" +
         rows + "</tbody></table>\n";
}

std::string rate_paragraph(const RunResult& result) {
  if (result.rate == 0) return "<p>Closed loop: each worker asked again when it had its answer.</p>\n";
  double begun = result.window > 0 ? static_cast<double>(result.total.started) / result.window : 0;
  return format(
      "<p>Open loop: %.10g operations a second were intended, %.1f begun. The longest delay was %.1f ms; %llu operations began more than "
      "%llu ms late or never, of them %llu never. Latency counts from when an operation was due.</p>\n",
      result.rate, begun, static_cast<double>(result.total.lag_max_ns) / 1e6, static_cast<unsigned long long>(result.total.late),
      static_cast<unsigned long long>(kLateAfter / 1'000'000), static_cast<unsigned long long>(result.total.not_started));
}

std::string error_table(const RunResult& result) {
  if (result.total.errors.empty()) return "<p>No errors.</p>\n";
  std::string out =
      "<table class=\"numbers\"><caption>Errors by kind</caption><thead><tr><th scope=\"col\">Kind</th><th "
      "scope=\"col\">Count</th></tr></thead><tbody>\n";
  for (const auto& [kind, count] : result.total.errors)
    out += "<tr><th scope=\"row\">" + html_escape(kind) + "</th>" + cell(number(count)) + "</tr>\n";
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
  for (char c : codec::replace_invalid_utf8(text)) {
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
  out += format("<p>%s, %.1f seconds, %s on %s, seed %llu. The loader itself took %.2f seconds of processor time.</p>\n",
                html_escape(result.begun).c_str(), result.seconds, cli::counted(result.workers, "worker").c_str(),
                cli::counted(result.threads, "thread").c_str(), static_cast<unsigned long long>(result.seed), result.cpu_seconds);
  out += warnings(result) + "<section aria-label=\"Result\">\n" + summary_table(result) + trace_table(result) + rate_paragraph(result) +
         "</section>\n";
  out +=
      "<section id=\"plots\" aria-label=\"Plots\">\n<noscript><p>The plots are drawn by a script of this "
      "page.</p></noscript>\n</section>\n";
  out += "<section aria-label=\"Errors\">\n<h2>Errors</h2>\n" + error_table(result) + "</section>\n";
  out += "<section aria-label=\"Parameters\">\n<h2>Parameters</h2>\n" + parameter_table(result) + "</section>\n</main>\n";
  out += "<script type=\"application/json\" id=\"data\">" + report_data(result) + "</script>\n<script>\n" + kReportScript + "</script>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace ais::loader
