#include "aisloader/result.h"

#include "base/strings.h"
#include "base/units.h"
#include "cli/counted.h"
#include "cli/table.h"
#include "codec/json.h"

namespace ais::loader {
namespace {

double per_second(uint64_t value, double seconds) { return seconds > 0 ? static_cast<double>(value) / seconds : 0; }
double microseconds(uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }
std::string rate_text(uint64_t bytes, double seconds) { return format_size(static_cast<uint64_t>(per_second(bytes, seconds)), 1) + "/s"; }
std::string count(uint64_t value) { return format("%llu", static_cast<unsigned long long>(value)); }

/// A duration with three digits: "812us", "1.25ms", "37.1ms", "2.04s".
std::string latency_text(double nanoseconds) {
  const char* unit = "us";
  double value = nanoseconds / 1e3;
  if (value >= 999'500) {
    unit = "s";
    value /= 1e6;
  } else if (value >= 999.5) {
    unit = "ms";
    value /= 1e3;
  }
  int digits = value >= 100 || unit[0] == 'u' ? 0 : value >= 10 ? 1 : 2;
  return format("%.*f%s", digits, value, unit);
}

std::string latency_text(uint64_t nanoseconds) { return latency_text(static_cast<double>(nanoseconds)); }

std::string operation_text(const char* title, const OperationStatistics& s, double seconds) {
  return format("%s %.0f/s %s p50 %s p99 %s", title, per_second(s.latency.count(), seconds), rate_text(s.bytes, seconds).c_str(),
                latency_text(s.latency.percentile(50)).c_str(), latency_text(s.latency.percentile(99)).c_str());
}

std::vector<std::string> table_row(const char* title, const OperationStatistics& s, double seconds) {
  const Histogram& l = s.latency;
  return {title,
          count(l.count()),
          format("%.0f", per_second(l.count(), seconds)),
          rate_text(s.bytes, seconds),
          latency_text(l.mean()),
          latency_text(l.percentile(50)),
          latency_text(l.percentile(90)),
          latency_text(l.percentile(99)),
          latency_text(l.percentile(99.9)),
          latency_text(l.max()),
          count(s.errors)};
}

std::string operations_table(const RunResult& result) {
  using cli::Align;
  std::vector<cli::Column> columns = {{"OP", Align::kLeft}};
  for (const char* title : {"COUNT", "OPS/S", "THROUGHPUT", "MEAN", "P50", "P90", "P99", "P99.9", "MAX", "ERRORS"})
    columns.push_back({title, Align::kRight});
  cli::Table table(columns);
  for (const OperationName& operation : kOperations) {
    const OperationStatistics& s = result.total.*operation.statistics;
    if (s.latency.count() + s.errors > 0) table.add(table_row(operation.title, s, result.seconds));
  }
  return table.rows() > 0 ? table.render(false) : "nothing was done\n";
}

void write_latency(codec::JsonWriter& out, const Histogram& l) {
  out.key("latency_us").begin_object().field("min", microseconds(l.min())).field("mean", l.mean() / 1e3);
  out.field("p50", microseconds(l.percentile(50))).field("p90", microseconds(l.percentile(90)));
  out.field("p99", microseconds(l.percentile(99))).field("p999", microseconds(l.percentile(99.9)));
  out.field("max", microseconds(l.max())).end_object();
}

double mean_ns(uint64_t sum, uint64_t count) { return count > 0 ? static_cast<double>(sum) / static_cast<double>(count) : 0; }

/// Means, --trace-http.
void write_times(codec::JsonWriter& out, const RequestTimes& t) {
  out.key("trace_us").begin_object().field("gateway", mean_ns(t.gateway_ns, t.count) / 1e3);
  out.field("first_byte", mean_ns(t.first_byte_ns, t.count) / 1e3).field("rest", mean_ns(t.rest_ns, t.count) / 1e3);
  out.field("whole", mean_ns(t.gateway_ns + t.first_byte_ns + t.rest_ns, t.count) / 1e3).end_object();
}

std::string times_line(const char* title, const RequestTimes& t) {
  return format("%s trace, means: gateway %s, first byte %s, rest %s; whole %s\n", title,
                latency_text(mean_ns(t.gateway_ns, t.count)).c_str(), latency_text(mean_ns(t.first_byte_ns, t.count)).c_str(),
                latency_text(mean_ns(t.rest_ns, t.count)).c_str(),
                latency_text(mean_ns(t.gateway_ns + t.first_byte_ns + t.rest_ns, t.count)).c_str());
}

void write_operations(codec::JsonWriter& out, const Statistics& statistics, double seconds) {
  for (const OperationName& operation : kOperations) {
    const OperationStatistics& s = statistics.*operation.statistics;
    out.key(operation.name).begin_object().field("ops", s.latency.count()).field("bytes", s.bytes).field("errors", s.errors);
    if (operation.statistics == &Statistics::list) out.field("names", s.names);
    out.field("ops_per_s", per_second(s.latency.count(), seconds)).field("bytes_per_s", per_second(s.bytes, seconds));
    write_latency(out, s.latency);
    if (s.times.count > 0) write_times(out, s.times);
    out.end_object();
  }
  out.key("errors").begin_object();
  for (const auto& [kind, number] : statistics.errors) out.field(kind, number);
  out.end_object();
}

void write_rate(codec::JsonWriter& out, const RunResult& result) {
  out.key("rate");
  if (result.rate == 0) {
    out.null();
    return;
  }
  out.begin_object().field("intended_per_s", result.rate).field("achieved_per_s", per_second(result.total.started, result.window));
  out.field("due", result.total.started + result.total.not_started).field("started", result.total.started);
  out.field("not_started", result.total.not_started)
      .field("late", result.total.late)
      .field("lag_max_us", microseconds(result.total.lag_max_ns))
      .end_object();
}

double cpu_per_operation(const RunResult& result) {
  uint64_t operations = result.total.operations();
  return operations > 0 ? result.cpu_seconds * 1e6 / static_cast<double>(operations) : 0;
}

std::string rate_line(const RunResult& result) {
  return format("rate: %.10g operations a second intended, %.1f begun; longest delay %s; %llu late, of them %llu never begun\n",
                result.rate, per_second(result.total.started, result.window), latency_text(result.total.lag_max_ns).c_str(),
                static_cast<unsigned long long>(result.total.late), static_cast<unsigned long long>(result.total.not_started));
}

}  // namespace

std::string interval_line(const Statistics& statistics, double seconds, double elapsed) {
  std::string out = format("%7.1fs", elapsed);
  for (const OperationName& operation : kOperations)
    if (const OperationStatistics& s = statistics.*operation.statistics; s.latency.count() > 0)
      out += "  " + operation_text(operation.title, s, seconds);
  if (statistics.operations() == 0) out += "  nothing done";
  if (uint64_t errors = statistics.error_count(); errors > 0) out += "  errors " + count(errors);
  return out + "\n";
}

std::string interval_json(const Statistics& statistics, double seconds, double elapsed) {
  codec::JsonWriter out;
  out.begin_object().field("elapsed_s", elapsed).field("seconds", seconds);
  write_operations(out, statistics, seconds);
  return out.end_object().take() + "\n";
}

std::string result_table(const RunResult& result) {
  std::string out = format("%s, %s on %s, %.1f s, seed %llu\n\n", result.bucket.c_str(), cli::counted(result.workers, "worker").c_str(),
                           cli::counted(result.threads, "thread").c_str(), result.seconds, static_cast<unsigned long long>(result.seed));
  out += operations_table(result);
  if (result.total.list.names > 0)
    out +=
        format("names listed: %s, %.0f/s\n", count(result.total.list.names).c_str(), per_second(result.total.list.names, result.seconds));
  for (const OperationName& operation : kOperations)
    if (const RequestTimes& times = (result.total.*operation.statistics).times; times.count > 0) out += times_line(operation.title, times);
  for (const auto& [kind, number] : result.total.errors) out += format("error %-24s %s\n", kind.c_str(), count(number).c_str());
  if (result.rate > 0) out += rate_line(result);
  for (const std::string& warning : result.warnings) out += "warning: " + warning + "\n";
  out += format("\nloader CPU %.2f s, %.1f us an operation\n", result.cpu_seconds, cpu_per_operation(result));
  return out;
}

std::string result_json(const RunResult& result) {
  codec::JsonWriter out;
  out.begin_object().field("bucket", result.bucket).field("seconds", result.seconds).field("workers", result.workers);
  out.field("threads", result.threads).field("seed", result.seed);
  write_operations(out, result.total, result.seconds);
  write_rate(out, result);
  out.key("warnings").begin_array();
  for (const std::string& warning : result.warnings) out.value(warning);
  out.end_array().field("cpu_s", result.cpu_seconds).field("cpu_us_per_op", cpu_per_operation(result)).end_object();
  return out.take();
}

}  // namespace ais::loader
