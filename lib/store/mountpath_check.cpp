#include "store/mountpath_check.h"

#include <errno.h>
#include <fcntl.h>

#include "base/log.h"
#include "store/committer.h"

namespace ais::store {
namespace {

constexpr const char* kProbeFile = ".ais.probe";

using disk::mountpath_fault;

bool is_full(int error) { return error == ENOSPC || error == EDQUOT; }

/// A file with an xattr, written and synced: everything that an object needs. A full disk passes with a warning: it still serves
/// reads, and only a running target can delete from it.
Status probe(sys::FileSystem& files, const Mountpath& mountpath) {
  const std::string& path = mountpath.path;
  int fd = files.open_at(mountpath.root_fd, kProbeFile, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (is_full(-fd)) {
    AIS_WARN("store", "mountpath %s is full: not checked for writing", path.c_str());
    return {};
  }
  if (fd < 0) return mountpath_fault(path, -fd, "cannot create a file", "give the target's user write permission, and mount it read-write");
  Status status;
  int error = files.fset_xattr(fd, disk::kMetadataXattr, "x", 1);
  if (error < 0 && !is_full(-error)) {
    status = mountpath_fault(path, -error, "no extended attributes", "use XFS or ext4, or mount it with user_xattr");
  } else if (ssize_t written = files.pwrite(fd, "x", 1, 0); written < 0 && !is_full(static_cast<int>(-written))) {
    status = mountpath_fault(path, static_cast<int>(-written), "cannot write", "check the disk");
  } else if (error = files.fsync(fd); error < 0 && !is_full(-error)) {
    status = mountpath_fault(path, -error, "cannot sync", "check the disk");
  }
  files.close(fd);
  error = files.unlink_at(mountpath.root_fd, kProbeFile, 0);
  if (status.ok() && error < 0) status = mountpath_fault(path, -error, "cannot remove a file", "check the permissions");
  return status;
}

Status lock(sys::FileSystem& files, Mountpath& mountpath) {
  mountpath.lock_fd = files.open_at(mountpath.root_fd, disk::kLockFile, O_RDWR | O_CREAT, 0600);
  if (mountpath.lock_fd < 0) {
    return mountpath_fault(mountpath.path, -mountpath.lock_fd, "cannot create the lock file", "give the target's user write permission");
  }
  int error = files.try_lock(mountpath.lock_fd);
  if (error == -EWOULDBLOCK)
    return mountpath_fault(mountpath.path, "another process uses it; stop that target, or give this one its own directory");
  return error < 0 ? mountpath_fault(mountpath.path, -error, "cannot lock", "use a local filesystem") : Status();
}

Status claim(StoreContext& context, const Mountpath& mountpath) {
  sys::FileSystem& files = context.files;
  const std::string& node = context.options.node_id;
  char owner[256];
  ssize_t size = files.fget_xattr(mountpath.root_fd, disk::kNodeXattr, owner, sizeof(owner));
  if (size >= 0) {
    std::string_view found(owner, static_cast<size_t>(size));
    if (found == node) return {};
    return mountpath_fault(mountpath.path, "belongs to node " + std::string(found) + ", this is " + node +
                                               "; start that node here, or remove the xattr user.ais.node to hand the disk over");
  }
  if (size != -ENODATA) return mountpath_fault(mountpath.path, static_cast<int>(-size), "cannot read its owner", "check the disk");
  int error = files.fset_xattr(mountpath.root_fd, disk::kNodeXattr, node.data(), node.size());
  return error < 0 ? mountpath_fault(mountpath.path, -error, "cannot store its owner", "use a filesystem with extended attributes")
                   : Status();
}

int make_and_open(sys::FileSystem& files, int directory, const char* name) {
  int error = files.mkdir_at(directory, name, 0755);
  if (error < 0 && error != -EEXIST) return error;
  return files.open_beneath(directory, name, O_RDONLY | O_DIRECTORY, sys::FileSystem::Lookup::kBlocking);
}

}  // namespace

Result<std::unique_ptr<Mountpath>> open_mountpath(StoreContext& context, const std::string& path, uint32_t index) {
  sys::FileSystem& files = context.files;
  auto mountpath = std::make_unique<Mountpath>(files, context.clock, path, index, context.options.pool_threads);
  AIS_RETURN_IF_ERROR(mountpath->open());
  AIS_RETURN_IF_ERROR(lock(files, *mountpath));
  AIS_RETURN_IF_ERROR(probe(files, *mountpath));
  AIS_RETURN_IF_ERROR(claim(context, *mountpath));
  mountpath->trash_fd = make_and_open(files, mountpath->root_fd, disk::kTrashDirectory);
  if (mountpath->trash_fd < 0) return mountpath_fault(path, -mountpath->trash_fd, "cannot open %trash", "check the permissions");
  mountpath->bad_fd = make_and_open(files, mountpath->root_fd, disk::kBadDirectory);
  if (mountpath->bad_fd < 0) return mountpath_fault(path, -mountpath->bad_fd, "cannot open %bad", "check the permissions");
  if (int error = files.fsync(mountpath->root_fd); error < 0) return mountpath_fault(path, -error, "cannot sync", "check the disk");
  return mountpath;
}

Status check_distinct_filesystems(const StoreContext& context) {
  for (const auto& a : context.mountpaths) {
    for (const auto& b : context.mountpaths) {
      if (a->index >= b->index) continue;
      if (a->path == b->path) return mountpath_fault(a->path, "listed twice");
      if (a->device == b->device && !context.options.allow_shared_filesystem) {
        return mountpath_fault(a->path,
                               "on the same filesystem as " + b->path + "; give each its own disk, or allow shared filesystems for tests");
      }
    }
  }
  return {};
}

}  // namespace ais::store
