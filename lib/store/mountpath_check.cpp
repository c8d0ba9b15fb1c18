#include "store/mountpath_check.h"

#include <errno.h>
#include <fcntl.h>

#include <cstring>

#include "base/log.h"
#include "store/committer.h"

namespace ais::store {
namespace {

constexpr const char* kProbeFile = ".ais.probe";

Status fault(const std::string& path, const std::string& text) {
  return make_status(Code::kMountpathFault, "mountpath %s: %s", path.c_str(), text.c_str());
}

Status fault(const std::string& path, int error, const char* what, const char* remedy) {
  return fault(path, std::string(what) + ": " + strerror(error) + "; " + remedy);
}

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
  if (fd < 0) return fault(path, -fd, "cannot create a file", "give the target's user write permission, and mount it read-write");
  Status status;
  int error = files.fset_xattr(fd, disk::kMetadataXattr, "x", 1);
  if (error < 0 && !is_full(-error)) {
    status = fault(path, -error, "no extended attributes", "use XFS or ext4, or mount it with user_xattr");
  } else if (ssize_t written = files.pwrite(fd, "x", 1, 0); written < 0 && !is_full(static_cast<int>(-written))) {
    status = fault(path, static_cast<int>(-written), "cannot write", "check the disk");
  } else if (error = files.fsync(fd); error < 0 && !is_full(-error)) {
    status = fault(path, -error, "cannot sync", "check the disk");
  }
  files.close(fd);
  error = files.unlink_at(mountpath.root_fd, kProbeFile, 0);
  if (status.ok() && error < 0) status = fault(path, -error, "cannot remove a file", "check the permissions");
  return status;
}

Status lock(sys::FileSystem& files, Mountpath& mountpath) {
  mountpath.lock_fd = files.open_at(mountpath.root_fd, disk::kLockFile, O_RDWR | O_CREAT, 0600);
  if (mountpath.lock_fd < 0) {
    return fault(mountpath.path, -mountpath.lock_fd, "cannot create the lock file", "give the target's user write permission");
  }
  int error = files.try_lock(mountpath.lock_fd);
  if (error == -EWOULDBLOCK) return fault(mountpath.path, "another process uses it; stop that target, or give this one its own directory");
  return error < 0 ? fault(mountpath.path, -error, "cannot lock", "use a local filesystem") : Status();
}

Status claim(StoreContext& context, const Mountpath& mountpath) {
  sys::FileSystem& files = context.files;
  const std::string& node = context.options.node_id;
  char owner[256];
  ssize_t size = files.fget_xattr(mountpath.root_fd, disk::kNodeXattr, owner, sizeof(owner));
  if (size >= 0) {
    std::string_view found(owner, static_cast<size_t>(size));
    if (found == node) return {};
    return fault(mountpath.path, "belongs to node " + std::string(found) + ", this is " + node +
                                     "; start that node here, or remove the xattr user.ais.node to hand the disk over");
  }
  if (size != -ENODATA) return fault(mountpath.path, static_cast<int>(-size), "cannot read its owner", "check the disk");
  int error = files.fset_xattr(mountpath.root_fd, disk::kNodeXattr, node.data(), node.size());
  return error < 0 ? fault(mountpath.path, -error, "cannot store its owner", "use a filesystem with extended attributes") : Status();
}

/// Whether `path` is still a name of the open `fd`.
Status check_leads_to(StoreContext& context, const Mountpath& mountpath, int fd, const std::string& path) {
  struct stat open {
  }, named{};
  if (int error = context.files.fstat(fd, &open); error < 0) return context.io_error(mountpath, -error, "cannot look at " + path);
  // With a component behind it, a mountpath that is a symbolic link is followed.
  int error = context.files.fstat_at(AT_FDCWD, (path + "/.").c_str(), &named);
  if (error == -ENOENT || error == -ENOTDIR) return fault(mountpath.path, path + " is gone: unmounted, renamed away, or removed");
  if (error < 0) return context.io_error(mountpath, -error, "cannot look at " + path);
  if (open.st_dev != named.st_dev) return fault(mountpath.path, path + " is on another filesystem now: unmounted, or mounted over");
  return open.st_ino == named.st_ino ? Status() : fault(mountpath.path, path + " is another directory now");
}

int make_and_open(sys::FileSystem& files, int directory, const char* name) {
  int error = files.mkdir_at(directory, name, 0755);
  if (error < 0 && error != -EEXIST) return error;
  return files.open_beneath(directory, name, O_RDONLY | O_DIRECTORY, sys::FileSystem::Lookup::kBlocking);
}

}  // namespace

Result<std::unique_ptr<Mountpath>> open_mountpath(StoreContext& context, const std::string& path, uint32_t index) {
  sys::FileSystem& files = context.files;
  if (path.empty() || path[0] != '/') return fault(path, "not an absolute path");
  auto mountpath = std::make_unique<Mountpath>(files, context.clock, path, index, context.options.pool_threads);
  mountpath->root_fd = files.open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (mountpath->root_fd == -ENOTDIR) return fault(path, "not a directory");
  if (mountpath->root_fd < 0) return fault(path, -mountpath->root_fd, "cannot open", "create the directory or mount the disk");
  struct stat info {};
  if (int error = files.fstat(mountpath->root_fd, &info); error < 0) return fault(path, -error, "cannot stat", "check the disk");
  mountpath->device = info.st_dev;
  AIS_RETURN_IF_ERROR(lock(files, *mountpath));
  AIS_RETURN_IF_ERROR(probe(files, *mountpath));
  AIS_RETURN_IF_ERROR(claim(context, *mountpath));
  mountpath->trash_fd = make_and_open(files, mountpath->root_fd, disk::kTrashDirectory);
  if (mountpath->trash_fd < 0) return fault(path, -mountpath->trash_fd, "cannot open %trash", "check the permissions");
  mountpath->bad_fd = make_and_open(files, mountpath->root_fd, disk::kBadDirectory);
  if (mountpath->bad_fd < 0) return fault(path, -mountpath->bad_fd, "cannot open %bad", "check the permissions");
  if (int error = files.fsync(mountpath->root_fd); error < 0) return fault(path, -error, "cannot sync", "check the disk");
  return mountpath;
}

Status check_in_place(StoreContext& context, const Mountpath& mountpath, const BucketDirectory& bucket) {
  AIS_RETURN_IF_ERROR(check_leads_to(context, mountpath, mountpath.root_fd, mountpath.path));
  const std::string directory = mountpath.path + "/" + bucket.path + "/";
  Status status = check_leads_to(context, mountpath, bucket.objects_fd, directory + disk::kObjectsDirectory);
  if (status.ok() && bucket.has_hashed())
    status = check_leads_to(context, mountpath, bucket.base(true), directory + disk::kHashedDirectory);
  if (status.ok() || !bucket.retired) return status;
  // Its directories went to the trash, perhaps for those of a successor: nothing is wrong with the disk.
  return make_status(Code::kUnavailable, "bucket %s was destroyed meanwhile, please try again", bucket.uname.c_str());
}

Status check_distinct_filesystems(const StoreContext& context) {
  for (const auto& a : context.mountpaths) {
    for (const auto& b : context.mountpaths) {
      if (a->index >= b->index) continue;
      if (a->path == b->path) return fault(a->path, "listed twice");
      if (a->device == b->device && !context.options.allow_shared_filesystem) {
        return fault(a->path, "on the same filesystem as " + b->path + "; give each its own disk, or allow shared filesystems for tests");
      }
    }
  }
  return {};
}

}  // namespace ais::store
