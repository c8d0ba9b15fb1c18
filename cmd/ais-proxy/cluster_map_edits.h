// Changes of the cluster map: pure functions on values. Each raises the version by one when, and only when, something changed.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "meta/cluster_map.h"

namespace ais::proxy {

/// Gateways that carry the information-centre flag at most, the primary included.
constexpr size_t kInformationCentresMax = 3;

/// Version 1 of a new cluster: `self` alone, as primary.
meta::ClusterMap first_cluster_map(meta::Node self, std::string uuid, int64_t unix_ns);

/// What a node must be to enter the map: an id of 3-64 letters, digits, '-', '_', and hosts and ports on all three networks.
/// kInvalid naming what is wrong.
Status validate_node(const meta::Node& node);

/// Adds a node or updates the record of a known one (its addresses change when it restarts). What an administrator set on a known
/// node (maintenance) stays; the digest is always computed here. kAlreadyExists when the id belongs to a node of the other type.
Status add_node(meta::ClusterMap& map, meta::Node node);

/// kNodeNotFound, or kInvalid for the primary.
Status remove_node(meta::ClusterMap& map, std::string_view id);

}  // namespace ais::proxy
