#include "meta/cluster_map.h"

#include <algorithm>

#include "base/strings.h"
#include "meta/placement.h"

namespace ais::meta {
namespace {

constexpr size_t kNodeIdMin = 3;
constexpr size_t kNodeIdMax = 64;
constexpr size_t kHostMax = 255;

bool is_id_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }
// Name, IPv4, or IPv6 in brackets or not: whatever goes into a URL must not be able to end the host.
bool is_host_char(char c) { return is_id_char(c) || c == '.' || c == ':' || c == '[' || c == ']'; }

Status check_node_id(const std::string& id) {
  if (id.size() >= kNodeIdMin && id.size() <= kNodeIdMax && std::all_of(id.begin(), id.end(), is_id_char)) return {};
  return {Code::kInvalid, "invalid node id \"" + id + "\": expecting 3 to 64 letters, digits, '-' or '_'"};
}

void write_endpoint(codec::JsonWriter& out, std::string_view name, const NetEndpoint& net) {
  out.key(name).begin_object();
  out.field("node_ip_addr", net.host).field("daemon_port", std::to_string(net.port)).field("direct_url", net.url());
  out.end_object();
}

Result<NetEndpoint> read_endpoint(codec::JsonView node, std::string_view name) {
  codec::JsonView in = node[name];
  AIS_TRY(auto host, in["node_ip_addr"].get_string("node_ip_addr"));
  AIS_TRY(auto port, in["daemon_port"].get_uint("daemon_port"));
  NetEndpoint net;
  net.host = host.value_or("");
  bool host_fits = !net.host.empty() && net.host.size() <= kHostMax && std::all_of(net.host.begin(), net.host.end(), is_host_char);
  if (!host_fits) return Status(Code::kInvalid, "invalid " + std::string(name) + ": bad host \"" + net.host + "\"");
  if (port.value_or(0) == 0 || *port > 65535) return Status(Code::kInvalid, "invalid " + std::string(name) + ": bad daemon_port");
  net.port = static_cast<uint16_t>(*port);
  return net;
}

Result<NodeType> read_type(codec::JsonView in) {
  AIS_TRY(auto text, in.get_string("daemon_type"));
  if (text == "proxy") return NodeType::kProxy;
  if (text == "target") return NodeType::kTarget;
  return Status(Code::kInvalid, "invalid daemon_type: expecting \"proxy\" or \"target\"");
}

void write_nodes(codec::JsonWriter& out, std::string_view name, const std::map<std::string, Node>& nodes) {
  out.key(name).begin_object();
  for (const auto& [id, node] : nodes) {
    out.key(id);
    node.write_json(out);
  }
  out.end_object();
}

Status read_nodes(codec::JsonView in, NodeType type, std::map<std::string, Node>& nodes) {
  if (!in.is_null() && !in.is_object()) return {Code::kInvalid, "invalid cluster map: expecting an object of nodes"};
  return in.for_each([&](std::string_view id, codec::JsonView value) -> Status {
    AIS_TRY(Node node, Node::read_json(value));
    if (node.id != id || node.type != type)
      return {Code::kInvalid, "invalid cluster map: node \"" + std::string(id) + "\" is out of place"};
    if (!nodes.emplace(node.id, std::move(node)).second)
      return {Code::kInvalid, "invalid cluster map: node \"" + std::string(id) + "\" is there twice"};
    return {};
  });
}

}  // namespace

std::string_view node_type_name(NodeType type) { return type == NodeType::kProxy ? "proxy" : "target"; }

