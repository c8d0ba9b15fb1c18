// Performance: what a node did between two looks at its counters. Pure functions on the tracker (docs/metrics.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace ais::cli {

using Tracker = std::map<std::string, int64_t>;

/// One look at a node's counters.
struct CounterSample {
  int64_t taken_ns = 0;  // monotonic time of this machine
  Tracker tracker;
};

/// One kind of operation ("get", "put", "lst", "append").
struct OperationRates {
  int64_t count = 0, bytes = 0, errors = 0;       // since the node's counters began
  double per_second = 0, bytes_per_second = 0;    // in the interval
  int64_t new_count = 0, new_errors = 0;          // in the interval
  double latency_ns = -1, latency_total_ns = -1;  // mean in the interval, and since the counters began; negative = no operation
  double average_bytes = -1;                      // of an operation in the interval; negative = no operation
};

/// What happened between two samples of one node. Counters that went back (the node was restarted, or its statistics reset) are
/// counted from zero: what happened before is not known.
class Interval {
 public:
  Interval(const CounterSample& before, const CounterSample& now);
  double seconds() const { return seconds_; }
  OperationRates operation(std::string_view name) const;
  /// Errors of all kinds, since the counters began and in the interval.
  int64_t errors() const;
  int64_t new_errors() const;

 private:
  int64_t total(const std::string& name) const;
  int64_t increase(const std::string& name) const;

  const Tracker& now_;
  Tracker before_;
  double seconds_;
};

/// Names of counters in the trackers ("get.n", "get.size") that `pattern` (a POSIX extended regular expression, any case; "" = all)
/// finds in their titles, sorted. Those that are zero everywhere only with `all`. kInvalid when the pattern is none.
Result<std::vector<std::string>> counter_names(const std::vector<const Tracker*>& trackers, const std::string& pattern, bool all);
/// "get.size" -> "GET(size)", "err.get.n" -> "ERR-GET(n)".
std::string counter_title(std::string_view name);

}  // namespace ais::cli
