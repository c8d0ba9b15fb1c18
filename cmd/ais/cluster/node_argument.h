// Nodes as arguments: an id, the name that messages show, or the beginning of an id.
#pragma once

#include <string_view>

#include "ais/command/invocation.h"
#include "meta/cluster_map.h"

namespace ais::cli {

/// The node that `text` names: its id, "t[id]", "p[id]", or a beginning of the id that no other node shares. kNodeNotFound, with the
/// nearest id where there is one; kInvalid when several nodes are meant. The node lives as long as the map.
Result<const meta::Node*> find_node(const meta::ClusterMap& map, std::string_view text);
/// The same for targets alone: a gateway is kInvalid.
Result<const meta::Node*> find_target(const meta::ClusterMap& map, std::string_view text);

}  // namespace ais::cli
