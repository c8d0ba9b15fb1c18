// What was measured: one Statistics per loop and interval, merged for lines and the result.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "aisloader/histogram.h"
#include "base/status.h"

namespace ais::loader {

struct OperationStatistics {
  uint64_t bytes = 0;
  uint64_t errors = 0;
  Histogram latency;  // of the operations that succeeded
  void merge(const OperationStatistics& other);
  void clear();
};

struct Statistics {
  OperationStatistics put, get;
  std::map<std::string, uint64_t> errors;  // by kind
  void merge(const Statistics& other);
  void clear();
  uint64_t operations() const { return put.latency.count() + get.latency.count(); }
};

/// "http-404", "ConnectionFailed", ...: what an error is counted as. Statuses of the cluster are told by their number.
std::string error_kind(const Status& status);

struct RunSummary {
  std::string bucket;
  double seconds = 0;
  double cpu_seconds = 0;  // of the loader itself
  uint64_t workers = 0, threads = 0;
};

/// One line for people about an interval of `seconds` that ends `elapsed` seconds after the start.
std::string interval_line(const Statistics& statistics, double seconds, double elapsed);
/// The result as a table, and as one JSON object.
std::string result_table(const Statistics& statistics, const RunSummary& summary);
std::string result_json(const Statistics& statistics, const RunSummary& summary);

}  // namespace ais::loader