std::string NetEndpoint::url() const {
  // A bare IPv6 address needs brackets to be told from the port.
  bool bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return "http://" + (bare_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Node::display_name() const { return std::string(type == NodeType::kProxy ? "p[" : "t[") + id + "]"; }

void Node::write_json(codec::JsonWriter& out) const {
  out.begin_object();
  write_endpoint(out, "public_net", public_net);
  write_endpoint(out, "intra_data_net", data_net);
  write_endpoint(out, "intra_control_net", control_net);
  out.field("daemon_type", node_type_name(type)).field("daemon_id", id).field("flags", flags).field("id_digest", digest);
  out.end_object();
}

Result<Node> Node::read_json(codec::JsonView in) {
  Node node;
  AIS_TRY(auto id, in["daemon_id"].get_string("daemon_id"));
  node.id = id.value_or("");
  AIS_RETURN_IF_ERROR(check_node_id(node.id));
  AIS_TRY(node.type, read_type(in["daemon_type"]));
  AIS_TRY(node.public_net, read_endpoint(in, "public_net"));
  // A node with one listener may leave the others out.
  node.data_net = node.control_net = node.public_net;
  if (!in["intra_data_net"].is_null()) {
    AIS_TRY(node.data_net, read_endpoint(in, "intra_data_net"));
  }
  if (!in["intra_control_net"].is_null()) {
    AIS_TRY(node.control_net, read_endpoint(in, "intra_control_net"));
  }
  AIS_TRY(auto flags, in["flags"].get_uint("flags"));
  node.flags = flags.value_or(0);
  // Placement trusts this number, so it is computed, not believed.
  node.digest = placement_digest(node.id);
  return node;
}

const Node* ClusterMap::find(std::string_view id) const {
  for (const auto* nodes : {&targets, &proxies}) {
    auto it = nodes->find(std::string(id));
    if (it != nodes->end()) return &it->second;
  }
  return nullptr;
}

const Node* ClusterMap::primary() const {
  auto it = proxies.find(primary_id);
  return it == proxies.end() ? nullptr : &it->second;
}

size_t ClusterMap::active_targets() const {
  return static_cast<size_t>(std::count_if(targets.begin(), targets.end(), [](const auto& item) { return item.second.active(); }));
}

const Node* ClusterMap::owner(uint64_t object_digest) const {
  const Node* best = nullptr;
  uint64_t best_weight = 0;
  for (const auto& [id, node] : targets) {
    if (!node.active()) continue;
    uint64_t weight = placement_weight(node.digest, object_digest);
    if (best != nullptr && weight <= best_weight) continue;
    best = &node;
    best_weight = weight;
  }
  return best;
}

const Node* ClusterMap::owner_of(std::string_view uname) const { return owner(placement_digest(uname)); }

std::string ClusterMap::to_json() const {
  codec::JsonWriter out;
  write_json(out);
  return out.take();
}

void ClusterMap::write_json(codec::JsonWriter& out) const {
  out.begin_object();
  write_nodes(out, "pmap", proxies);
  out.key("proxy_si");
  if (const Node* node = primary()) {
    node->write_json(out);
  } else {
    out.null();
  }
  write_nodes(out, "tmap", targets);
  out.field("uuid", uuid).field("creation_time", creation_time);
  out.key("version").quoted(version);
  out.end_object();
}

Result<ClusterMap> ClusterMap::from_json(std::string_view text) {
  AIS_TRY(auto document, codec::JsonDocument::parse(text));
  return read_json(document.root());
}

Result<ClusterMap> ClusterMap::read_json(codec::JsonView in) {
  if (!in.is_object()) return Status(Code::kInvalid, "invalid cluster map: expecting a JSON object");
  ClusterMap map;
  AIS_RETURN_IF_ERROR(read_nodes(in["pmap"], NodeType::kProxy, map.proxies));
  AIS_RETURN_IF_ERROR(read_nodes(in["tmap"], NodeType::kTarget, map.targets));
  for (const auto& [id, node] : map.targets)
    if (map.proxies.contains(id)) return Status(Code::kInvalid, "invalid cluster map: node \"" + id + "\" is there twice");
  AIS_TRY(auto uuid, in["uuid"].get_string("uuid"));
  AIS_TRY(auto time, in["creation_time"].get_string("creation_time"));
  AIS_TRY(auto version, in["version"].get_uint("version"));
  AIS_TRY(auto primary_id, in["proxy_si"]["daemon_id"].get_string("proxy_si"));
  map.uuid = uuid.value_or("");
  map.creation_time = time.value_or("");
  map.version = version.value_or(0);
  map.primary_id = primary_id.value_or("");
  if (!map.primary_id.empty() && map.primary() == nullptr)
    return Status(Code::kInvalid, "invalid cluster map: primary \"" + map.primary_id + "\" is not a member");
  return map;
}

}  // namespace ais::meta
