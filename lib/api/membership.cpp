#include "api/membership.h"

#include "codec/json.h"

namespace ais::api {
namespace {

void write_versions(const DocumentVersions& versions, codec::JsonWriter& out) {
  out.begin_object().field("uuid", versions.cluster_uuid);
  out.key("smap").quoted(versions.smap).key("bmd").quoted(versions.bmd).key("config").quoted(versions.config);
  if (!versions.lost_overrides.empty()) {
    out.key("lost_overrides").begin_array();
    for (const std::string& name : versions.lost_overrides) out.value(name);
    out.end_array();
  }
  out.end_object();
}

Status read_version(codec::JsonView in, std::string_view name, uint64_t& out) {
  AIS_TRY(const auto number, in[name].get_uint(name));
  out = number.value_or(0);
  return {};
}

Result<DocumentVersions> read_versions(codec::JsonView in) {
  if (!in.is_object()) return Status(Code::kInvalid, "expected document versions (JSON object)");
  DocumentVersions versions;
  AIS_TRY(auto uuid, in["uuid"].get_string("uuid"));
  versions.cluster_uuid = uuid.value_or("");
  AIS_RETURN_IF_ERROR(read_version(in, "smap", versions.smap));
  AIS_RETURN_IF_ERROR(read_version(in, "bmd", versions.bmd));
  AIS_RETURN_IF_ERROR(read_version(in, "config", versions.config));
  if (in["lost_overrides"].is_array()) {
    AIS_RETURN_IF_ERROR(in["lost_overrides"].for_each([&](std::string_view, codec::JsonView name) -> Status {
      versions.lost_overrides.push_back(name.string_or(""));
      return {};
    }));
  }
  return versions;
}

}  // namespace

std::string ClusterDocuments::to_json() const {
  codec::JsonWriter out;
  out.begin_object();
  if (smap) out.key("smap").raw(smap->to_json());
  if (bmd) out.key("bmd").raw(bmd->to_json());
  if (config) out.key("config").raw(config->to_json());
  out.end_object();
  return out.take();
}

Result<ClusterDocuments> ClusterDocuments::from_json(std::string_view text) {
  AIS_TRY(const auto document, codec::JsonDocument::parse(text));
  const codec::JsonView root = document.root();
  if (!root.is_object()) return Status(Code::kInvalid, "expected cluster documents (JSON object)");
  ClusterDocuments documents;
  if (const auto smap = root["smap"]; !smap.is_null()) {
    AIS_TRY(documents.smap, meta::ClusterMap::read_json(smap));
  }
  if (const auto bmd = root["bmd"]; !bmd.is_null()) {
    AIS_TRY(documents.bmd, meta::BucketMetadata::from_json(bmd.to_text()));
  }
  if (const auto config = root["config"]; !config.is_null()) {
    AIS_TRY(documents.config, meta::ClusterConfig::from_json(config.to_text()));
  }
  return documents;
}

std::string DocumentVersions::to_json() const {
  codec::JsonWriter out;
  write_versions(*this, out);
  return out.take();
}

Result<DocumentVersions> DocumentVersions::from_json(std::string_view text) {
  AIS_TRY(const auto document, codec::JsonDocument::parse(text));
  return read_versions(document.root());
}

std::string JoinRequest::to_json() const {
  codec::JsonWriter out;
  out.begin_object().key("node");
  node.write_json(out);
  out.key("versions");
  write_versions(versions, out);
  out.key("flags").quoted(state_flags).end_object();
  return out.take();
}

Result<JoinRequest> JoinRequest::from_json(std::string_view text) {
  AIS_TRY(const auto document, codec::JsonDocument::parse(text));
  const codec::JsonView root = document.root();
  JoinRequest request;
  AIS_TRY(request.node, meta::Node::read_json(root["node"]));
  AIS_TRY(request.versions, read_versions(root["versions"]));
  AIS_TRY(const auto flags, root["flags"].get_uint("flags"));
  request.state_flags = flags.value_or(0);
  return request;
}

}  // namespace ais::api
