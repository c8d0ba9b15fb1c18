// Smap, the cluster map: who is in the cluster, and who is primary. An immutable, versioned value; readers hold a snapshot.
// JSON shapes: reference rest-api 3.1.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "codec/json.h"

namespace ais::codec {
class MsgpackWriter;
}

namespace ais::meta {

enum class NodeType { kProxy, kTarget };
std::string_view node_type_name(NodeType type);  // "proxy", "target"

/// Bits of Node::flags.
enum NodeFlags : uint64_t {
  kNonElectable = 1 << 0,
  kInformationCentre = 1 << 1,
  kMaintenance = 1 << 2,
  kDecommission = 1 << 3,
  kMaintenancePostRebalance = 1 << 4,
};

struct NetEndpoint {
  std::string host;
  uint16_t port = 0;
  std::string url() const;  // "http://host:port"
  bool operator==(const NetEndpoint&) const = default;
};

struct Node {
  std::string id;
  NodeType type = NodeType::kTarget;
  NetEndpoint public_net, control_net, data_net;
  uint64_t flags = 0;
  uint64_t digest = 0;  // placement_digest(id)

  bool active() const { return (flags & (kMaintenance | kDecommission)) == 0; }
  /// "t[id]" or "p[id]".
  std::string display_name() const;
  void write_json(codec::JsonWriter& out) const;
  static Result<Node> read_json(codec::JsonView in);
  /// The same in MessagePack, with AIStore's short keys; checked as read_json() does.
  void write_msgpack(codec::MsgpackWriter& out) const;
  static Result<Node> read_msgpack(std::string_view bytes);
  bool operator==(const Node&) const = default;
};

struct ClusterMap {
  std::string uuid;
  uint64_t version = 0;
  std::string creation_time;  // "2006-01-02 15:04:05" UTC
  std::string primary_id;
  std::map<std::string, Node> proxies;
  std::map<std::string, Node> targets;

  const Node* find(std::string_view id) const;
  const Node* primary() const;
  size_t active_targets() const;
  /// The owner of an object: the active target of the highest weight. nullptr when there is none.
  const Node* owner(uint64_t object_digest) const;
  /// Owner by name; also for job and list ids.
  const Node* owner_of(std::string_view uname) const;

  std::string to_json() const;
  void write_json(codec::JsonWriter& out) const;
  static Result<ClusterMap> from_json(std::string_view text);
  static Result<ClusterMap> read_json(codec::JsonView in);
};

using ClusterMapPtr = std::shared_ptr<const ClusterMap>;

}  // namespace ais::meta
