#include "ais-proxy/first_documents.h"

#include <utility>

#include "ais-proxy/cluster_config_edits.h"
#include "ais-proxy/cluster_map_edits.h"

namespace ais::proxy {

Result<api::ClusterDocuments> first_documents(const app::ClusterSnapshot& stored, const meta::Node& self, const std::string& new_uuid,
                                              int64_t unix_ns) {
  api::ClusterDocuments next;
  std::string uuid = stored.smap->uuid;
  if (stored.smap->version == 0) {
    uuid = !stored.bmd->uuid.empty() ? stored.bmd->uuid : stored.cluster_config->uuid;
    if (uuid.empty()) uuid = new_uuid;
    next.smap = first_cluster_map(self, uuid, unix_ns);
  } else {
    meta::ClusterMap map = *stored.smap;
    AIS_RETURN_IF_ERROR(add_node(map, self));
    if (map.version > stored.smap->version) next.smap = std::move(map);
  }
  if (stored.bmd->version == 0) {
    next.bmd.emplace();
    next.bmd->uuid = uuid;
    next.bmd->version = 1;
  }
  if (stored.cluster_config->version == 0) {
    next.config = *stored.cluster_config;
    next.config->uuid = uuid;
    next.config->proxy.primary_url = next.config->proxy.original_url = self.public_net.url();
    stamp_config(*next.config, unix_ns);
  }
  return next;
}

}  // namespace ais::proxy
