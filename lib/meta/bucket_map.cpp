// The BMD document: buckets by provider and namespace.
#include "meta/bucket_metadata.h"

namespace ais::meta {
namespace {

Status check_object(codec::JsonView in, std::string_view what) {
  if (in.is_null() || in.is_object()) return {};
  return {Code::kInvalid, "expecting an object of " + std::string(what)};
}

Status read_namespace(BucketMetadata& bmd, const std::string& provider, std::string_view ns_uname, codec::JsonView buckets) {
  AIS_TRY(Namespace ns, Namespace::parse(ns_uname));
  AIS_RETURN_IF_ERROR(check_object(buckets, "buckets"));
  return buckets.for_each([&](std::string_view name, codec::JsonView value) -> Status {
    AIS_RETURN_IF_ERROR(validate_bucket_name(name));
    Bucket bucket;
    bucket.name = name;
    bucket.provider = provider;
    bucket.ns = ns;
    auto properties = BucketProperties::read_json(value);
    if (!properties.ok()) return properties.status().with_context("bucket \"" + bucket.cname() + "\"");
    properties->provider = provider;
    std::string uname = bucket.uname();
    auto [it, fresh] = bmd.buckets.try_emplace(std::move(uname), std::move(bucket), std::move(*properties));
    return fresh ? Status() : Status(Code::kInvalid, "bucket \"" + it->second.first.cname() + "\" is there twice");
  });
}

Status read_providers(BucketMetadata& bmd, codec::JsonView providers) {
  AIS_RETURN_IF_ERROR(check_object(providers, "providers"));
  return providers.for_each([&](std::string_view name, codec::JsonView namespaces) -> Status {
    AIS_TRY(std::string provider, normalize_provider(name));
    AIS_RETURN_IF_ERROR(check_object(namespaces, "namespaces"));
    return namespaces.for_each(
        [&](std::string_view ns, codec::JsonView buckets) -> Status { return read_namespace(bmd, provider, ns, buckets); });
  });
}

}  // namespace

const BucketProperties* BucketMetadata::find(const Bucket& bucket) const { return find_uname(bucket.uname()); }

const BucketProperties* BucketMetadata::find_uname(std::string_view bucket_uname) const {
  auto it = buckets.find(bucket_uname);
  return it == buckets.end() ? nullptr : &it->second.second;
}

std::string BucketMetadata::to_json() const {
  codec::JsonWriter out;
  out.begin_object().key("providers").begin_object();
  // Unames sort by provider, then namespace: each group is one run of neighbours.
  const Bucket* last = nullptr;
  for (const auto& [uname, entry] : buckets) {
    const auto& [bucket, properties] = entry;
    bool new_provider = last == nullptr || last->provider != bucket.provider;
    bool new_namespace = new_provider || last->ns != bucket.ns;
    if (last != nullptr && new_namespace) out.end_object();
    if (last != nullptr && new_provider) out.end_object();
    if (new_provider) out.key(bucket.provider).begin_object();
    if (new_namespace) out.key(bucket.ns.uname()).begin_object();
    out.key(bucket.name);
    properties.write_json(out);
    last = &bucket;
  }
  if (last != nullptr) out.end_object().end_object();
  out.end_object();
  out.field("uuid", uuid);
  out.key("version").quoted(version);
  out.end_object();
  return out.take();
}

Result<BucketMetadata> BucketMetadata::from_json(std::string_view text) {
  AIS_TRY(auto document, codec::JsonDocument::parse(text));
  codec::JsonView root = document.root();
  if (!root.is_object()) return Status(Code::kInvalid, "invalid bucket metadata: expecting a JSON object");
  BucketMetadata bmd;
  Status read = read_providers(bmd, root["providers"]);
  if (!read.ok()) return read.with_context("invalid bucket metadata");
  AIS_TRY(auto uuid, root["uuid"].get_string("uuid"));
  AIS_TRY(auto version, root["version"].get_uint("version"));
  bmd.uuid = uuid.value_or("");
  bmd.version = version.value_or(0);
  return bmd;
}

}  // namespace ais::meta
