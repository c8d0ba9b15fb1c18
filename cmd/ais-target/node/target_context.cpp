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
      bucket_refresh(shell),
      walkers(clock) {
  for (const store::MountpathInfo& info : objects.mountpaths()) {
    mountpaths.push_back(info.path);
    locations.push_back(node_name + ":mp[" + info.path + ", fs=" + info.filesystem_device + "(" + info.filesystem_type + ")]");
  }
}

Status TargetContext::explain(const ObjectRef& object, Status status) const {
  if (status.code() == Code::kObjectNotFound) return object_not_found(node_name, object);
  if (status.code() == Code::kPreconditionFailed) return precondition_failed(object);
  if (status.code() == Code::kBusy) return object_is_moving(object);
  if (status.code() != Code::kBucketNotFound) return status;
  if (!knows_bucket(object.name().bucket_uname)) return api::bucket_missing(object.bucket);
  return Status(Code::kUnavailable, node_name + ": bucket " + object.bucket.cname() + " is not set up here yet");
}

bool TargetContext::knows_bucket(std::string_view bucket_uname) const {
  return daemon.cluster().snapshot().bmd->find_uname(bucket_uname) != nullptr;
}

}  // namespace ais::target
