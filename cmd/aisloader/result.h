// The result of a run as text: lines while it runs, a table for people, JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "aisloader/options.h"
#include "aisloader/statistics.h"
#include "aisloader/time_series.h"

namespace ais::loader {

struct RunResult {
  Parameters parameters;
  std::string bucket;
  uint64_t workers = 0, threads = 0, seed = 0;
  double rate = 0;    // 0 = closed loop
  double window = 0;  // open loop: seconds in which operations could begin
  double seconds = 0;
  double cpu_seconds = 0;  // of the loader itself
  std::string begun;       // "2026-01-02T03:04:05Z"
  Statistics total;
  TimeSeries series;
  std::vector<std::string> warnings;  // what was left out of the measurement
};

/// One line about an interval of `seconds` that ends `elapsed` seconds after the start: for people, or as JSON.
std::string interval_line(const Statistics& statistics, double seconds, double elapsed);
std::string interval_json(const Statistics& statistics, double seconds, double elapsed);
/// The result as a table, and as one JSON object. cmd/aisloader/README.md states the keys.
std::string result_table(const RunResult& result);
std::string result_json(const RunResult& result);

}  // namespace ais::loader
