// The tables and the JSON of `ais show performance`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ais/cluster/node_report.h"
#include "ais/cluster/performance.h"
#include "base/units.h"
#include "cli/table.h"

namespace ais::cli {

/// A node in a view, with its counters at two looks.
struct NodeActivity {
  const NodeReport* report;
  CounterSample before, now;
};
using Activities = std::vector<NodeActivity>;

Table activity_table(const Activities& nodes, SizeUnits units);
Table throughput_table(const Activities& nodes, SizeUnits units);
Table latency_table(const Activities& nodes);
/// The columns that counter_names() gave.
Table counter_table(const Activities& nodes, const std::vector<std::string>& names, SizeUnits units);

/// {"time", "nodes": [{"id", "role", "state", "interval_seconds", "get": {...}, "put": {...}, ..., "errors", "new_errors", "counters",
/// "error"}]}: the same for every selection. Averages of nothing are null.
std::string activity_json(const Activities& nodes, std::string_view time);

/// "1.25ms" with three digits that count; "" for a negative time.
std::string latency_text(double ns);

}  // namespace ais::cli
