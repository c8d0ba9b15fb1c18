#include "meta/bucket_metadata.h"

#include <algorithm>

#include "base/assert.h"
#include "base/strings.h"
#include "meta/config_schema.h"
#include "meta/known_names.h"

namespace ais::meta {
namespace {

constexpr std::string_view kAccessNames[] = {
    "GET",          "HEAD-OBJECT",   "PUT",           "APPEND",         "DELETE-OBJECT", "MOVE-OBJECT",
    "PROMOTE",      "UPDATE-OBJECT", "HEAD-BUCKET",   "LIST-OBJECTS",   "PATCH",         "SET-BUCKET-ACL",
    "LIST-BUCKETS", "SHOW-CLUSTER",  "CREATE-BUCKET", "DESTROY-BUCKET", "MOVE-BUCKET",   "ADMIN",
};
// Without these nobody could see a bucket, or give back what was taken.
constexpr uint64_t kNeverDenied = kAccessHeadBucket | kAccessListObjects | kAccessPatch | kAccessSetBucketAcl;

std::string access_names(uint64_t access) {
  std::string names;
  for (size_t i = 0; i < std::size(kAccessNames); ++i)
    if ((access >> i & 1) != 0) names.append(names.empty() ? "" : ",").append(kAccessNames[i]);
  return names;
}

void write_bucket(codec::JsonWriter& out, const Bucket& bucket) {
  out.begin_object().field("name", bucket.name).field("provider", bucket.provider);
  out.key("namespace").begin_object().field("uuid", bucket.ns.uuid).field("name", bucket.ns.name).end_object();
  out.end_object();
}

/// A backend bucket of the properties; empty name and provider mean that there is none.
Result<Bucket> read_backend_bucket(codec::JsonView in) {
  Bucket bucket;
  AIS_TRY(auto name, in["name"].get_string("backend_bck.name"));
  AIS_TRY(auto provider, in["provider"].get_string("backend_bck.provider"));
  AIS_TRY(auto uuid, in["namespace"]["uuid"].get_string("backend_bck.namespace.uuid"));
  AIS_TRY(auto ns_name, in["namespace"]["name"].get_string("backend_bck.namespace.name"));
  bucket.provider = provider.value_or("");
  if (name.value_or("").empty() && bucket.provider.empty()) return bucket;
  AIS_RETURN_IF_ERROR(validate_bucket_name(name.value_or("")));
  bucket.name = *name;
  AIS_TRY(bucket.provider, normalize_provider(bucket.provider));
  Namespace given;
  given.uuid = uuid.value_or("");
  given.name = ns_name.value_or("");
  AIS_TRY(bucket.ns, Namespace::parse(given.uname()));
  return bucket;
}

/// Calls act(name, section) for the sections that properties share with the configuration, until one is not OK.
template <typename Act>
Status for_each_section(BucketProperties& p, Act act) {
  AIS_RETURN_IF_ERROR(act("write_policy", p.write_policy));
  AIS_RETURN_IF_ERROR(act("checksum", p.checksum));
  AIS_RETURN_IF_ERROR(act("extra", p.extra));
  AIS_RETURN_IF_ERROR(act("rate_limit", p.rate_limit));
  AIS_RETURN_IF_ERROR(act("ec", p.ec));
  AIS_RETURN_IF_ERROR(act("chunks", p.chunks));
  AIS_RETURN_IF_ERROR(act("mirror", p.mirror));
  AIS_RETURN_IF_ERROR(act("lru", p.lru));
  return act("versioning", p.versioning);
}

Status check_custom(const std::string& text) {
  if (text.size() <= 128 && !has_control_bytes(text)) return {};
  return {Code::kInvalid, "invalid extra.custom: expecting up to 128 characters, without control characters"};
}

/// Every property's own rule.
Status check_rules(const BucketProperties& properties) {
  BucketProperties p = properties;
  // One copy is how "no mirror" is written; the rule of the section is for mirrored buckets.
  if (p.mirror.copies == 1 && !p.mirror.enabled) p.mirror.copies = 2;
  AIS_RETURN_IF_ERROR(for_each_section(p, [](std::string_view name, auto& section) -> Status {
    RuleChecker checker;
    checker.enter(name, false);
    describe(checker, section);
    return checker.status();
  }));
  if ((p.features & ~kBucketFeatures) != 0) return {Code::kInvalid, "invalid features: expecting only flags that a bucket may have"};
  return check_custom(p.extra.custom);
}

/// The rules that tie properties together.
Status check_relations(const BucketProperties& p) {
  if (p.mirror.enabled && p.chunks.objsize_limit.bytes > 0)
    return {Code::kInvalid, "invalid bucket properties: mirror.enabled and chunks.objsize_limit > 0B exclude each other"};
  if (p.chunks.objsize_limit > p.chunks.max_monolithic_size)
    return {Code::kInvalid, "invalid chunks.objsize_limit: expecting at most chunks.max_monolithic_size"};
  return {};
}

/// Those that the configuration's visitors can walk.
void describe_properties(ConfigVisitor& visitor, BucketProperties& p) {
  const Status walked = for_each_section(p, [&](std::string_view name, auto& section) -> Status {
    visitor.enter(name, false);
    describe(visitor, section);
    visitor.leave();
    return {};
  });
  AIS_ASSERT(walked.ok());
  describe_features(visitor, p.features);
}

Status check_missing(const BucketProperties& current, const BucketProperties& next) {
  AIS_RETURN_IF_ERROR(find_missing(current, next, describe_properties).status());
  const bool backed = !next.backend_bucket.name.empty() && next.backend_bucket != current.backend_bucket;
  return backed ? missing_feature("backend_bck: backend support") : Status();
}

constexpr std::string_view kReadOnly[] = {"provider", "renamed", "bid", "created"};

/// What a client may have been shown and sends back with the rest.
Status check_read_only(const Bucket& bucket, const BucketProperties& current, codec::JsonView changes) {
  const std::string bid = std::to_string(current.bid), created = std::to_string(current.created_ns);
  const std::string_view values[] = {bucket.provider, "", bid, created};
  static_assert(std::size(values) == std::size(kReadOnly));
  for (size_t i = 0; i < std::size(values); ++i) {
    const codec::JsonView given = changes[kReadOnly[i]];
    const std::string text = given.is_string() ? given.string_or("") : given.to_text();
    if (given.is_null() || text.empty() || text == values[i]) continue;
    return {Code::kInvalid,
            "invalid " + std::string(kReadOnly[i]) + "=\"" + text + "\": it is read-only, expecting \"" + std::string(values[i]) + "\""};
  }
  return {};
}

/// Of what is sent; what another version has stored is kept.
Status check_sent(const Bucket& bucket, const BucketProperties& current, const BucketProperties& next, codec::JsonView changes) {
  BucketProperties any;
  KnownNames known("bucket property");
  describe_properties(known, any);
  for (const std::string_view name : {"access", "force", "backend_bck.name", "backend_bck.provider"}) known.add(name);
  for (const std::string_view name : {"backend_bck.namespace.uuid", "backend_bck.namespace.name"}) known.add(name);
  for (const std::string_view name : kReadOnly) known.add(name);
  for (const std::string_view section : {"backend_bck", "namespace"}) known.enter(section, false);
  AIS_RETURN_IF_ERROR(known.check(changes));
  AIS_RETURN_IF_ERROR(check_read_only(bucket, current, changes));
  const uint64_t known_bits = (uint64_t{1} << std::size(kAccessNames)) - 1;
  const uint64_t unknown = next.access & ~known_bits;
  // Clients take a bit away from "everything", which is all 64.
  if (unknown == 0 || unknown == ~known_bits || next.access == current.access) return {};
  return {Code::kInvalid, "invalid access=\"" + std::to_string(next.access) + "\": expecting bits below " +
                              std::to_string(std::size(kAccessNames)) + ", and either all or none of the higher ones"};
}

Status check_backend(const Bucket& bucket, const BucketProperties& next) {
  if (next.backend_bucket.name.empty()) return {};
  if (bucket.is_remote()) return {Code::kInvalid, "bucket \"" + bucket.cname() + "\" is remote: only an ais bucket can have a backend_bck"};
  if (!next.backend_bucket.is_remote())
    return {Code::kInvalid, "invalid backend_bck \"" + next.backend_bucket.cname() + "\": expecting a remote bucket"};
  return {};
}

bool remirrors(const BucketProperties& current, const BucketProperties& next) {
  return next.mirror.enabled && (!current.mirror.enabled || current.mirror.copies != next.mirror.copies);
}

bool recodes(const BucketProperties& current, const BucketProperties& next) {
  const ErasureConfig& from = current.ec;
  const ErasureConfig& to = next.ec;
  return to.enabled && (!from.enabled || from.data_slices != to.data_slices || from.parity_slices != to.parity_slices ||
                        from.objsize_limit != to.objsize_limit);
}

Status check_erasure(const Bucket& bucket, const BucketProperties& current, const BucketProperties& next, bool force, size_t targets) {
  if (!recodes(current, next)) return {};
  const ErasureConfig& from = current.ec;
  const ErasureConfig& to = next.ec;
  if (from.enabled) {
    bool same_slices = from.data_slices == to.data_slices && from.parity_slices == to.parity_slices;
    if (!same_slices || !force)
      return {Code::kInvalid, "bucket \"" + bucket.cname() + "\": once enabled, erasure coding can be disabled but not changed (ec." +
                                  (same_slices ? "objsize_limit needs force)" : "data_slices, ec.parity_slices)")};
  }
  auto needed = static_cast<size_t>((to.objsize_limit == -1 ? 0 : to.data_slices) + to.parity_slices + 1);
  if (targets >= needed || force) return {};
  return make_status(Code::kNotEnoughTargets, "not enough target nodes: erasure coding (%lld data, %lld parity slices) needs %zu, have %zu",
                     static_cast<long long>(to.data_slices), static_cast<long long>(to.parity_slices), needed, targets);
}

void settle_mirror(const BucketProperties& current, BucketProperties& next, const ClusterConfig& config) {
  if (next.mirror.copies != 1) return;
  if (next.mirror.enabled && !current.mirror.enabled) {
    next.mirror.copies = std::max<int64_t>(config.mirror.copies, 2);
  } else {
    next.mirror.enabled = false;
  }
}

/// Reads the members that are there; rules are not checked.
Status read_changes(codec::JsonView in, BucketProperties& p) {
  if (!in.is_object()) return {Code::kInvalid, "invalid bucket properties: expecting a JSON object"};
  if (!in["backend_bck"].is_null()) {
    AIS_TRY(p.backend_bucket, read_backend_bucket(in["backend_bck"]));
  }
  AIS_RETURN_IF_ERROR(for_each_section(p, [&](std::string_view name, auto& section) { return read_section(in, name, section); }));
  AIS_TRY(auto access, in["access"].get_uint("access"));
  AIS_TRY(auto features, in["features"].get_uint("features"));
  p.access = access.value_or(p.access);
  p.features = features.value_or(p.features);
  return {};
}

}  // namespace

std::string_view access_bit_name(uint64_t bit) {
  for (size_t i = 0; i < std::size(kAccessNames); ++i)
    if (bit == 1ull << i) return kAccessNames[i];
  return "UNKNOWN";
}

void BucketProperties::write_json(codec::JsonWriter& out) const {
  out.begin_object();
  out.key("backend_bck");
  write_bucket(out, backend_bucket);
  out.field("provider", provider).field("Renamed", "");
  write_section(out, "write_policy", write_policy);
  write_section(out, "checksum", checksum);
  write_section(out, "extra", extra);
  write_section(out, "rate_limit", rate_limit);
  write_section(out, "ec", ec);
  write_section(out, "chunks", chunks);
  write_section(out, "mirror", mirror);
  write_section(out, "lru", lru);
  write_section(out, "versioning", versioning);
  out.key("access").quoted(access);
  out.key("features").quoted(features);
  out.key("bid").quoted(bid);
  out.key("created").quoted(created_ns);
  out.end_object();
}

Result<BucketProperties> BucketProperties::read_json(codec::JsonView in) {
  BucketProperties p;
  AIS_RETURN_IF_ERROR(read_changes(in, p));
  AIS_TRY(auto provider, in["provider"].get_string("provider"));
  AIS_TRY(p.provider, normalize_provider(provider.value_or("")));
  AIS_TRY(auto bid, in["bid"].get_uint("bid"));
  AIS_TRY(auto created, in["created"].get_int("created"));
  p.bid = bid.value_or(0);
  p.created_ns = created.value_or(0);
  AIS_RETURN_IF_ERROR(check_rules(p));
  AIS_RETURN_IF_ERROR(check_relations(p));
  return p;
}

Status BucketProperties::check_access(uint64_t bit, const Bucket& bucket) const {
  if (((access | kNeverDenied) & bit) == bit) return {};
  return {Code::kBucketAccessDenied, "bucket " + bucket.cname() + ": " + std::string(access_bit_name(bit)) + " access denied (allowed: [" +
                                         access_names(access | kNeverDenied) + "])"};
}

BucketProperties default_bucket_properties(const ClusterConfig& config) {
  BucketProperties p;
  p.write_policy = config.write_policy;
  p.checksum = config.checksum;
  p.rate_limit = config.rate_limit;
  p.ec = config.ec;
  p.chunks = config.chunks;
  p.mirror = config.mirror;
  p.lru = config.lru;
  p.lru.enabled = false;  // an ais bucket is the only home of its objects
  p.versioning = config.versioning;
  p.features = config.features & kBucketFeatures;
  return p;
}

BucketProperties reset_bucket_properties(const BucketProperties& current, const ClusterConfig& config) {
  BucketProperties fresh = default_bucket_properties(config);
  fresh.bid = current.bid;
  fresh.created_ns = current.created_ns;
  fresh.provider = current.provider;
  return fresh;
}

Result<BucketProperties> apply_bucket_properties(const Bucket& bucket, const BucketProperties& current, codec::JsonView changes,
                                                 const ClusterConfig& config, size_t active_targets, MissingFeatures missing) {
  BucketProperties next = current;
  AIS_RETURN_IF_ERROR(read_changes(changes, next));
  AIS_TRY(auto force, changes["force"].get_bool("force"));
  settle_mirror(current, next, config);
  AIS_RETURN_IF_ERROR(check_rules(next));
  AIS_RETURN_IF_ERROR(check_sent(bucket, current, next, changes));
  AIS_RETURN_IF_ERROR(check_backend(bucket, next));
  if (missing == MissingFeatures::kRefuse) AIS_RETURN_IF_ERROR(check_missing(current, next));
  bool creating = current.bid == 0;
  if (bucket.provider != "ais" && !creating && current.versioning.enabled != next.versioning.enabled)
    return Status(Code::kInvalid, "bucket \"" + bucket.cname() + "\": versioning of a cloud bucket cannot be changed");
  AIS_RETURN_IF_ERROR(check_relations(next));
  AIS_RETURN_IF_ERROR(check_erasure(bucket, current, next, force.value_or(false), active_targets));
  if (!creating && remirrors(current, next) && recodes(current, next))
    return Status(Code::kBusy, "bucket \"" + bucket.cname() +
                                   "\" is currently busy (mirror and erasure coding cannot be changed together), please try again");
  return next;
}

std::vector<std::string> settings_without_effect(const BucketProperties& properties) {
  return find_missing(BucketProperties(), properties, describe_properties).found();
}

}  // namespace ais::meta
