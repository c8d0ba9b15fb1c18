#include "ais-proxy/cluster_config_edits.h"

#include <algorithm>

#include "api/names.h"
#include "base/strings.h"
#include "sys/clock.h"

namespace ais::proxy {

namespace {

Status not_transient(const std::string& name) {
  return Status(Code::kUnsupported, "cannot update \"" + name + "\" transiently - operation not supported");
}

std::string decode(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  return percent_decode(plain).value_or(std::string(text));
}

// The leaves of a partial document, as dotted names.
Status check_transient_document(codec::JsonView document, const std::string& prefix) {
  return document.for_each([&](std::string_view key, codec::JsonView value) -> Status {
    const std::string name = prefix.empty() ? to_lower(key) : prefix + "." + to_lower(key);
    if (value.is_null()) return {};
    if (value.is_object()) return check_transient_document(value, name);
    return meta::transient_allowed(name) ? Status() : not_transient(name);
  });
}

}  // namespace

Result<ConfigChange> ConfigChange::from_query(std::string_view raw_query) {
  ConfigChange change;
  AIS_TRY(const api::QueryParameters query, api::QueryParameters::parse(raw_query));
  for (const auto& [raw_name, raw_value] : query.raw_pairs()) {
    const std::string name = decode(raw_name);
    if (name == api::query::kTransient) change.transient = query.get_bool(api::query::kTransient);
    else if (!name.empty()) change.values.emplace_back(name, decode(raw_value));
  }
  return change;
}

Result<meta::ClusterConfig> apply_config_change(const meta::ClusterConfig& current, const ConfigChange& change, codec::JsonView document) {
  if (change.transient) {
    if (document.is_object()) AIS_RETURN_IF_ERROR(check_transient_document(document, ""));
    for (const auto& [name, value] : change.values) {
      if (!meta::transient_allowed(name)) return not_transient(name);
    }
  }
  return meta::change_config(current, document, change.values);
}

meta::ClusterConfig reset_config(const meta::ClusterConfig& current) {
  meta::ClusterConfig fresh;
  fresh.uuid = current.uuid;
  fresh.version = current.version;
  fresh.lastupdate_time = current.lastupdate_time;
  fresh.proxy = current.proxy;
  fresh.net = current.net;
  fresh.auth = current.auth;
  fresh.backend = current.backend;
  return fresh;
}

void stamp_config(meta::ClusterConfig& config, int64_t unix_ns) {
  ++config.version;
  config.lastupdate_time = sys::utc_text(unix_ns);
}

}  // namespace ais::proxy
