#include "disk/mountpath.h"

#include <errno.h>
#include <fcntl.h>

#include <cstring>

#include "base/strings.h"
#include "disk/directory_reader.h"

namespace ais::disk {
namespace {

using Lookup = sys::FileSystem::Lookup;

/// Whether `path` is still a name of the open `fd`.
Status check_leads_to(const Mountpath& mountpath, int fd, const std::string& path) {
  struct stat open {
  }, named{};
  if (int error = mountpath.files.fstat(fd, &open); error < 0) return Status::from_errno(-error, "cannot look at " + path);
  // With a component behind it, a mountpath that is a symbolic link is followed.
  int error = mountpath.files.fstat_at(AT_FDCWD, (path + "/.").c_str(), &named);
  if (error == -ENOENT || error == -ENOTDIR) return mountpath_fault(mountpath.path, path + " is gone: unmounted, renamed away, or removed");
  if (error < 0) return Status::from_errno(-error, "cannot look at " + path);
  if (open.st_dev != named.st_dev) {
    return mountpath_fault(mountpath.path, path + " is now on another filesystem: unmounted, or mounted over");
  }
  return open.st_ino == named.st_ino ? Status() : mountpath_fault(mountpath.path, path + " is another directory now");
}

}  // namespace

Status mountpath_fault(const std::string& path, const std::string& text) {
  return make_status(Code::kMountpathFault, "mountpath %s: %s", path.c_str(), text.c_str());
}

Status mountpath_fault(const std::string& path, int error, const char* what, const char* remedy) {
  return mountpath_fault(path, std::string(what) + ": " + strerror(error) + "; " + remedy);
}

Mountpath::Mountpath(sys::FileSystem& files_of, std::string at, uint32_t number)
    : files(files_of), path(std::move(at)), index(number), digest(meta::placement_digest(path)) {}

Mountpath::~Mountpath() {
  if (root_fd >= 0) files.close(root_fd);
}

Status Mountpath::open() {
  if (path.empty() || path[0] != '/') return mountpath_fault(path, "not an absolute path");
  root_fd = files.open_at(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (root_fd == -ENOTDIR) return mountpath_fault(path, "not a directory");
  if (root_fd < 0) return mountpath_fault(path, -root_fd, "cannot open", "create the directory or mount the disk");
  struct stat info {};
  if (int error = files.fstat(root_fd, &info); error < 0) return mountpath_fault(path, -error, "cannot stat", "check the disk");
  device = info.st_dev;
  return {};
}

BucketDirectory::~BucketDirectory() {
  for (int fd : {directory_fd, objects_fd, hashed_fd.load()}) {
    if (fd >= 0) files.close(fd);
  }
}

Status BucketDirectory::open(std::string below, std::string bucket_uname) {
  path = std::move(below);
  uname = std::move(bucket_uname);
  directory_fd = files.open_beneath(mountpath.root_fd, path.c_str(), O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
  if (directory_fd < 0) return Status::from_errno(-directory_fd, path);
  AIS_TRY(id, read_bucket_id(files, directory_fd, path));
  objects_fd = files.open_beneath(directory_fd, kObjectsDirectory, O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
  if (objects_fd < 0) return Status::from_errno(-objects_fd, path + "/" + kObjectsDirectory);
  return look_for_hashed();
}

Status BucketDirectory::look_for_hashed() {
  if (has_hashed()) return {};
  int fd = files.open_beneath(directory_fd, kHashedDirectory, O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
  if (fd == -ENOENT) return {};
  if (fd < 0) return Status::from_errno(-fd, path + "/" + kHashedDirectory);
  int none = -1;
  if (!hashed_fd.compare_exchange_strong(none, fd)) files.close(fd);
  return {};
}

Result<uint64_t> read_bucket_id(sys::FileSystem& files, int directory_fd, const std::string& path) {
  char text[32];
  ssize_t size = files.fget_xattr(directory_fd, kBucketIdXattr, text, sizeof(text));
  if (size == -ENODATA) return make_status(Code::kCorrupt, "bucket directory %s has no bucket id", path.c_str());
  if (size < 0) return Status::from_errno(static_cast<int>(-size), path);
  std::optional<uint64_t> id = parse_uint(std::string_view(text, static_cast<size_t>(size)));
  if (!id) return make_status(Code::kCorrupt, "bucket directory %s has a malformed bucket id", path.c_str());
  return *id;
}

Result<std::vector<std::string>> bucket_places(const Mountpath& mountpath) {
  std::vector<std::string> result;
  std::vector<std::string> parents;
  std::vector<char> buffer;
  AIS_RETURN_IF_ERROR(read_directory(mountpath.files, mountpath.root_fd, ".", buffer, [&](std::string_view name, unsigned char type) {
    if (type == DT_DIR && name[0] == '@') parents.emplace_back(name);
  }));
  for (size_t i = 0; i < parents.size(); ++i) {
    const std::string parent = parents[i];
    const bool is_provider = parent.find('/') == std::string::npos;
    auto collect = [&](std::string_view name, unsigned char type) {
      if (type != DT_DIR) return;
      const bool is_namespace = name[0] == '@' || name[0] == '#';
      if (is_namespace && !is_provider) return;
      (is_namespace ? parents : result).push_back(parent + "/" + std::string(name));
    };
    AIS_RETURN_IF_ERROR(read_directory(mountpath.files, mountpath.root_fd, parent.c_str(), buffer, collect));
  }
  return result;
}

Status check_in_place(const BucketDirectory& bucket) {
  const Mountpath& mountpath = bucket.mountpath;
  AIS_RETURN_IF_ERROR(check_leads_to(mountpath, mountpath.root_fd, mountpath.path));
  const std::string directory = mountpath.path + "/" + bucket.path + "/";
  Status status = check_leads_to(mountpath, bucket.objects_fd, directory + kObjectsDirectory);
  if (status.ok() && bucket.has_hashed()) status = check_leads_to(mountpath, bucket.base(true), directory + kHashedDirectory);
  if (status.ok() || !bucket.retired) return status;
  // Its directories went to the trash, perhaps for those of a successor: nothing is wrong with the disk.
  return make_status(Code::kBucketNotFound, "bucket %s was destroyed meanwhile", bucket.uname.c_str());
}

}  // namespace ais::disk
