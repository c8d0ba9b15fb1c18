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

prometheus::MetricFamily family(const MetricInfo& info, const std::string& name, int64_t value,
                                const std::vector<prometheus::ClientMetric::Label>& labels) {
  prometheus::MetricFamily out;
  out.name = name;
  out.help = info.help;
  prometheus::ClientMetric metric;
  metric.label = labels;
  if (info.kind == MetricKind::kGauge) {
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

void Metrics::add_callback(MetricInfo info, std::function<int64_t()> read) { callbacks_.emplace_back(info, std::move(read)); }

void Metrics::reset(bool errors_only) {
  for (size_t line = 0; line < kLines; line++) {
    for (size_t i = 0; i < table_.size(); i++) {
      if (table_[i].kind == MetricKind::kGauge || (errors_only && !std::string_view(table_[i].name).starts_with("err."))) continue;
      lines_[line].values[i].store(0, std::memory_order_relaxed);
    }
  }
}

std::map<std::string, int64_t> Metrics::tracker() const {
  std::map<std::string, int64_t> out;
  for (size_t i = 0; i < table_.size(); i++) out[table_[i].name] = read(i);
  for (const auto& [info, value] : callbacks_) out[info.name] = value();
  return out;
}

std::map<std::string, std::string> Metrics::prometheus_names() const {
  std::map<std::string, std::string> out;
  for (const MetricInfo& info : table_) out[info.name] = prometheus_name(prefix_, info.name);
  for (const auto& callback : callbacks_) out[callback.first.name] = prometheus_name(prefix_, callback.first.name);
  return out;
}

std::string Metrics::prometheus_text(const std::string& prefix, const std::map<std::string, std::string>& labels) const {
  std::vector<prometheus::ClientMetric::Label> label_list;
  for (const auto& [name, value] : labels) label_list.push_back({name, value});
  std::vector<prometheus::MetricFamily> families;
  families.reserve(table_.size() + callbacks_.size());
  for (size_t i = 0; i < table_.size(); i++)
    families.push_back(family(table_[i], prometheus_name(prefix, table_[i].name), read(i), label_list));
  for (const auto& [info, value] : callbacks_) families.push_back(family(info, prometheus_name(prefix, info.name), value(), label_list));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace ais::app
