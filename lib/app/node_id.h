// The node's id: chosen or made once, then kept in the state directory.
#pragma once

#include <string>

#include "base/status.h"
#include "meta/cluster_map.h"
#include "sys/environment.h"

namespace ais::app {

/// From `<state>/node_id`, or else `wanted`, or else made now ("p" or "t" + 8 characters); what is new is stored there durably. An id
/// has 3 to 64 letters, digits, '-' and '_'. kInvalid: `wanted` is none, or is not the one that is stored; kCorrupt: what is stored is
/// none. Blocks on the disk; at start.
Result<std::string> load_or_create_node_id(const sys::Environment& environment, const std::string& state_dir, meta::NodeType type,
                                           const std::string& wanted);

}  // namespace ais::app
