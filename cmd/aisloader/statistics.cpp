#include "aisloader/statistics.h"

#include "base/strings.h"
#include "base/units.h"
#include "codec/json.h"

namespace ais::loader {
namespace {

double per_second(uint64_t value, double seconds) { return seconds > 0 ? static_cast<double>(value) / seconds : 0; }
double microseconds(uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }
std::string rate_text(uint64_t bytes, double seconds) { return format_size(static_cast<uint64_t>(per_second(bytes, seconds)), 1) + "/s"; }

std::string operation_text(const char* name, const OperationStatistics& s, double seconds) {
  return format("%s %.0f/s %s p50 %.0fus p99 %.0fus", name, per_second(s.latency.count(), seconds), rate_text(s.bytes, seconds).c_str(),
                microseconds(s.latency.percentile(50)), microseconds(s.latency.percentile(99)));
}

std::string table_row(const char* name, const OperationStatistics& s, double seconds) {
  const Histogram& l = s.latency;
  return format("%-4s %12llu %10.0f %12s %9.0f %9.0f %9.0f %9.0f %9.0f %9.0f %8llu\n", name, static_cast<unsigned long long>(l.count()),
                per_second(l.count(), seconds), rate_text(s.bytes, seconds).c_str(), l.mean() / 1e3, microseconds(l.percentile(50)),
                microseconds(l.percentile(90)), microseconds(l.percentile(99)), microseconds(l.percentile(99.9)), microseconds(l.max()),
                static_cast<unsigned long long>(s.errors));
}

void write_operation(codec::JsonWriter& out, std::string_view name, const OperationStatistics& s, double seconds) {
  const Histogram& l = s.latency;
  out.key(name).begin_object().field("ops", l.count()).field("bytes", s.bytes).field("errors", s.errors);
  out.field("ops_per_s", per_second(l.count(), seconds)).field("bytes_per_s", per_second(s.bytes, seconds));
  out.key("latency_us").begin_object().field("min", microseconds(l.min())).field("mean", l.mean() / 1e3);
  out.field("p50", microseconds(l.percentile(50))).field("p90", microseconds(l.percentile(90)));
  out.field("p99", microseconds(l.percentile(99))).field("p999", microseconds(l.percentile(99.9)));
  out.field("max", microseconds(l.max())).end_object().end_object();
}

double cpu_per_operation(const Statistics& statistics, const RunSummary& summary) {
  uint64_t operations = statistics.operations();
  return operations > 0 ? summary.cpu_seconds * 1e6 / static_cast<double>(operations) : 0;
}

}  // namespace

void OperationStatistics::merge(const OperationStatistics& other) {
  bytes += other.bytes;
  errors += other.errors;
  latency.merge(other.latency);
}

void OperationStatistics::clear() {
  bytes = errors = 0;
  latency.clear();
}

void Statistics::merge(const Statistics& other) {
  put.merge(other.put);
  get.merge(other.get);
  for (const auto& [kind, count] : other.errors) errors[kind] += count;
}

void Statistics::clear() {
  put.clear();
  get.clear();
  errors.clear();
}

std::string error_kind(const Status& status) {
  if (status.code() == Code::kUnexpectedStatus) return "http-" + std::to_string(status.http_status());
  return std::string(code_name(status.code()));
}

std::string interval_line(const Statistics& statistics, double seconds, double elapsed) {
  std::string out = format("%7.1fs", elapsed);
  for (const auto& [name, s] : {std::pair{"GET", &statistics.get}, std::pair{"PUT", &statistics.put}})
    if (s->latency.count() > 0) out += "  " + operation_text(name, *s, seconds);
  if (statistics.operations() == 0) out += "  nothing done";
  if (uint64_t errors = statistics.put.errors + statistics.get.errors; errors > 0)
    out += format("  errors %llu", static_cast<unsigned long long>(errors));
  return out + "\n";
}

std::string result_table(const Statistics& statistics, const RunSummary& summary) {
  std::string out =
      format("%s, %llu workers on %llu threads, %.1f s\n\n", summary.bucket.c_str(), static_cast<unsigned long long>(summary.workers),
             static_cast<unsigned long long>(summary.threads), summary.seconds);
  out += format("%-4s %12s %10s %12s %9s %9s %9s %9s %9s %9s %8s\n", "OP", "COUNT", "OPS/S", "THROUGHPUT", "MEAN us", "P50 us", "P90 us",
                "P99 us", "P99.9 us", "MAX us", "ERRORS");
  for (const auto& [name, s] : {std::pair{"GET", &statistics.get}, std::pair{"PUT", &statistics.put}})
    if (s->latency.count() + s->errors > 0) out += table_row(name, *s, summary.seconds);
  for (const auto& [kind, count] : statistics.errors)
    out += format("error %-24s %llu\n", kind.c_str(), static_cast<unsigned long long>(count));
  out += format("\nloader CPU %.2f s, %.1f us an operation\n", summary.cpu_seconds, cpu_per_operation(statistics, summary));
  return out;
}

std::string result_json(const Statistics& statistics, const RunSummary& summary) {
  codec::JsonWriter out;
  out.begin_object().field("bucket", summary.bucket).field("seconds", summary.seconds).field("workers", summary.workers);
  out.field("threads", summary.threads);
  write_operation(out, "get", statistics.get, summary.seconds);
  write_operation(out, "put", statistics.put, summary.seconds);
  out.key("errors").begin_object();
  for (const auto& [kind, count] : statistics.errors) out.field(kind, count);
  out.end_object().field("cpu_s", summary.cpu_seconds).field("cpu_us_per_op", cpu_per_operation(statistics, summary)).end_object();
  return out.take();
}

}  // namespace ais::loader
