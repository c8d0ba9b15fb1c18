#include "ais-proxy/cluster_map_edits.h"

#include <algorithm>
#include <cctype>
#include <ctime>
#include <utility>

#include "meta/placement.h"

namespace ais::proxy {

namespace {

// As the stored map is read back (meta): what is let in here must be readable there.
constexpr size_t kNodeIdMin = 3, kNodeIdMax = 64;
constexpr size_t kHostMax = 255;

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= kHostMax && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

Status validate_endpoint(const meta::NetEndpoint& endpoint, const char* what) {
  if (!is_host(endpoint.host)) return make_status(Code::kInvalid, "%s: host \"%s\" is not valid", what, endpoint.host.c_str());
  if (endpoint.port == 0) return make_status(Code::kInvalid, "%s: port is missing", what);
  return {};
}

// The primary first, then gateways in the order of their ids; those that have the flag keep it, so that it moves rarely.
bool assign_information_centres(meta::ClusterMap& map) {
  bool changed = false;
  size_t count = 0;
  const auto set = [&](meta::Node& node, bool wanted) {
    const uint64_t flags = wanted ? node.flags | meta::kInformationCentre : node.flags & ~uint64_t{meta::kInformationCentre};
    changed |= flags != node.flags;
    node.flags = flags;
    count += wanted ? 1 : 0;
  };
  if (const auto primary = map.proxies.find(map.primary_id); primary != map.proxies.end()) set(primary->second, true);
  for (const bool holders : {true, false}) {
    for (auto& [id, node] : map.proxies) {
      if (id == map.primary_id || ((node.flags & meta::kInformationCentre) != 0) != holders) continue;
      if (holders || count < kInformationCentresMax) set(node, count < kInformationCentresMax);
    }
  }
  return changed;
}

}  // namespace

meta::ClusterMap first_cluster_map(meta::Node self, std::string uuid, int64_t unix_ns) {
  meta::ClusterMap map;
  map.uuid = std::move(uuid);
  map.version = 1;
  const time_t seconds = unix_ns / 1'000'000'000;
  tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
  map.creation_time = text;
  map.primary_id = self.id;
  self.digest = meta::placement_digest(self.id);
  map.proxies.emplace(self.id, std::move(self));
  assign_information_centres(map);
  return map;
}

Status validate_node(const meta::Node& node) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  const bool letters = std::all_of(node.id.begin(), node.id.end(), allowed);
  if (!letters || node.id.size() < kNodeIdMin || node.id.size() > kNodeIdMax)
    return Status(Code::kInvalid, "node id is not valid: letters, digits, '-' and '_', 3 to 64 of them");
  AIS_RETURN_IF_ERROR(validate_endpoint(node.public_net, "public network"));
  AIS_RETURN_IF_ERROR(validate_endpoint(node.control_net, "control network"));
  return validate_endpoint(node.data_net, "data network");
}

Status add_node(meta::ClusterMap& map, meta::Node node) {
  AIS_RETURN_IF_ERROR(validate_node(node));
  const bool is_proxy = node.type == meta::NodeType::kProxy;
  auto& same = is_proxy ? map.proxies : map.targets;
  const auto& other = is_proxy ? map.targets : map.proxies;
  if (other.contains(node.id)) {
    return make_status(Code::kAlreadyExists, "id \"%s\" belongs to a %s of this cluster", node.id.c_str(), is_proxy ? "target" : "proxy");
  }
  node.digest = meta::placement_digest(node.id);
  const auto known = same.find(node.id);
  if (known != same.end()) node.flags = (known->second.flags & ~uint64_t{meta::kNonElectable}) | (node.flags & meta::kNonElectable);
  else node.flags &= meta::kNonElectable;
  bool changed = false;
  if (known == same.end() || known->second != node) {
    const std::string id = node.id;
    same.insert_or_assign(id, std::move(node));
    changed = true;
  }
  changed |= assign_information_centres(map);
  if (changed) ++map.version;
  return {};
}

Status remove_node(meta::ClusterMap& map, std::string_view id) {
  const std::string key(id);
  if (key == map.primary_id) return Status(Code::kInvalid, "cannot remove p[" + key + "]: it is the primary gateway");
  if (map.proxies.erase(key) + map.targets.erase(key) == 0) {
    return make_status(Code::kNodeNotFound, "node %s not present in Smap v%llu", key.c_str(), static_cast<unsigned long long>(map.version));
  }
  assign_information_centres(map);
  ++map.version;
  return {};
}

}  // namespace ais::proxy
