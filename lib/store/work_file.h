// WorkFile: a file on its way to becoming an object. Unnamed (O_TMPFILE) where the filesystem can, else named in %wk; dropped
// without trace when it is not published.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
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
  /// Takes over a named file of %wk (appends).
  static Result<WorkFile> adopt(StoreContext& context, BucketDirectoryPtr bucket, std::string name, int fd);

  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool is_direct() const { return direct_; }
  BucketDirectory& bucket() const { return *bucket_; }

  /// All bytes at `offset`. An O_DIRECT file falls back to buffered writing when the filesystem refuses.
  Status write(std::string_view bytes, uint64_t offset);
  Status truncate(uint64_t size);
  /// Bytes [offset, offset + size) of another file to the same place of this one.
  Status copy_from(int source, uint64_t size);
  /// With a true name, that goes into an xattr of its own as well (kNameXattr).
  Status set_metadata(const ObjectMetadata& metadata);

  /// Closes the file and leaves it under its name in %wk.
  void leave_named();

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
  std::string name_;  // in %wk; "" while unnamed, and once published
};

}  // namespace ais::store
