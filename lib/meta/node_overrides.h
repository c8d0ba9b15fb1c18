// The knobs that one node has of its own, over the cluster's configuration. They are kept as they were given, also where they repeat
// the cluster's value, so that a later change of the cluster leaves the node as it is. Pure functions, callable from any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "codec/json.h"
#include "meta/cluster_config.h"

namespace ais::meta {

/// Dotted name, spelled as in the table of knobs -> value as text.
using NodeOverrides = std::map<std::string, std::string>;

/// A nested document: {"log":{"level":"4"}}. The values are texts.
std::string overrides_json(const NodeOverrides& overrides);
/// The leaves of such a document, whether or not their names and values mean something: another version may have written it.
/// kInvalid when it is no object.
Result<NodeOverrides> read_overrides(codec::JsonView document);
Result<NodeOverrides> parse_overrides(std::string_view text);

/// Adds `values`, which change_config has accepted: their names get the spelling of the table.
void add_overrides(NodeOverrides& overrides, const ConfigValues& values);

struct AppliedOverrides {
  ClusterConfig config;
  std::vector<std::string> lost;  // names of those that do not fit, sorted: unknown, the same on all nodes, or against a rule
};
/// `base` with the overrides. Where they break a rule together with the values of `base`, only those of the sections concerned can
/// lose, and of these only what no order of setting them one by one makes fit.
AppliedOverrides apply_overrides(const ClusterConfig& base, const NodeOverrides& overrides);

}  // namespace ais::meta
