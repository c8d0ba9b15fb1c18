#include <errno.h>
#include <fcntl.h>

#include "base/log.h"
#include "disk/directory_reader.h"
#include "store/mountpath_check.h"

namespace ais::store {
namespace {

/// Paths (below `base`) of the subdirectories of `path`.
Result<std::vector<std::string>> subdirectories(sys::FileSystem& files, int base, const std::string& path, std::vector<char>& buffer) {
  std::vector<std::string> result;
  auto collect = [&](std::string_view name, unsigned char type) {
    if (type == DT_DIR) result.push_back(path.empty() ? std::string(name) : path + "/" + std::string(name));
  };
  AIS_RETURN_IF_ERROR(disk::read_directory(files, base, path.empty() ? "." : path.c_str(), buffer, collect));
  return result;
}

bool is_namespace(const std::string& path) {
  char first = path[path.rfind('/') + 1];
  return first == '#' || first == '@';
}

}  // namespace

Status remove_work_files(StoreContext& context, const Mountpath& mountpath) {
  sys::FileSystem& files = context.files;
  std::vector<char> buffer;
  std::vector<std::string> buckets;
  AIS_TRY(std::vector<std::string> providers, subdirectories(files, mountpath.root_fd, "", buffer));
  for (const std::string& provider : providers) {
    if (provider[0] != '@') continue;
    AIS_TRY(std::vector<std::string> children, subdirectories(files, mountpath.root_fd, provider, buffer));
    for (std::string& child : children) {
      if (!is_namespace(child)) {
        buckets.push_back(std::move(child));
        continue;
      }
      AIS_TRY(std::vector<std::string> grandchildren, subdirectories(files, mountpath.root_fd, child, buffer));
      buckets.insert(buckets.end(), grandchildren.begin(), grandchildren.end());
    }
  }
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
