// Metrics: counters that cost one relaxed add on a line of the calling thread, exported as AIStore tracker names (node status)
// and as Prometheus text (/metrics). Every metric of a program is declared in one table (docs/metrics.md is printed from it).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ais::app {

enum class MetricKind { kCounter, kGauge, kTotalNanoseconds };

struct MetricInfo {
  const char* name;  // AIStore's tracker name: "get.n", "get.ns.total"
  MetricKind kind;
  const char* help;
};

/// A fixed set of metrics by index. add() is wait-free: per-thread lines, summed on read.
class Metrics {
 public:
  explicit Metrics(std::vector<MetricInfo> table);
  ~Metrics();
  void add(size_t index, int64_t delta = 1);
  int64_t read(size_t index) const;
  /// Values computed when read (uptime, open connections, capacity, ...).
  void add_callback(MetricInfo info, std::function<int64_t()> read);
  /// Counters and totals back to 0, or those of errors ("err.*") only; gauges stay, they describe what is.
  void reset(bool errors_only = false);
  /// First part of the Prometheus names, e.g. "ais_target". Set before threads start.
  void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }

  /// Tracker: name -> value.
  std::map<std::string, int64_t> tracker() const;
  /// Tracker name -> Prometheus name ("get.n" -> "ais_target_get_count") under set_prefix().
  std::map<std::string, std::string> prometheus_names() const;
  /// Prometheus text exposition; `labels` such as {{"node_id", "t1"}}.
  std::string prometheus_text(const std::string& prefix, const std::map<std::string, std::string>& labels) const;
  const std::vector<MetricInfo>& table() const { return table_; }

 private:
  static constexpr size_t kLines = 64;
  static constexpr size_t kMetricsMax = 64;
  struct alignas(64) Line {
    std::array<std::atomic<int64_t>, kMetricsMax> values{};
  };
  std::vector<MetricInfo> table_;
  std::vector<std::pair<MetricInfo, std::function<int64_t()>>> callbacks_;
  std::unique_ptr<Line[]> lines_;
  std::string prefix_;
};

}  // namespace ais::app
