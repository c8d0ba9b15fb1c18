// What `ais show cluster` prints about nodes.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "ais/cluster/node_report.h"
#include "base/units.h"
#include "cli/table.h"
#include "meta/cluster_map.h"

namespace ais::cli {

/// A row a node. Left out: a version that all have, alerts that none has, and when lines are longer than `width_max` some more.
Table node_table(const std::vector<NodeReport>& reports, SizeUnits units, size_t width_max = std::numeric_limits<size_t>::max());
Table cpu_table(const std::vector<NodeReport>& reports);
Table memory_table(const std::vector<NodeReport>& reports, SizeUnits units);
/// One line below the table: how many nodes there are, and how many of them answer.
std::string node_summary(const meta::ClusterMap& map, const std::vector<NodeReport>& reports);
/// {"time", "cluster": uuid, "smap_version", "primary", "nodes": [...]}; numbers that are not known are null.
std::string nodes_json(const meta::ClusterMap& map, const std::vector<NodeReport>& reports, std::string_view time);

/// "2h2m2s", "12d4h"; "" for a negative time.
std::string uptime_text(int64_t ns);
/// "25%" of used + available; "" when both are 0.
std::string percent_text(uint64_t used, uint64_t available);

}  // namespace ais::cli
