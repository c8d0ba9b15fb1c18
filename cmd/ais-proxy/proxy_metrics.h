// The gateway's metrics: indices into app::Metrics and the table that names them (AIStore's tracker names).
#pragma once

#include <cstddef>
#include <vector>

#include "app/metrics.h"

namespace ais::proxy {

enum class ProxyMetric : size_t {
  kGet,
  kPut,
  kAppend,
  kHead,
  kDelete,
  kRename,
  kPatch,
  kList,
  kGetRedirectNs,
  kPutRedirectNs,
  kErrGet,
  kErrPut,
  kErrAppend,
  kErrHead,
  kErrDelete,
  kErrRename,
  kErrPatch,
  kErrList,
  kErrHttp,
  kKeepaliveNs,
  kMetasyncPush,
  kMetasyncError,
};

/// In the order of ProxyMetric.
std::vector<app::MetricInfo> proxy_metric_table();

}  // namespace ais::proxy
