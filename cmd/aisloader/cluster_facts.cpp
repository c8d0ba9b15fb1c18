#include "aisloader/cluster_facts.h"

#include <algorithm>
#include <map>
#include <set>

#include "cli/counted.h"
#include "net/http_types.h"

namespace ais::loader {
namespace {

/// An answer, or null when there is none or it is no JSON.
class Answer {
 public:
  explicit Answer(std::string_view text) : document_(codec::JsonDocument::parse(text)) {}
  codec::JsonView root() const { return document_.ok() ? document_->root() : codec::JsonView(); }

 private:
  Result<codec::JsonDocument> document_;
};

void add_capacity(NodeFacts& node, codec::JsonView capacity) {
  node.used = capacity["total_used"].uint_or(0);
  node.available = capacity["total_avail"].uint_or(0);
  node.mountpaths = capacity["mountpaths"].size();
  Status ignored = capacity["mountpaths"].for_each([&node](std::string_view, codec::JsonView mountpath) {
    for (size_t i = 0; i < mountpath["disks"].size(); ++i) {
      std::string disk = mountpath["disks"].at(i).string_or("");
      if (std::find(node.disks.begin(), node.disks.end(), disk) == node.disks.end()) node.disks.push_back(std::move(disk));
    }
    return Status();
  });
  std::sort(node.disks.begin(), node.disks.end());
}

NodeFacts read_node(const meta::Node& node, codec::JsonView system) {
  NodeFacts out;
  out.id = node.id;
  out.kind = node.type == meta::NodeType::kTarget ? "target" : "gateway";
  out.url = node.public_net.url();
  out.cpus = system["cpus"].uint_or(0);
  out.memory = system["mem_avail"].uint_or(0);
  return out;
}

}  // namespace

ClusterFacts read_cluster_facts(const meta::ClusterMap& map, std::string_view gateway, std::string_view system, std::string_view nodes) {
  const Answer status(gateway), systems(system), statistics(nodes);
  ClusterFacts out;
  out.uuid = map.uuid;
  out.version = status.root()["ais_version"].string_or("");
  for (const auto& [id, node] : map.proxies) out.nodes.push_back(read_node(node, systems.root()["proxy"][id]));
  for (const auto& [id, node] : map.targets) {
    out.nodes.push_back(read_node(node, systems.root()["target"][id]));
    add_capacity(out.nodes.back(), statistics.root()["target"][id]["capacity"]);
  }
  return out;
}

ClusterCounts count_nodes(const std::vector<NodeFacts>& nodes) {
  struct Host {
    uint64_t cpus = 0;
    std::set<std::string> disks;
  };
  std::map<std::string, Host> hosts;
  ClusterCounts out;
  for (const NodeFacts& node : nodes) {
    ++(node.kind == "target" ? out.targets : out.gateways);
    const Result<net::Url> url = net::Url::parse(node.url);
    Host& host = hosts[url.ok() ? url->host : node.url];
    host.cpus = std::max(host.cpus, node.cpus);
    host.disks.insert(node.disks.begin(), node.disks.end());
  }
  for (const auto& [name, host] : hosts) {
    out.cpus += host.cpus;
    out.disks += host.disks.size();
  }
  return out;
}

NodeFacts read_node_facts(codec::JsonView node) {
  NodeFacts out;
  out.kind = node["kind"].string_or("");
  out.url = node["url"].string_or("");
  out.cpus = node["cpus"].uint_or(0);
  for (size_t i = 0; i < node["disks"].size(); ++i) out.disks.push_back(node["disks"].at(i).string_or(""));
  return out;
}

std::string ClusterFacts::text() const {
  if (nodes.empty()) return version.empty() ? "not told" : version;
  return (version.empty() ? "" : version + ": ") + count_nodes(nodes).text();
}

std::string ClusterCounts::text() const {
  std::string out = cli::counted(gateways, "gateway") + ", " + cli::counted(targets, "target");
  if (disks > 0) out += " with " + cli::counted(disks, "disk");
  if (cpus > 0) out += ", " + cli::counted(cpus, "CPU");
  return out;
}

void ClusterFacts::write_json(codec::JsonWriter& out) const {
  out.begin_object().field("version", version).field("uuid", uuid).key("nodes").begin_array();
  for (const NodeFacts& node : nodes) {
    out.begin_object().field("id", node.id).field("kind", node.kind).field("url", node.url);
    out.field("cpus", node.cpus).field("memory_available_bytes", node.memory);
    if (node.kind == "target") {
      out.field("mountpaths", static_cast<uint64_t>(node.mountpaths))
          .field("used_bytes", node.used)
          .field("available_bytes", node.available);
      out.key("disks").begin_array();
      for (const std::string& disk : node.disks) out.value(disk);
      out.end_array();
    }
    out.end_object();
  }
  out.end_array();
  if (!missing.empty()) out.field("missing", missing);
  out.end_object();
}

}  // namespace ais::loader
