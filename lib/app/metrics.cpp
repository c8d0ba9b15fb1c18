#include "app/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "base/assert.h"
#include "base/strings.h"

namespace ais::app {
namespace {

size_t line_of_thread(size_t lines) {
  static std::atomic<size_t> next{0};
  thread_local const size_t line = next.fetch_add(1, std::memory_order_relaxed);
  return line % lines;
}

// "get.n" -> "get_count", "get.size" -> "get_bytes", "get.ns.total" -> "get_ns_total"; every other byte that may not stand in a
// Prometheus name becomes '_'.
std::string prometheus_name(const std::string& prefix, std::string_view name) {
  std::string_view suffix;
  if (name.ends_with(".n")) {
    name.remove_suffix(2);
    suffix = "_count";
  } else if (name.ends_with(".size")) {
    name.remove_suffix(5);
    suffix = "_bytes";
  }
  std::string out = prefix;
  if (!out.empty()) out += '_';
  out.append(name).append(suffix);
  for (char& c : out) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!allowed) c = '_';
  }
  return out;
}

/// What may fall; reset() leaves it alone.
bool is_gauge(MetricKind kind) {
  return kind != MetricKind::kCounter && kind != MetricKind::kSize && kind != MetricKind::kTotalNanoseconds;
}

prometheus::MetricFamily family(const MetricInfo& info, const std::string& name, int64_t value,
                                const std::vector<prometheus::ClientMetric::Label>& labels) {
  prometheus::MetricFamily out;
  out.name = name;
  out.help = info.help;
  prometheus::ClientMetric metric;
  metric.label = labels;
  if (is_gauge(info.kind)) {
    out.type = prometheus::MetricType::Gauge;
    metric.gauge.value = static_cast<double>(value);
  } else {
    out.type = prometheus::MetricType::Counter;
    metric.counter.value = static_cast<double>(value);
  }
  out.metric.push_back(std::move(metric));
  return out;
}

}  // namespace

std::string_view kind_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter: return "counter";
    case MetricKind::kSize: return "size";
    case MetricKind::kTotalNanoseconds: return "total";
    case MetricKind::kGauge: return "gauge";
    case MetricKind::kSpecial: return "special";
    case MetricKind::kThroughput: return "bw";
    case MetricKind::kComputedThroughput: return "compbw";
  }
  AIS_UNREACHABLE("kind of a metric");
}

Metrics::Metrics(std::vector<MetricInfo> table) : table_(std::move(table)), lines_(std::make_unique<Line[]>(kLines)) {
  AIS_ASSERT(table_.size() <= kMetricsMax);
}

Metrics::~Metrics() = default;

void Metrics::add(size_t index, int64_t delta) { lines_[line_of_thread(kLines)].values[index].fetch_add(delta, std::memory_order_relaxed); }

int64_t Metrics::read(size_t index) const {
  int64_t sum = 0;
  for (size_t line = 0; line < kLines; line++) sum += lines_[line].values[index].load(std::memory_order_relaxed);
  return sum;
}

void Metrics::add_callback(MetricInfo info, std::function<int64_t()> read) {
  callbacks_.push_back({std::move(info), std::move(read), std::make_unique<std::atomic<int64_t>>(0)});
}

int64_t Metrics::Computed::read() const { return source() - at_reset->load(std::memory_order_relaxed); }

void Metrics::add_throughput(MetricInfo info, size_t index) {
  Throughput* throughput = throughputs_.emplace_back(std::make_unique<Throughput>()).get();
  throughput->index = index;
  add_callback(std::move(info), [throughput] { return throughput->per_second.load(std::memory_order_relaxed); });
}

void Metrics::sample(int64_t monotonic_ns) {
  const double seconds = static_cast<double>(monotonic_ns - sampled_ns_) / 1e9;
  const bool first = sampled_ns_ == 0;
  sampled_ns_ = monotonic_ns;
  for (const auto& throughput : throughputs_) {
    const int64_t now = read(throughput->index);
    // Less than before: a reset has been between.
    const int64_t gained = now < throughput->last_value ? now : now - throughput->last_value;
    throughput->last_value = now;
    if (!first && seconds > 0)
      throughput->per_second.store(static_cast<int64_t>(static_cast<double>(gained) / seconds), std::memory_order_relaxed);
  }
}

void Metrics::reset(bool errors_only) {
  const auto chosen = [errors_only](const MetricInfo& info) {
    return !is_gauge(info.kind) && (!errors_only || info.name.starts_with("err."));
  };
  for (size_t i = 0; i < table_.size(); i++) {
    if (!chosen(table_[i])) continue;
    for (size_t line = 0; line < kLines; line++) lines_[line].values[i].store(0, std::memory_order_relaxed);
  }
  for (const Computed& computed : callbacks_) {
    if (chosen(computed.info)) computed.at_reset->store(computed.source(), std::memory_order_relaxed);
  }
}

std::map<std::string, int64_t> Metrics::tracker() const {
  std::map<std::string, int64_t> out;
  const auto add = [&out](const MetricInfo& info, int64_t value) {
    if (value != 0 || is_gauge(info.kind)) out[info.name] = value;
  };
  for (size_t i = 0; i < table_.size(); i++) add(table_[i], read(i));
  for (const Computed& computed : callbacks_) add(computed.info, computed.read());
  return out;
}

std::map<std::string, std::string> Metrics::kinds() const {
  std::map<std::string, std::string> out;
  for (const MetricInfo& info : table_) out[info.name] = kind_name(info.kind);
  for (const Computed& computed : callbacks_) out[computed.info.name] = kind_name(computed.info.kind);
  return out;
}

std::string Metrics::prometheus_text(const std::string& prefix, const std::map<std::string, std::string>& labels) const {
  std::vector<prometheus::ClientMetric::Label> label_list;
  for (const auto& [name, value] : labels) label_list.push_back({name, value});
  std::vector<prometheus::MetricFamily> families;
  families.reserve(table_.size() + callbacks_.size());
  for (size_t i = 0; i < table_.size(); i++)
    families.push_back(family(table_[i], prometheus_name(prefix, table_[i].name), read(i), label_list));
  for (const Computed& computed : callbacks_)
    families.push_back(family(computed.info, prometheus_name(prefix, computed.info.name), computed.read(), label_list));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace ais::app
