#include "ais-target/native/head.h"

#include "ais-target/native/answer.h"
#include "ais-target/operations/content_check.h"
#include "ais-target/operations/read.h"
#include "api/conditions.h"
#include "api/missing.h"
#include "api/names.h"
#include "api/object_attributes.h"
#include "base/strings.h"

namespace ais::target {
namespace {

struct SelectedProps {
  bool checksum = false, atime = false, version = false, custom = false, last_modified = false, etag = false, location = false,
       copies = false;
};

Result<SelectedProps> parse_props(std::string_view text) {
  SelectedProps selected;
  for (const std::string_view item : split(text, ',')) {
    const std::string_view name = trim(item);
    if (name == "checksum") selected.checksum = true;
    else if (name == "atime") selected.atime = true;
    else if (name == "version") selected.version = true;
    else if (name == "custom") selected.custom = true;
    else if (name == "last-modified") selected.last_modified = true;
    else if (name == "etag") selected.etag = true;
    else if (name == "location") selected.location = true;
    else if (name == "copies") selected.copies = true;
    else if (!name.empty() && name != "name" && name != "size" && name != "ec" && name != "chunked")
      return Status(Code::kInvalid, "invalid property \"" + std::string(name) + "\" in props list");
  }
  return selected;
}

void add_v1_headers(const TargetContext& target, const ObjectCall& call, const store::OpenObject& object, net::ResponseHead head) {
  const meta::Bucket& bucket = call.object.bucket;
  head.add_block(api::attribute_headers(object.metadata, /*with_atime=*/false));
  head.add_block(api::validator_headers(object.metadata, object.mtime_ns));
  head.add(api::header::kAtime, static_cast<uint64_t>(access_time(object)));
  // Who asks knows the name: better none than another one.
  if (api::header_carries(call.object.object())) head.add(api::header::kName, call.object.object());
  head.add(api::header::kBucketName, bucket.name).add(api::header::kBucketProvider, bucket.provider);
  if (!bucket.ns.uuid.empty()) head.add(api::header::kBucketNamespaceUuid, bucket.ns.uuid);
  if (!bucket.ns.name.empty()) head.add(api::header::kBucketNamespaceName, bucket.ns.name);
  head.add(api::header::kLocation, target.locations[object.mountpath_index]);
  head.add(api::header::kMirrorPaths, "[" + target.mountpaths[object.mountpath_index] + "]");
  head.add(api::header::kMirrorCopies, uint64_t{1});
  head.add(api::header::kPresent, "true");
}

void add_v2_headers(const TargetContext& target, const store::OpenObject& object, const SelectedProps& selected, net::ResponseHead head) {
  meta::ObjectMetadata shown;
  if (selected.checksum) shown.checksum = object.metadata.checksum;
  if (selected.version) shown.version = object.metadata.version;
  if (selected.custom) shown.custom = object.metadata.custom;
  head.add_block(api::attribute_headers(shown, /*with_atime=*/false));
  if (selected.atime) head.add(api::header::kAtime, static_cast<uint64_t>(access_time(object)));
  if (selected.last_modified) head.add("Last-Modified", api::last_modified(object.metadata, object.mtime_ns));
  if (selected.etag) head.add("ETag", meta::entity_tag(object.metadata, object.mtime_ns).text());
  if (selected.location) head.add(api::header::kLocation, target.locations[object.mountpath_index]);
  if (selected.copies)
    head.add(api::header::kMirrorCopies, uint64_t{1}).add(api::header::kMirrorPaths, target.mountpaths[object.mountpath_index]);
  head.add(api::header::kPresent, "true");
}

// Values of `presence`: whether it exists at all, or in the cluster, without attributes; whether it exists elsewhere.
bool wants_no_props(int presence) { return presence == 1 || presence == 3; }
constexpr int kPresenceOutside = 5;

async::Task<Status> send_silent_miss(ObjectCall& call) {
  call.exchange.start(404);
  co_return co_await call.exchange.send_head_only(0);
}

}  // namespace

async::Task<Status> head_object(TargetContext& target, ObjectCall& call) {
  AIS_CO_RETURN_IF_ERROR(call.object.check_access(meta::kAccessHeadObject));
  const std::string props = call.query.get_or_empty(api::query::kProps);
  AIS_CO_TRY(const SelectedProps selected, parse_props(props));
  AIS_CO_TRY(const int presence, api::parse_presence(call.query.get(api::query::kPresence)));

  Result<store::OpenObjectPtr> opened = co_await open_object(target, call.object);
  if (opened.code() == Code::kObjectNotFound && call.query.get_bool(api::query::kSilent)) co_return co_await send_silent_miss(call);
  if (!opened.ok()) co_return opened.status();
  if (presence == kPresenceOutside) co_return Status(Code::kInvalid, call.object.cname() + " is present (presence=5 asks for \"outside\")");
  const store::OpenObjectPtr object = std::move(*opened);
  if (call.query.get_bool("validate-checksum")) {
    Status verified = co_await verify_content(target, call.object, *object);
    if (!verified.ok()) co_return verified;
  }

  AIS_CO_TRY(const meta::PreconditionPtr condition, api::read_precondition(call.exchange.request().headers));
  Status wanted = check_read(condition, *object, call.object);
  if (!wanted.ok() && wanted.code() != Code::kNotModified) co_return wanted;
  target.count(kHeadCount);
  if (!wanted.ok()) co_return co_await answer_not_modified(call.exchange, *object);
  const uint64_t size = object->metadata.size;
  net::ResponseHead head = call.exchange.start(200);
  if (wants_no_props(presence)) {
    head.add(api::header::kPresent, "true");
    co_return co_await call.exchange.send_head_only(std::nullopt);
  }
  if (!props.empty()) {
    add_v2_headers(target, *object, selected, head);
    co_return co_await call.exchange.send_head_only(size);
  }
  add_v1_headers(target, call, *object, head);
  std::optional<uint64_t> length;
  if (size > 0) length = size;
  co_return co_await call.exchange.send_head_only(length);
}

}  // namespace ais::target
