#include "store/buckets.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>

#include <mutex>
#include <set>

#include "base/log.h"
#include "base/strings.h"
#include "disk/directory_reader.h"
#include "disk/layout.h"
#include "store/store_context.h"

namespace ais::store {

using Lookup = sys::FileSystem::Lookup;

BucketDirectory::BucketDirectory(const disk::Mountpath& on) : disk::BucketDirectory(on) {
  static std::atomic<uint64_t> opened{0};
  changes = ++opened << 40;
}

BucketDirectory::~BucketDirectory() {
  if (work_fd >= 0) files.close(work_fd);
}

Status BucketDirectory::open(std::string below, std::string bucket_uname) {
  AIS_RETURN_IF_ERROR(disk::BucketDirectory::open(std::move(below), std::move(bucket_uname)));
  work_fd = files.open_beneath(directory_fd, disk::kWorkDirectory, O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
  return work_fd < 0 ? Status::from_errno(-work_fd, path + "/" + disk::kWorkDirectory) : Status();
}

BucketDirectoryPtr BucketTable::find(std::string_view bucket_uname) const {
  std::shared_lock lock(mutex_);
  auto found = buckets_.find(bucket_uname);
  return found == buckets_.end() ? nullptr : found->second;
}

void BucketTable::put(BucketDirectoryPtr bucket) {
  std::unique_lock lock(mutex_);
  buckets_[bucket->uname] = std::move(bucket);
}

void BucketTable::retire(std::string_view bucket_uname) {
  std::unique_lock lock(mutex_);
  auto found = buckets_.find(bucket_uname);
  if (found == buckets_.end()) return;
  found->second->retired = true;
  buckets_.erase(found);
}

std::vector<BucketDirectoryPtr> BucketTable::all() const {
  std::shared_lock lock(mutex_);
  std::vector<BucketDirectoryPtr> result;
  for (const auto& [uname, bucket] : buckets_) result.push_back(bucket);
  return result;
}

namespace {

class BucketSync {
 public:
  BucketSync(StoreContext& context, Mountpath& mountpath, VanishedBuckets vanished)
      : context_(context), files_(context.files), mountpath_(mountpath), vanished_(vanished) {}

  Status run(const meta::BucketMetadata& bmd) {
    std::set<std::string> wanted;
    for (const auto& [uname, entry] : bmd.buckets) wanted.insert(disk::bucket_path(entry.first));
    AIS_RETURN_IF_ERROR(remove_vanished(wanted));
    Status first;
    for (const auto& [uname, entry] : bmd.buckets) {
      Status status = ensure(uname, disk::bucket_path(entry.first), entry.second.bid);
      if (first.ok()) first = std::move(status);
    }
    if (!changed_) return first;
    int error = files_.syncfs(mountpath_.root_fd);
    if (error < 0) return context_.io_error(mountpath_, -error, "sync");
    return first;
  }
  bool trashed() const { return trashed_; }

 private:
  Status failure(int error, const std::string& path) { return context_.io_error(mountpath_, -error, path); }

  Status remove_vanished(const std::set<std::string>& wanted) {
    for (const BucketDirectoryPtr& bucket : mountpath_.buckets.all()) {
      if (!wanted.contains(bucket->path)) retire(bucket->uname);
    }
    if (vanished_ == VanishedBuckets::kKeep) return {};
    AIS_TRY(std::vector<std::string> found, bucket_directories());
    for (const std::string& path : found) {
      if (!wanted.contains(path)) AIS_RETURN_IF_ERROR(move_away(path, mountpath_.trash_fd, "bucket"));
    }
    return {};
  }

  void retire(const std::string& uname) {
    mountpath_.buckets.retire(uname);
    context_.cache.invalidate_prefix(uname);
  }

  /// Directories that carry a bucket id: others are not ours to remove.
  Result<std::vector<std::string>> bucket_directories() {
    AIS_TRY(const std::vector<std::string> places, disk::bucket_places(mountpath_));
    std::vector<std::string> result;
    for (const std::string& place : places) {
      int fd = files_.open_beneath(mountpath_.root_fd, place.c_str(), O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
      if (fd < 0) return failure(fd, place);
      Result<uint64_t> id = disk::read_bucket_id(files_, fd, place);
      files_.close(fd);
      if (id.ok()) {
        result.push_back(place);
      } else if (id.code() != Code::kCorrupt) {
        return std::move(id).take_status();
      }
    }
    return result;
  }

  Result<BucketDirectoryPtr> open_bucket(const std::string& path, const std::string& uname) {
    auto bucket = std::make_shared<BucketDirectory>(mountpath_);
    AIS_RETURN_IF_ERROR(bucket->open(path, uname));
    return bucket;
  }

  Status move_away(const std::string& path, int to_directory, const char* tag) {
    std::string name = unique_name(context_, tag);
    int error = files_.rename_at(mountpath_.root_fd, path.c_str(), to_directory, name.c_str(), 0);
    if (error < 0) return failure(error, path);
    changed_ = true;
    trashed_ = trashed_ || to_directory == mountpath_.trash_fd;
    AIS_INFO("store", "mountpath %s: %s moved to %s", mountpath_.path.c_str(), path.c_str(), name.c_str());
    return {};
  }

  Status ensure(const std::string& uname, const std::string& path, uint64_t id) {
    if (BucketDirectoryPtr open = mountpath_.buckets.find(uname)) {
      if (open->id == id) return {};
      retire(uname);
    }
    Result<BucketDirectoryPtr> bucket = open_bucket(path, uname);
    if (bucket.ok() && bucket.value()->id != id) {
      if (vanished_ == VanishedBuckets::kKeep) return other_id(path, bucket.value()->id, id);
      // An older bucket of this name: its objects are not those of the new one.
      bucket = BucketDirectoryPtr();
      AIS_RETURN_IF_ERROR(move_away(path, mountpath_.trash_fd, "bucket"));
      bucket = make_status(Code::kNotFound, "moved away");
    } else if (bucket.code() == Code::kCorrupt) {
      if (holds_objects(path)) return lost_id(path, bucket.status(), id);
      AIS_ERROR("store", "%s, and holds no objects; moved to %s", bucket.status().message().c_str(), disk::kBadDirectory);
      AIS_RETURN_IF_ERROR(move_away(path, mountpath_.bad_fd, "bucket"));
      bucket = make_status(Code::kNotFound, "moved away");
    }
    if (bucket.code() == Code::kNotFound) {
      AIS_RETURN_IF_ERROR(create(path, id));
      bucket = open_bucket(path, uname);
    }
    if (!bucket.ok()) return context_.io_error(mountpath_, bucket.status());
    mountpath_.buckets.put(std::move(bucket).value());
    return {};
  }

  Status fault(const std::string& text) const { return Status(Code::kMountpathFault, "mountpath " + mountpath_.path + ": " + text); }

  Status other_id(const std::string& path, uint64_t found, uint64_t wanted) const {
    return fault(path + " is of the bucket with id " + std::to_string(found) + ", the stored metadata names " + std::to_string(wanted) +
                 ": waiting for what the primary says");
  }

  /// Whose objects they are cannot be told any more; an empty bucket in their place would be the worse answer.
  Status lost_id(const std::string& path, const Status& cause, uint64_t id) const {
    return fault(cause.message() + ", but holds objects; if they belong to this bucket: setfattr -n " + disk::kBucketIdXattr + " -v " +
                 std::to_string(id) + " " + mountpath_.path + "/" + path);
  }

  /// Whether a directory has objects' directories in it. When that cannot be seen, they count as being there.
  bool holds_objects(const std::string& path) {
    bool found = false;
    for (const char* below : {disk::kObjectsDirectory, disk::kHashedDirectory}) {
      std::vector<char> buffer;
      const std::string directory = path + "/" + below;
      const Status status = disk::read_directory(files_, mountpath_.root_fd, directory.c_str(), buffer,
                                                 [&found](std::string_view, unsigned char) { found = true; });
      found = found || !status.ok();
    }
    return found;
  }

  /// Built in the trash and moved into place complete, so that no crash leaves a bucket directory without its id.
  Status create(const std::string& path, uint64_t id) {
    for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      int error = files_.mkdir_at(mountpath_.root_fd, path.substr(0, slash).c_str(), 0755);
      if (error < 0 && error != -EEXIST) return failure(error, path);
    }
    std::string name = unique_name(context_, disk::kNewBucketTag);
    if (int error = files_.mkdir_at(mountpath_.trash_fd, name.c_str(), 0755); error < 0) return failure(error, path);
    int fd = files_.open_beneath(mountpath_.trash_fd, name.c_str(), O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
    if (fd < 0) return failure(fd, path);
    std::string text = std::to_string(id);
    int error = files_.fset_xattr(fd, disk::kBucketIdXattr, text.data(), text.size());
    if (error == 0) error = files_.mkdir_at(fd, disk::kObjectsDirectory, 0755);
    if (error == 0) error = files_.mkdir_at(fd, disk::kWorkDirectory, 0755);
    if (error == 0) error = files_.fsync(fd);
    if (error == 0) error = files_.rename_at(mountpath_.trash_fd, name.c_str(), mountpath_.root_fd, path.c_str(), RENAME_NOREPLACE);
    files_.close(fd);
    changed_ = true;
    return error < 0 ? failure(error, path) : Status();
  }

  StoreContext& context_;
  sys::FileSystem& files_;
  Mountpath& mountpath_;
  const VanishedBuckets vanished_;
  bool changed_ = false;
  bool trashed_ = false;
};

}  // namespace

Status sync_mountpath_buckets(StoreContext& context, Mountpath& mountpath, const meta::BucketMetadata& bmd, VanishedBuckets vanished,
                              bool& trashed) {
  BucketSync sync(context, mountpath, vanished);
  Status status = sync.run(bmd);
  trashed = trashed || sync.trashed();
  return status;
}

// --- Trash -----------------------------------------------------------------------------------------------------------------------

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
