// What an object is published with. WorkFile: a file before it has its name. ParentDirectories: the directories that it goes to.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "codec/checksum.h"
#include "store/store_context.h"

namespace ais::store {

/// A file on its way to becoming an object. Unnamed (O_TMPFILE) where the filesystem can, else named in %wk; dropped without trace when it
/// is not published. One thread at a time.
class WorkFile {
 public:
  WorkFile() = default;
  ~WorkFile() { discard(); }
  WorkFile(WorkFile&& other) noexcept { *this = std::move(other); }
  WorkFile& operator=(WorkFile&& other) noexcept;

  /// `direct`: with O_DIRECT where the filesystem accepts it; is_direct() tells.
  static Result<WorkFile> create(StoreContext& context, BucketDirectoryPtr bucket, bool direct);
  /// Takes over a named file of %wk (appends). With a `fallback` the file gets that name when it is not published, instead of going.
  static Result<WorkFile> adopt(StoreContext& context, BucketDirectoryPtr bucket, std::string name, int fd, std::string fallback = "");

  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool is_direct() const { return direct_; }
  BucketDirectory& bucket() const { return *bucket_; }

  /// All bytes at `offset`. An O_DIRECT file falls back to buffered writing when the filesystem refuses.
  Status write(std::string_view bytes, uint64_t offset);
  Status truncate(uint64_t size);
  /// The first `size` bytes of another file, inside the kernel where the filesystem can.
  Status copy_from(int source, uint64_t size);
  /// The same, read and written, and shown to each of the hashers in passing.
  Status copy_hashed(int source, uint64_t size, std::initializer_list<codec::Hasher*> hashers);
  /// Of the last write; nanoseconds since the epoch.
  Result<int64_t> mtime_ns() const;
  Status set_mtime(int64_t wall_ns);
  /// With a true name, that goes into an xattr of its own as well (kNameXattr).
  Status set_metadata(const meta::ObjectMetadata& metadata);

  /// Closes the file and leaves it under its name in %wk.
  void leave_named();
  /// The file goes after all when it is not published.
  void forget_fallback() { fallback_.clear(); }

  /// Publishes under a free name: 0 or -errno (-EEXIST when taken). The file counts as published then.
  int publish_new(int directory, const char* leaf);
  /// Publishes over an existing file; atomically.
  int publish_over(int directory, const char* leaf);

 private:
  void discard();
  Status failure(int error, const char* what) const;

  StoreContext* context_ = nullptr;
  BucketDirectoryPtr bucket_;
  int fd_ = -1;
  bool direct_ = false;
  std::string name_;      // in %wk; "" while unnamed, and once published
  std::string fallback_;  // see adopt()
};

/// Whether a filesystem says by this that attributes do not fit beside a file; ENOSPC, which is also a full disk's answer, included.
bool exceeds_xattrs(int error);
/// What to answer when metadata of `bytes` could not be set on `fd`: kInvalid with the limit when they are too large for the filesystem,
/// else the error of the disk.
Status metadata_refused(StoreContext& context, const disk::Mountpath& mountpath, int fd, int error, size_t bytes, const std::string& what);

/// The directories that one batch of changes works in, opened once each; makes missing ones. The committer's thread.
class ParentDirectories {
 public:
  explicit ParentDirectories(StoreContext& context) : context_(context) {}
  ~ParentDirectories();
  ParentDirectories(const ParentDirectories&) = delete;

  enum class Missing { kFail, kMake };
  /// Descriptor (borrowed) of the directory that holds `location`, or -errno: -ENOTDIR when a part of the path is a file,
  /// -ENOENT with kFail. %hn itself is made with kMake too.
  int open(BucketDirectory& bucket, const disk::ObjectLocation& location, Missing missing);
  /// Removes the directories above `location` that are empty now.
  void remove_empty(BucketDirectory& bucket, const disk::ObjectLocation& location);
  /// Forgets the descriptor: the directory was found to be gone.
  void forget(BucketDirectory& bucket, const disk::ObjectLocation& location);

  /// True once directories were made or removed: only a sync of the whole filesystem covers that.
  bool tree_changed() const { return tree_changed_; }

 private:
  int make_hashed_root(BucketDirectory& bucket);
  /// The directory `path` below `base`, made component by component.
  int make_path(int base, std::string_view path);

  StoreContext& context_;
  std::map<std::pair<const BucketDirectory*, std::string>, int> open_;  // key: "p" or "h" and the path
  bool tree_changed_ = false;
};

}  // namespace ais::store
