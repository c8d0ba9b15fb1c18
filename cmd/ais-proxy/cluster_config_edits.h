// Changes of the cluster configuration: pure functions that make the next document from the current one.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/query.h"
#include "base/status.h"
#include "codec/json.h"
#include "meta/cluster_config.h"

namespace ais::proxy {

/// A change as a client asks for it: knobs by dotted name in the query, or a partial document in the body.
struct ConfigChange {
  meta::ConfigValues values;
  bool transient = false;

  /// Every parameter of the query but `transient` is a knob.
  static Result<ConfigChange> from_query(std::string_view raw_query);
};

/// The configuration after the change; its version is the caller's. `document` may be null. kUnsupported for a knob
/// that cannot be changed transiently, and what meta::change_config says.
Result<meta::ClusterConfig> apply_config_change(const meta::ClusterConfig& current, const ConfigChange& change, codec::JsonView document);

/// Every knob at its default, except what identifies the cluster and how it is reached (proxy, net, auth, backend).
meta::ClusterConfig reset_config(const meta::ClusterConfig& current);

/// Raises the version and notes the time.
void stamp_config(meta::ClusterConfig& config, int64_t unix_ns);

}  // namespace ais::proxy
