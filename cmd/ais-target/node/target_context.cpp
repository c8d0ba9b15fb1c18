#include "ais-target/node/target_context.h"

#include "api/missing.h"

namespace ais::target {

TargetContext::TargetContext(app::Daemon& shell, store::ObjectStore& objects)
    : daemon(shell),
      store(objects),
      clock(shell.environment().clock),
      node_name(shell.display_name()),
      node_id(shell.node().id),
      capacity(objects),
      bucket_sync(objects),
      bucket_refresh(shell),
      walkers(clock) {
  for (const store::MountpathInfo& info : objects.mountpaths()) {
    mountpaths.push_back(info.path);
    locations.push_back(node_name + ":mp[" + info.path + ", fs=" + info.filesystem_device + "(" + info.filesystem_type + ")]");
  }
}

namespace {

// The store knows an object by its uname, clients by "ais://bucket/object".
Status with_public_name(const ObjectRef& object, Status status) {
  const size_t at = status.message().find(object.uname);
  if (at == std::string::npos) return status;
  std::string text = status.message();
  return Status(status.code(), text.replace(at, object.uname.size(), object.cname())).with_http_status(status.http_status());
}

}  // namespace

Status TargetContext::explain(const ObjectRef& object, Status status) const {
  if (status.code() == Code::kObjectNotFound) return object_not_found(node_name, object);
  if (status.code() == Code::kPreconditionFailed) return precondition_failed(object);
  if (status.code() == Code::kBusy) return object_is_moving(object);
  if (status.code() != Code::kBucketNotFound) return with_public_name(object, std::move(status));
  if (!knows_bucket(object.name().bucket_uname)) return api::bucket_missing(object.bucket);
  return Status(Code::kUnavailable, node_name + ": bucket " + object.bucket.cname() + " is not ready on this node yet");
}

bool TargetContext::knows_bucket(std::string_view bucket_uname) const {
  return daemon.cluster().snapshot().bmd->find_uname(bucket_uname) != nullptr;
}

}  // namespace ais::target
