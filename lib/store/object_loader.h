// Finding and opening objects on disk: plain path first, then the hashed one; metadata decoded and checked against the file.
#pragma once

#include <optional>
#include <string_view>

#include "base/status.h"
#include "store/store_context.h"

namespace ais::store {

/// A file found under an object's name.
struct FoundFile {
  int fd = -1;  // owned by the receiver; -1 for what is no file
  disk::ObjectLocation location;
  meta::ObjectMetadata metadata;
  int64_t mtime_ns = 0;
  int64_t atime_ns = 0;
  /// OK, or why the file does not count as an object (no or wrong metadata, size differs, a link or a pipe in its place): kCorrupt,
  /// kUnsupported.
  Status sound;

  void close(sys::FileSystem& files) const {
    if (fd >= 0) files.close(fd);
  }
};

/// nullopt: there is no such object. An error: kInputOutput, kPermissionDenied, or kUnavailable with kCachedOnly when the lookup
/// would wait for the disk. Blocks with kBlocking; then an unsound file is counted and logged, once.
Result<std::optional<FoundFile>> find_file(StoreContext& context, const BucketDirectory& bucket, std::string_view object,
                                           std::string_view uname, sys::FileSystem::Lookup lookup);

/// For changes: a file whose content is known to be bad is unsound, too (kBadChecksum).
void judge_content(const Mountpath& mountpath, uint64_t digest, FoundFile& file);

/// What to answer who wants the object in this unsound file.
Status unsound(const FoundFile& file, std::string_view uname);

/// The OpenObject of a sound file; takes its descriptor.
OpenObjectPtr make_open_object(StoreContext& context, FoundFile file, uint32_t mountpath_index);

/// Writes a time of last access to the inode when it is much newer than what is stored; on the mountpath's pool.
void save_access_time(StoreContext& context, OpenObjectPtr object);

}  // namespace ais::store
