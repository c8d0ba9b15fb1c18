// The result of a run as text: lines while it runs, a table for people (result_text.cpp), JSON for programs (result_json.cpp).
#pragma once

#include <string>
#include <vector>

#include "aisloader/cluster_facts.h"
#include "aisloader/options.h"
#include "aisloader/statistics.h"
#include "aisloader/time_series.h"

namespace ais::loader {

struct RunResult {
  std::string command_line;  // as a shell would take it
  Parameters parameters;
  ClusterFacts cluster;
  std::string bucket;
  uint64_t workers = 0, threads = 0, seed = 0;
  uint64_t objects_found = 0, objects_put_before = 0;
  double rate = 0;    // 0 = closed loop
  double window = 0;  // open loop: seconds in which operations could begin
  double seconds = 0;
  double cpu_seconds = 0;    // of the loader itself
  std::string begun, ended;  // "2026-01-02T03:04:05Z"
  Statistics total;
  TimeSeries series;
  std::vector<std::string> warnings;  // what was left out of the measurement
};

/// What tells a result of this loader from other JSON: value of its key "report".
inline constexpr char kReportMark[] = "aisloader";
/// Raised when a key of results changes its meaning or goes.
inline constexpr int kReportVersion = 1;

/// One line about an interval of `seconds` that ends `elapsed` seconds after the start: for people, or as JSON. `whole` is false for what
/// is left behind the last interval.
std::string interval_line(const Statistics& statistics, double seconds, double elapsed);
std::string interval_json(const Statistics& statistics, double seconds, double elapsed, bool whole);
/// The result as a table, and as one JSON object. cmd/aisloader/README.md states the keys.
std::string result_table(const RunResult& result);
std::string result_json(const RunResult& result);

/// An operation of a table or page: its row and, behind the others, that of all together when there are several.
struct OperationRow {
  const char* name;   // "get", "total": in JSON
  const char* title;  // "GET", "TOTAL"
  OperationStatistics statistics;
};
/// Those that were tried.
std::vector<OperationRow> operation_rows(const Statistics& statistics);

/// Mean nanoseconds; 0 of none.
double mean_ns(uint64_t sum, uint64_t count);

}  // namespace ais::loader
