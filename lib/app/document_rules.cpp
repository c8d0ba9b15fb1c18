#include "app/document_rules.h"

#include <optional>
#include <utility>

namespace ais::app {
namespace {

template <typename Document>
Status keep_if_newer(const std::string& uuid, const Document& held, std::optional<Document>& offered, const char* kind) {
  if (!offered) return {};
  AIS_RETURN_IF_ERROR(check_cluster_uuid(uuid, offered->uuid, kind));
  if (offered->version <= held.version) offered.reset();
  return {};
}

}  // namespace

const std::string& cluster_uuid_of(const ClusterSnapshot& held) {
  if (!held.smap->uuid.empty()) return held.smap->uuid;
  return !held.bmd->uuid.empty() ? held.bmd->uuid : held.cluster_config->uuid;
}

Status check_cluster_uuid(const std::string& own, const std::string& other, const char* what) {
  if (own.empty() || other.empty() || own == other) return {};
  return make_status(Code::kWrongCluster, "%s is of cluster %s, this node belongs to %s", what, other.c_str(), own.c_str());
}

Result<api::ClusterDocuments> newer_documents(const ClusterSnapshot& held, api::ClusterDocuments offered) {
  std::string uuid = cluster_uuid_of(held);
  if (uuid.empty() && offered.smap) uuid = offered.smap->uuid;
  AIS_RETURN_IF_ERROR(keep_if_newer(uuid, *held.cluster_config, offered.config, "config"));
  AIS_RETURN_IF_ERROR(keep_if_newer(uuid, *held.bmd, offered.bmd, "bmd"));
  AIS_RETURN_IF_ERROR(keep_if_newer(uuid, *held.smap, offered.smap, "smap"));
  return offered;
}

}  // namespace ais::app
