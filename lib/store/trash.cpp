#include "store/trash.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

#include "base/log.h"
#include "base/strings.h"
#include "disk/directory_reader.h"

namespace ais::store {

Trash::Trash(StoreContext& context) : context_(context) {
  thread_ = std::thread([this] { work(); });
  pthread_setname_np(thread_.native_handle(), "trash");
}

Trash::~Trash() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Trash::wake() {
  {
    std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_one();
}

bool Trash::stopping() {
  std::lock_guard lock(mutex_);
  return stopping_;
}

void Trash::work() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || woken_; });
      if (stopping_) return;
      woken_ = false;
    }
    for (const auto& mountpath : context_.mountpaths) {
      if (!empty(*mountpath)) return;
    }
  }
}

bool Trash::empty(const Mountpath& mountpath) {
  const std::string under_construction = format("%s.%llx.", disk::kNewBucketTag, static_cast<unsigned long long>(context_.start_number));
  std::vector<char> buffer;
  std::vector<std::string> names;
  Status status = disk::read_directory(context_.files, mountpath.trash_fd, ".", buffer, [&](std::string_view name, unsigned char) {
    // Buckets that this run is just making are built here.
    if (!name.starts_with(under_construction)) names.emplace_back(name);
  });
  if (!status.ok()) AIS_WARN("store", "mountpath %s: trash: %s", mountpath.path.c_str(), status.to_string().c_str());
  for (const std::string& name : names) {
    if (!remove_tree(mountpath, name)) return false;
  }
  return true;
}

bool Trash::remove_tree(const Mountpath& mountpath, const std::string& name) {
  // Paths still to remove; a directory is met twice: first its children go before it, then it is empty. Nothing is added to a
  // tree in the trash by others, save a put that was under way when its bucket was destroyed: what it leaves goes next time.
  std::vector<std::pair<std::string, bool>> stack{{name, false}};
  std::vector<char> buffer;
  while (!stack.empty()) {
    if (stopping()) return false;
    auto [path, visited] = stack.back();
    if (visited) {
      int error = context_.files.unlink_at(mountpath.trash_fd, path.c_str(), AT_REMOVEDIR);
      if (error < 0) AIS_WARN("store", "mountpath %s: trash: cannot remove %s: errno %d", mountpath.path.c_str(), path.c_str(), -error);
      stack.pop_back();
      continue;
    }
    stack.back().second = true;
    std::vector<std::pair<std::string, bool>> directories;
    std::vector<std::string> files;
    auto collect = [&, &parent = path](std::string_view child, unsigned char type) {
      std::string child_path = parent + "/" + std::string(child);
      if (type == DT_DIR) {
        directories.emplace_back(std::move(child_path), false);
      } else {
        files.push_back(std::move(child_path));
      }
    };
    Status status = disk::read_directory(context_.files, mountpath.trash_fd, path.c_str(), buffer, collect);
    if (!status.ok()) AIS_WARN("store", "mountpath %s: trash: %s", mountpath.path.c_str(), status.to_string().c_str());
    for (const std::string& file : files) {
      if (stopping()) return false;
      (void)context_.files.unlink_at(mountpath.trash_fd, file.c_str(), 0);
    }
    stack.insert(stack.end(), directories.begin(), directories.end());
  }
  return true;
}

}  // namespace ais::store
