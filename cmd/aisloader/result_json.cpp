// A run for programs: JSON with bare numbers, whose units stand in the keys.
#include "aisloader/percentile_curve.h"
#include "aisloader/result.h"
#include "aisloader/text_units.h"
#include "base/version.h"
#include "codec/json.h"

namespace ais::loader {
namespace {

double microseconds(uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }

void write_latency(codec::JsonWriter& out, const Histogram& l) {
  out.key("latency_us").begin_object().field("min", microseconds(l.min())).field("mean", l.mean() / 1e3);
  out.field("p50", microseconds(l.percentile(50))).field("p90", microseconds(l.percentile(90)));
  out.field("p99", microseconds(l.percentile(99))).field("p999", microseconds(l.percentile(99.9)));
  out.field("max", microseconds(l.max())).end_object();
}

/// [[percent, microseconds], ...]
void write_curve(codec::JsonWriter& out, const Histogram& l) {
  out.key("latency_curve_us").begin_array();
  for (const CurvePoint& point : percentile_curve(l))
    out.begin_array().value(point.percent).value(microseconds(point.nanoseconds)).end_array();
  out.end_array();
}

/// Means of traced requests.
void write_times(codec::JsonWriter& out, const RequestTimes& t) {
  auto mean = [&t](uint64_t sum) { return mean_ns(sum, t.count) / 1e3; };
  out.key("trace_us").begin_object().field("connect", mean(t.connect_ns)).field("gateway", mean(t.gateway_ns));
  out.field("first_byte", mean(t.first_byte_ns)).field("rest", mean(t.rest_ns)).field("whole", mean(t.whole_ns())).end_object();
  out.key("trace").begin_object().field("ops", t.count).field("connections", t.connections).end_object();
}

enum class Detail { kLine, kResult };

void write_operation(codec::JsonWriter& out, const OperationStatistics& s, double seconds, Detail detail) {
  out.begin_object().field("ops", s.latency.count()).field("bytes", s.bytes).field("errors", s.errors);
  if (s.names > 0) out.field("names", s.names);
  out.field("ops_per_s", per_second(s.latency.count(), seconds)).field("bytes_per_s", per_second(s.bytes, seconds));
  write_latency(out, s.latency);
  if (detail == Detail::kResult) write_curve(out, s.latency);
  if (s.times.count > 0) write_times(out, s.times);
  out.end_object();
}

void write_operations(codec::JsonWriter& out, const Statistics& statistics, double seconds, Detail detail) {
  for (const OperationName& operation : kOperations) {
    out.key(operation.name);
    write_operation(out, statistics.*operation.statistics, seconds, detail);
  }
  out.key("total");
  write_operation(out, statistics.all(), seconds, detail);
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

void write_run(codec::JsonWriter& out, const RunResult& result) {
  out.field("report", kReportMark).field("report_version", kReportVersion).field("command_line", result.command_line);
  out.field("loader_version", std::string_view(kVersion)).field("begun", result.begun).field("ended", result.ended);
  out.field("bucket", result.bucket).field("seconds", result.seconds).field("workers", result.workers);
  out.field("threads", result.threads).field("seed", result.seed);
  out.field("objects_found", result.objects_found).field("objects_put_before", result.objects_put_before);
  out.key("parameters").begin_object();
  for (const auto& [name, value] : result.parameters) out.field(name, value);
  out.end_object().key("cluster");
  result.cluster.write_json(out);
}

}  // namespace

std::string interval_json(const Statistics& statistics, double seconds, double elapsed, bool whole) {
  codec::JsonWriter out;
  out.begin_object().field("elapsed_s", elapsed).field("seconds", seconds).field("whole_interval", whole);
  write_operations(out, statistics, seconds, Detail::kLine);
  return out.end_object().take() + "\n";
}

std::string result_json(const RunResult& result) {
  codec::JsonWriter out;
  out.begin_object();
  write_run(out, result);
  write_operations(out, result.total, result.seconds, Detail::kResult);
  write_rate(out, result);
  out.key("warnings").begin_array();
  for (const std::string& warning : result.warnings) out.value(warning);
  const uint64_t operations = result.total.operations();
  out.end_array().field("cpu_s", result.cpu_seconds);
  out.field("cpu_us_per_op", operations > 0 ? result.cpu_seconds * 1e6 / static_cast<double>(operations) : 0.0).end_object();
  return out.take();
}

}  // namespace ais::loader
