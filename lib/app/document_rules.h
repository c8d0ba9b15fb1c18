// Which cluster documents a node takes: decisions on values, without a disk.
#pragma once

#include <string>

#include "api/membership.h"
#include "app/cluster_view.h"
#include "base/status.h"

namespace ais::app {

/// Of the cluster that the documents belong to; "" while there are none.
const std::string& cluster_uuid_of(const ClusterSnapshot& held);

/// kWrongCluster when both are known and differ; `what` names the other's document in the message.
Status check_cluster_uuid(const std::string& own, const std::string& other, const char* what);

/// What of `offered` a node takes that holds `held`: the documents with a higher version. kWrongCluster, and none is taken, when one of
/// them is of another cluster. A node without a cluster takes the map's for its own.
Result<api::ClusterDocuments> newer_documents(const ClusterSnapshot& held, api::ClusterDocuments offered);

}  // namespace ais::app
