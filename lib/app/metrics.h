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
#include <string_view>
#include <vector>

namespace ais::app {

/// What a value means; kind_name() is AIStore's word for it, by which its tools choose columns and units.
enum class MetricKind {
  kCounter,            // "counter": events
  kSize,               // "size": bytes, summed
  kTotalNanoseconds,   // "total": time, summed
  kGauge,              // "gauge": what is now
  kSpecial,            // "special": the uptime
  kThroughput,         // "bw": bytes per second over the latest periodic.stats_time
  kComputedThroughput  // "compbw": bytes per second of a disk
};
std::string_view kind_name(MetricKind kind);

struct MetricInfo {
  std::string name;  // AIStore's tracker name: "get.n", "get.ns.total"
  MetricKind kind;
  std::string help;
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
  /// A kThroughput: what the metric at `index` gained between two calls of sample(), per second.
  void add_throughput(MetricInfo info, size_t index);
  /// Ends an interval of the throughputs. Called every periodic.stats_time, by one thread at a time.
  void sample(int64_t monotonic_ns);
  /// Counters, or only those of errors ("err."), and totals back to 0; gauges stay, they describe what is. A counter that is computed
  /// counts on from here, whatever its source keeps.
  void reset(bool errors_only = false);

  /// Tracker: name -> value. Counters and sums that are 0 are left out: AIStore's tools divide by the counts that they find.
  std::map<std::string, int64_t> tracker() const;
  /// Tracker name -> kind_name().
  std::map<std::string, std::string> kinds() const;
  /// Prometheus text exposition; `labels` such as {{"node_id", "t1"}}.
  std::string prometheus_text(const std::string& prefix, const std::map<std::string, std::string>& labels) const;
  const std::vector<MetricInfo>& table() const { return table_; }

 private:
  static constexpr size_t kLines = 64;
  static constexpr size_t kMetricsMax = 64;
  struct alignas(64) Line {
    std::array<std::atomic<int64_t>, kMetricsMax> values{};
  };
  struct Throughput {
    size_t index;
    int64_t last_value = 0;
    std::atomic<int64_t> per_second{0};
  };
  std::vector<MetricInfo> table_;
  std::vector<std::unique_ptr<Throughput>> throughputs_;  // read through callbacks_
  int64_t sampled_ns_ = 0;                                // 0 = never
  struct Computed {
    MetricInfo info;
    std::function<int64_t()> source;
    std::unique_ptr<std::atomic<int64_t>> at_reset;  // what the source said then
    int64_t read() const;
  };
  std::vector<Computed> callbacks_;
  std::unique_ptr<Line[]> lines_;
};

}  // namespace ais::app
