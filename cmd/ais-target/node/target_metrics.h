// The metrics of a target: one table, addressed by index (docs/metrics.md explains the names).
#pragma once

#include <cstddef>
#include <vector>

#include "app/metrics.h"

namespace ais::target {

enum Metric : size_t {
  kGetCount,
  kGetBytes,
  kGetNanoseconds,
  kPutCount,
  kPutBytes,
  kPutNanoseconds,
  kHeadCount,
  kDeleteCount,
  kRenameCount,
  kCopyCount,
  kPatchCount,
  kListCount,
  kListNanoseconds,
  kAppendCount,
  kAppendNanoseconds,
  kRedirectCount,
  kChecksumErrors,
  kPutChecksumErrors,
  kGetErrors,
  kPutErrors,
  kHeadErrors,
  kDeleteErrors,
  kRenameErrors,
  kPatchErrors,
  kListErrors,
  kAppendErrors,
  kMetricCount,
};

/// The table in the order of `Metric`.
std::vector<app::MetricInfo> metric_table();
/// What is computed from that table at intervals.
void add_throughputs(app::Metrics& metrics);

}  // namespace ais::target
