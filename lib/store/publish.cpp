// The middle of a batch: names change here, one step after the other, in the order of the queue.
#include <errno.h>
#include <fcntl.h>

#include "base/log.h"
#include "store/committer.h"
#include "sys/fault_points.h"

namespace ais::store {
namespace {

using Missing = ParentDirectories::Missing;

/// Errors by which a plain path turns out to collide with another name, so that the object must go under its digest.
bool is_collision(int error) {
  return error == -EEXIST || error == -ENOTDIR || error == -EISDIR || error == -ENOTEMPTY || error == -ENAMETOOLONG;
}

std::string leaf_text(const disk::ObjectLocation& location) { return std::string(disk::leaf_of(location.path)); }

}  // namespace

void Committer::publish(Change& change, ParentDirectories& parents) {
  Status status;
  switch (change.kind) {
    case Change::Kind::kPut: status = publish_put(change, parents); break;
    case Change::Kind::kRemove: status = publish_remove(change, parents); break;
    case Change::Kind::kSetCustom: status = publish_custom(change); break;
    case Change::Kind::kRename: status = publish_rename(change, parents); break;
    case Change::Kind::kClaim:
    case Change::Kind::kSettle:
    case Change::Kind::kTask: break;
  }
  change.finished = true;
  if (status.ok()) {
    change.published = true;
  } else {
    change.status = std::move(status);
  }
}

Status Committer::publish_put(Change& change, ParentDirectories& parents) {
  context_.counters.commits.fetch_add(1, std::memory_order_relaxed);
  if (!change.present()) return publish_new(change, parents);
  // A damaged file keeps a name all the time: first it gets one in %bad, then the new object takes its old one.
  if (change.damaged) AIS_RETURN_IF_ERROR(put_aside(change, parents));
  const disk::ObjectLocation& location = change.present()->location;
  int directory = parents.open(*change.bucket, location, Missing::kFail);
  int error = directory < 0 ? directory : change.body.file.publish_over(directory, leaf_text(location).c_str());
  if (error < 0) return context_.io_error(mountpath_, -error, "publish " + change.name.uname);
  AIS_FAULT_POINT("put.after_rename");
  change.sync_directory = directory;
  if (change.damaged) change.sync_file = change.body.file.fd();
  return {};
}

Status Committer::publish_new(Change& change, ParentDirectories& parents) {
  int error = -EEXIST;
  if (disk::is_plain_path(change.name.object())) {
    error = try_publish_at(change, {.hashed = false, .path = std::string(change.name.object())}, parents);
  }
  if (is_collision(error)) {
    change.result.metadata.true_name = change.name.object();
    AIS_RETURN_IF_ERROR(change.body.file.set_metadata(change.result.metadata));
    error = try_publish_at(change, {.hashed = true, .path = disk::hashed_path(change.name.uname)}, parents);
  }
  if (error < 0) return context_.io_error(mountpath_, -error, "publish " + change.name.uname);
  AIS_FAULT_POINT("put.after_link");
  change.sync_file = change.body.file.fd();
  return {};
}

int Committer::try_publish_at(Change& change, const disk::ObjectLocation& location, ParentDirectories& parents) {
  for (int attempt = 0;; ++attempt) {
    int directory = parents.open(*change.bucket, location, Missing::kMake);
    int error = directory < 0 ? directory : change.body.file.publish_new(directory, leaf_text(location).c_str());
    if (error == -ENOENT && attempt == 0) {  // the directory was removed as empty after we opened it
      parents.forget(*change.bucket, location);
      continue;
    }
    if (error == 0) change.sync_directory = directory;
    return error;
  }
}

Status Committer::publish_remove(Change& change, ParentDirectories& parents) {
  context_.counters.deletes.fetch_add(1, std::memory_order_relaxed);
  if (change.damaged) AIS_RETURN_IF_ERROR(put_aside(change, parents));
  const disk::ObjectLocation& location = change.present()->location;
  int directory = parents.open(*change.bucket, location, Missing::kFail);
  AIS_FAULT_POINT("delete.before_unlink");
  const bool has_left = change.damaged && change.damaged->fd() < 0;
  int error = directory < 0 || has_left ? directory : context_.files.unlink_at(directory, leaf_text(location).c_str(), 0);
  if (error < 0) return context_.io_error(mountpath_, -error, "remove " + change.name.uname);
  AIS_FAULT_POINT("delete.after_unlink");
  change.sync_directory = directory;
  parents.remove_empty(*change.bucket, location);
  return {};
}

Status Committer::publish_custom(Change& change) {
  meta::ObjectMetadata& metadata = change.result.metadata;
  AIS_TRY(std::string bytes, metadata.encode());
  AIS_FAULT_POINT("custom.before_xattr");
  // One xattr is replaced as a whole, or not at all: the filesystem's journal sees to that. Readers that have the file open
  // keep the metadata they read.
  const int fd = change.current->fd();
  int error = context_.files.fset_xattr(fd, disk::kMetadataXattr, bytes.data(), bytes.size());
  if (exceeds_xattrs(error) && change.current->location.hashed) {
    // The second copy of the name makes room, as for a put. Where that does not help it comes back.
    (void)context_.files.fset_xattr(fd, disk::kNameXattr, "", 0);
    error = context_.files.fset_xattr(fd, disk::kMetadataXattr, bytes.data(), bytes.size());
    if (error < 0) (void)context_.files.fset_xattr(fd, disk::kNameXattr, metadata.true_name.data(), metadata.true_name.size());
  }
  if (error < 0) return metadata_refused(context_, mountpath_, fd, error, bytes.size(), "set metadata of " + change.name.uname);
  AIS_FAULT_POINT("custom.after_xattr");
  change.sync_file = change.current->fd();
  return {};
}

Status Committer::publish_rename(Change& change, ParentDirectories& parents) {
  const disk::ObjectLocation& from = change.current->location;
  disk::ObjectLocation to{.hashed = false, .path = std::string(change.to.object())};
  AIS_FAULT_POINT("rename.before_xattr");
  // The generation rises under the old name first: at a crash here the object is only newer than it need be.
  AIS_RETURN_IF_ERROR(publish_custom(change));
  AIS_FAULT_POINT("rename.before_rename");
  int to_directory = parents.open(*change.to_bucket, to, Missing::kMake);
  int from_directory = to_directory < 0 ? to_directory : parents.open(*change.bucket, from, Missing::kFail);
  int error = from_directory;
  if (error >= 0) error = context_.files.rename_at(from_directory, leaf_text(from).c_str(), to_directory, leaf_text(to).c_str(), 0);
  if (is_collision(error) || error == -ENOENT) {
    return make_status(kRenameNeedsCopy, "rename of %s needs a copy", change.name.uname.c_str());
  }
  if (error < 0) return context_.io_error(mountpath_, -error, "rename " + change.name.uname);
  AIS_FAULT_POINT("rename.after_rename");
  change.sync_directory = to_directory;
  change.sync_directory_too = from_directory;
  parents.remove_empty(*change.bucket, from);
  return {};
}

Status Committer::put_aside(Change& change, ParentDirectories& parents) {
  const std::string name = unique_name(context_, "torn");
  const disk::ObjectFile& damaged = *change.damaged;
  int error = 0;
  if (damaged.fd() >= 0) {
    error = context_.files.link_open_file(damaged.fd(), mountpath_.bad_fd, name.c_str());
  } else {
    const int directory = parents.open(*change.bucket, damaged.location, Missing::kFail);
    error = directory;
    if (directory >= 0)
      error = context_.files.rename_at(directory, leaf_text(damaged.location).c_str(), mountpath_.bad_fd, name.c_str(), 0);
  }
  if (error < 0) return context_.io_error(mountpath_, -error, "set aside " + change.name.uname);
  change.sync_directory_too = mountpath_.bad_fd;
  AIS_FAULT_POINT("aside.after_link");
  mountpath_.damage.forget(change.name.digest);
  AIS_ERROR("store", "%s: %s; kept as %s/%s/%s", change.name.uname.c_str(), change.damaged->sound.message().c_str(),
            mountpath_.path.c_str(), disk::kBadDirectory, name.c_str());
  return {};
}

}  // namespace ais::store
