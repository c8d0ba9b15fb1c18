// A node of the cluster map in MessagePack: what answers about one node carry. The keys are those of AIStore's Snode.
#include "codec/msgpack.h"
#include "meta/cluster_map.h"

namespace ais::meta {
namespace {

void write_endpoint(codec::MsgpackWriter& out, std::string_view name, const NetEndpoint& net) {
  out.string(name);
  out.map(4);
  const auto member = [&out](std::string_view key, std::string_view value) {
    out.string(key);
    out.string(value);
  };
  member("h", net.host);
  member("p", std::to_string(net.port));
  member("u", net.url());
  member("tcpEndpoint", net.host + ":" + std::to_string(net.port));
}

/// The JSON of a map of AIStore's short keys: checks of hosts, ports and ids are read_json's alone.
class Transcript {
 public:
  Status member(std::string_view key, codec::MsgpackReader& in) {
    if (const std::string_view name = long_name(key, {{"p", "public_net"}, {"d", "intra_data_net"}, {"c", "intra_control_net"}});
        !name.empty())
      return endpoint(name, in);
    if (const std::string_view name = long_name(key, {{"t", "daemon_type"}, {"i", "daemon_id"}}); !name.empty()) return text(name, in);
    if (key != "f") return in.skip().status();
    AIS_TRY(const uint64_t flags, in.unsigned_integer());
    out_.field("flags", flags);
    return {};
  }
  codec::JsonWriter& json() { return out_; }

 private:
  using Names = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  static std::string_view long_name(std::string_view key, Names names) {
    for (const auto& [from, to] : names)
      if (from == key) return to;
    return {};
  }
  Status text(std::string_view name, codec::MsgpackReader& in) {
    AIS_TRY(const std::string_view value, in.string());
    out_.field(name, value);
    return {};
  }
  Status endpoint(std::string_view name, codec::MsgpackReader& in) {
    AIS_TRY(const uint32_t members, in.map());
    out_.key(name).begin_object();
    for (uint32_t i = 0; i < members; ++i) {
      AIS_TRY(const std::string_view key, in.string());
      const std::string_view known = long_name(key, {{"h", "node_ip_addr"}, {"p", "daemon_port"}});
      AIS_RETURN_IF_ERROR(known.empty() ? in.skip().status() : text(known, in));
    }
    out_.end_object();
    return {};
  }

  codec::JsonWriter out_;
};

}  // namespace

void Node::write_msgpack(codec::MsgpackWriter& out) const {
  out.map(8);
  write_endpoint(out, "p", public_net);
  write_endpoint(out, "d", data_net);
  write_endpoint(out, "c", control_net);
  for (const auto& [key, value] :
       {std::pair<std::string_view, std::string>{"t", node_type_name(type)}, {"i", id}, {"name", display_name()}}) {
    out.string(key);
    out.string(value);
  }
  out.string("f");
  out.unsigned_integer(flags);
  out.string("g");
  out.unsigned_integer(digest);
}

Result<Node> Node::read_msgpack(std::string_view bytes) {
  codec::MsgpackReader in(bytes);
  AIS_TRY(const uint32_t members, in.map());
  Transcript transcript;
  transcript.json().begin_object();
  for (uint32_t i = 0; i < members; ++i) {
    AIS_TRY(const std::string_view key, in.string());
    AIS_RETURN_IF_ERROR(transcript.member(key, in));
  }
  transcript.json().end_object();
  AIS_TRY(const codec::JsonDocument document, codec::JsonDocument::parse(transcript.json().take()));
  return Node::read_json(document.root());
}

}  // namespace ais::meta
