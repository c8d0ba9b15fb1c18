#include <cstdio>
#include <cstring>

#include "base/strings.h"
#include "store/mountpath_check.h"

namespace ais::store {
namespace {

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
