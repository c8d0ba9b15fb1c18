// MountpathReader: reads the mountpaths of a target from files alone. For a process beside a running target, or without one: it takes no
// lock, and it makes, repairs, renames and removes nothing (docs/rfcs/0005-reading-apart-from-changing.md).
//
//   auto reader = MountpathReader::open({"/disk1", "/disk2"}, sys::real_file_system());
//   auto bucket = (*reader)->open_bucket({.name = "imagenet", .provider = "ais"});
//   auto object = (*bucket)->open_object("train/0001.tar");      // a descriptor and decoded metadata
//
// What it reads is what the disks hold: an object that the target acknowledged is found whole, one that the target is writing is not there
// yet. It runs as the target's user: others may not read without leaving times of access (O_NOATIME).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "disk/mountpath.h"
#include "disk/object_file.h"
#include "disk/walker.h"
#include "meta/bucket.h"

namespace ais::disk {

/// One bucket, as it was when it was opened: after the target destroyed it, and perhaps made another one of its name, this one is
/// still that of id(), and its objects vanish. Any thread; must not outlive its MountpathReader.
class BucketReader {
 public:
  BucketReader(std::vector<BucketDirectoryPtr> directories, TroubleListener& listener)
      : directories_(std::move(directories)), listener_(listener) {}

  /// By which buckets of one name are told apart: of the cluster's bucket metadata.
  uint64_t id() const { return directories_.front()->id; }
  /// Looks on the object's home. kObjectNotFound only when that is certain: kMountpathFault when the disk is away, or the bucket was
  /// destroyed meanwhile. kCorrupt, kUnsupported for a damaged one; kInputOutput and others. Blocks.
  Result<ObjectFile> open_object(std::string_view object) const;
  /// Names in order, see ObjectWalker.
  std::unique_ptr<ObjectWalker> walk(WalkOptions options) const;

 private:
  Status look_for_hashed() const;

  const std::vector<BucketDirectoryPtr> directories_;  // by mountpath
  TroubleListener& listener_;
};

class MountpathReader {
 public:
  /// `paths`: the mountpaths of one target, in the order of its configuration; all of them, or objects will be looked for where they are
  /// not. kMountpathFault when one is no mountpath (an empty directory where a disk was unmounted is none), or is another node's than the
  /// first. `listener` hears of damage that walks meet; nullptr: nobody. `files` and `listener` must outlive the reader. Blocks.
  static Result<std::unique_ptr<MountpathReader>> open(const std::vector<std::string>& paths, sys::FileSystem& files,
                                                       TroubleListener* listener = nullptr);
  MountpathReader(const MountpathReader&) = delete;

  /// Of the target that the mountpaths belong to.
  const std::string& node_id() const { return node_id_; }
  const std::vector<std::unique_ptr<const Mountpath>>& mountpaths() const { return mountpaths_; }
  /// Those that any mountpath has a directory of, in order. Blocks.
  Result<std::vector<meta::Bucket>> buckets() const;
  /// kBucketNotFound when a mountpath does not have it; kUnavailable when they have different ones of that name, for a moment, because the
  /// target is making it anew. Blocks.
  Result<std::unique_ptr<BucketReader>> open_bucket(const meta::Bucket& bucket) const;

 private:
  explicit MountpathReader(TroubleListener* listener) : listener_(listener ? *listener : nobody_) {}

  TroubleListener nobody_;
  TroubleListener& listener_;
  std::string node_id_;
  std::vector<std::unique_ptr<const Mountpath>> mountpaths_;
};

}  // namespace ais::disk
