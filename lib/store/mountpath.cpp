#include "store/mountpath.h"

#include <errno.h>
#include <fcntl.h>

#include <cstdio>
#include <cstring>

#include "base/log.h"
#include "base/strings.h"
#include "disk/directory_reader.h"
#include "store/committer.h"
#include "store/store_context.h"

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

struct MountEntry {
  std::string device;
  std::string type;
};

/// The entry of /proc/self/mounts with the longest mount point above `path`. Empty when there is no /proc.
MountEntry find_mount(const std::string& path) {
  MountEntry best;
  size_t best_size = 0;
  FILE* file = fopen("/proc/self/mounts", "re");
  if (!file) return best;
  char line[4096];
  while (fgets(line, sizeof(line), file)) {
    std::vector<std::string_view> fields = split(line, ' ');
    if (fields.size() < 3) continue;
    std::string_view point = fields[1];
    bool above = path.starts_with(point) && (point == "/" || path.size() == point.size() || path[point.size()] == '/');
    if (!above || point.size() < best_size) continue;
    best_size = point.size();
    best = {.device = std::string(fields[0]), .type = std::string(fields[2])};
  }
  fclose(file);
  return best;
}

}  // namespace

Mountpath::Mountpath(sys::FileSystem& files_of, sys::Clock& clock_of, std::string at, uint32_t number, size_t pool_threads)
    : disk::Mountpath(files_of, std::move(at), number), set_aside(files, clock_of), pool("disk" + std::to_string(number), pool_threads) {}

Mountpath::~Mountpath() {
  set_aside.stop();
  for (int fd : {trash_fd, bad_fd, lock_fd}) {
    if (fd >= 0) files.close(fd);
  }
}

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

Status remove_work_files(StoreContext& context, const Mountpath& mountpath) {
  sys::FileSystem& files = context.files;
  std::vector<char> buffer;
  AIS_TRY(const std::vector<std::string> buckets, disk::bucket_places(mountpath));
  size_t removed = 0;
  for (const std::string& bucket : buckets) {
    std::string directory = bucket + "/" + disk::kWorkDirectory;
    std::vector<std::string> names;
    AIS_RETURN_IF_ERROR(
        disk::read_directory(files, mountpath.root_fd, directory.c_str(), buffer, [&](std::string_view name, unsigned char type) {
          if (type == DT_REG) names.push_back(directory + "/" + std::string(name));
        }));
    for (const std::string& name : names) {
      int error = files.unlink_at(mountpath.root_fd, name.c_str(), 0);
      if (error < 0 && error != -ENOENT) return context.io_error(mountpath, -error, name);
      ++removed;
    }
  }
  if (removed > 0) AIS_INFO("store", "mountpath %s: removed %zu unfinished work files", mountpath.path.c_str(), removed);
  return {};
}

MountpathTrouble trouble_of(const Mountpath& mountpath) {
  MountpathTrouble trouble;
  trouble.io_errors = mountpath.damage.io_errors.load(std::memory_order_relaxed);
  trouble.damaged_objects = mountpath.damage.damaged_objects();
  mountpath.set_aside.refresh(mountpath.pool, mountpath.bad_fd);
  trouble.set_aside_files = mountpath.set_aside.file_count();
  trouble.set_aside_bytes = mountpath.set_aside.bytes();
  return trouble;
}

MountpathInfo describe_mountpath(const StoreContext& context, const Mountpath& mountpath) {
  MountpathInfo info;
  info.path = mountpath.path;
  info.device = mountpath.device;
  static_cast<MountpathTrouble&>(info) = trouble_of(mountpath);
  MountEntry mount = find_mount(mountpath.path);
  info.filesystem_device = mount.device;
  info.filesystem_type = mount.type;
  struct statfs stats {};
  if (context.files.fstatfs(mountpath.root_fd, &stats) < 0) {
    info.enabled = false;
    return info;
  }
  memcpy(info.filesystem_id, &stats.f_fsid, sizeof(info.filesystem_id));
  uint64_t block = static_cast<uint64_t>(stats.f_bsize);
  info.used_bytes = (stats.f_blocks - stats.f_bfree) * block;
  info.available_bytes = stats.f_bavail * block;
  // As df does: of what an ordinary user can have, rounded up.
  if (uint64_t total = info.used_bytes + info.available_bytes; total > 0) {
    info.used_percent = static_cast<int>((info.used_bytes * 100 + total - 1) / total);
  }
  return info;
}

}  // namespace ais::store
