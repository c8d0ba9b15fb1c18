// How nodes and the primary talk about membership: joining, keepalive, distribution of cluster documents. Node to node only.
//
// Documents travel as a JSON object with a member per document that is sent: {"smap":{...},"bmd":{...},"config":{...}}.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_config.h"
#include "meta/cluster_map.h"

namespace ais::api {

struct ClusterDocuments {
  std::optional<meta::ClusterMap> smap;
  std::optional<meta::BucketMetadata> bmd;
  std::optional<meta::ClusterConfig> config;
  std::string to_json() const;
  static Result<ClusterDocuments> from_json(std::string_view text);
};

/// Versions a node holds: sent with keepalives and as the answer to a metasync.
struct DocumentVersions {
  std::string cluster_uuid;
  uint64_t smap = 0, bmd = 0, config = 0;
  std::vector<std::string> lost_overrides;  // of this node's own settings: those that do not fit the configuration
  std::string to_json() const;
  static Result<DocumentVersions> from_json(std::string_view text);
};

/// POST /v1/cluster/autoreg.
struct JoinRequest {
  meta::Node node;
  DocumentVersions versions;
  uint64_t state_flags = 0;
  std::string to_json() const;
  static Result<JoinRequest> from_json(std::string_view text);
};

}  // namespace ais::api
