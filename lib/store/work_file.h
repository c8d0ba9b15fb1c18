// WorkFile: a file on its way to becoming an object. Unnamed (O_TMPFILE) where the filesystem can, else named in %wk; dropped
// without trace when it is not published.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/status.h"
#include "codec/checksum.h"
#include "store/store_context.h"

namespace ais::store {

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

}  // namespace ais::store
