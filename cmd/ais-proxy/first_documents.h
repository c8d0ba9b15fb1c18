// The documents with which a gateway becomes primary: those of its stored cluster, or of a new one. A decision on values.
#pragma once

#include <cstdint>
#include <string>

#include "api/membership.h"
#include "app/cluster_view.h"
#include "base/status.h"
#include "meta/cluster_map.h"

namespace ais::proxy {

/// Those that have to change, beside `stored`, so that `self` is in the map with its present addresses: of a new cluster all of them, at
/// version 1; none when nothing has changed. `new_uuid` is for a cluster that has none yet: not of a first start that was interrupted,
/// whose documents have one. What add_node() says.
Result<api::ClusterDocuments> first_documents(const app::ClusterSnapshot& stored, const meta::Node& self, const std::string& new_uuid,
                                              int64_t unix_ns);

}  // namespace ais::proxy
