#include <errno.h>
#include <fcntl.h>

#include "base/log.h"
#include "disk/directory_reader.h"
#include "store/mountpath_check.h"

namespace ais::store {
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

}  // namespace ais::store
