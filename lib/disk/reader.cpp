#include "disk/reader.h"

#include <errno.h>

#include <set>

namespace ais::disk {
namespace {

/// The node that a mountpath belongs to.
Result<std::string> read_node(const Mountpath& mountpath) {
  char node[256];
  const ssize_t size = mountpath.files.fget_xattr(mountpath.root_fd, kNodeXattr, node, sizeof(node));
  if (size >= 0) return std::string(node, static_cast<size_t>(size));
  if (size == -ENODATA) return mountpath_fault(mountpath.path, "belongs to no target: not mounted, or never used");
  return mountpath_fault(mountpath.path, static_cast<int>(-size), "cannot read its owner", "check the disk");
}

}  // namespace

// --- BucketReader ----------------------------------------------------------------------------------------------------------------

Result<ObjectFile> BucketReader::open_object(std::string_view object) const {
  std::string uname = directories_.front()->uname;
  uname.append(object);
  const uint64_t digest = meta::placement_digest(uname);
  std::vector<const Mountpath*> mountpaths;
  for (const BucketDirectoryPtr& directory : directories_) mountpaths.push_back(&directory->mountpath);
  BucketDirectory& home = *directories_.at(home_of(mountpaths, digest)->index);
  AIS_RETURN_IF_ERROR(home.look_for_hashed());
  Result<std::optional<ObjectFile>> found = find_object(home, object, uname, sys::FileSystem::Lookup::kBlocking);
  if (!found.ok()) return found.status().error_number() == 0 ? found.status() : listener_.note_io_error(home.mountpath, found.status());
  if (!found.value()) {
    // An unmounted disk has no objects either.
    AIS_RETURN_IF_ERROR(check_in_place(home));
    return make_status(Code::kObjectNotFound, "object %s does not exist", uname.c_str());
  }
  if (found.value()->sound.ok()) return std::move(*found.value());
  listener_.note_damage(home.mountpath, digest, uname, found.value()->sound);
  return unsound(*found.value(), uname);
}

std::unique_ptr<ObjectWalker> BucketReader::walk(WalkOptions options) const {
  for (const BucketDirectoryPtr& directory : directories_) {
    if (Status status = directory->look_for_hashed(); !status.ok()) return std::make_unique<ObjectWalker>(std::move(status));
  }
  return std::make_unique<ObjectWalker>(directories_, std::move(options), listener_);
}

// --- MountpathReader -------------------------------------------------------------------------------------------------------------

Result<std::unique_ptr<MountpathReader>> MountpathReader::open(const std::vector<std::string>& paths, sys::FileSystem& files,
                                                               TroubleListener* listener) {
  if (paths.empty()) return make_status(Code::kInvalid, "no mountpaths are given");
  std::unique_ptr<MountpathReader> reader(new MountpathReader(listener));
  for (const std::string& path : paths) {
    auto mountpath = std::make_unique<Mountpath>(files, path, static_cast<uint32_t>(reader->mountpaths_.size()));
    AIS_RETURN_IF_ERROR(mountpath->open());
    AIS_TRY(std::string node, read_node(*mountpath));
    if (reader->node_id_.empty()) reader->node_id_ = node;
    if (node != reader->node_id_) {
      return mountpath_fault(path, "belongs to node " + node + ", " + paths.front() + " to node " + reader->node_id_);
    }
    reader->mountpaths_.push_back(std::move(mountpath));
  }
  return reader;
}

Result<std::vector<meta::Bucket>> MountpathReader::buckets() const {
  std::set<meta::Bucket> found;
  for (const auto& mountpath : mountpaths_) {
    Result<std::vector<std::string>> places = bucket_places(*mountpath);
    if (!places.ok()) return listener_.note_io_error(*mountpath, places.status());
    for (const std::string& place : *places) {
      std::optional<meta::Bucket> bucket = bucket_at(place);
      if (!bucket) continue;
      BucketDirectory directory(*mountpath);
      const Status opened = directory.open(place, bucket->uname());
      if (opened.ok()) found.insert(std::move(*bucket));
      // Destroyed meanwhile, being made, or somebody else's directory.
      if (opened.ok() || opened.code() == Code::kNotFound || opened.code() == Code::kCorrupt) continue;
      return listener_.note_io_error(*mountpath, opened);
    }
  }
  return std::vector<meta::Bucket>(found.begin(), found.end());
}

Result<std::unique_ptr<BucketReader>> MountpathReader::open_bucket(const meta::Bucket& bucket) const {
  std::vector<BucketDirectoryPtr> directories;
  for (const auto& mountpath : mountpaths_) {
    auto directory = std::make_shared<BucketDirectory>(*mountpath);
    const Status opened = directory->open(bucket_path(bucket), bucket.uname());
    if (opened.code() == Code::kNotFound) {
      return make_status(Code::kBucketNotFound, "bucket %s is not on mountpath %s", bucket.cname().c_str(), mountpath->path.c_str());
    }
    if (opened.code() == Code::kCorrupt) return opened.with_context("mountpath " + mountpath->path);
    if (!opened.ok()) return listener_.note_io_error(*mountpath, opened);
    if (!directories.empty() && directories.front()->id != directory->id) {
      return make_status(Code::kUnavailable, "bucket %s is being made anew, please try again", bucket.cname().c_str());
    }
    directories.push_back(std::move(directory));
  }
  return std::make_unique<BucketReader>(std::move(directories), listener_);
}

}  // namespace ais::disk
