// ObjectFile: an object's file, found by name and open, with its metadata decoded and checked against it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "disk/layout.h"
#include "disk/mountpath.h"
#include "meta/object_metadata.h"
#include "sys/file_system.h"

namespace ais::disk {

/// A snapshot: files are replaced and never rewritten, so the content stays what it was however long the descriptor is kept, also after
/// the object was overwritten or removed. Movable; closes its descriptor. One thread at a time.
class ObjectFile {
 public:
  explicit ObjectFile(sys::FileSystem& files) : files_(&files) {}
  ObjectFile(ObjectFile&& other) noexcept;
  ObjectFile& operator=(ObjectFile&& other) noexcept;
  ~ObjectFile() { close(); }

  /// -1: what lies in the file's place is no file, or it is closed.
  int fd() const { return fd_; }
  void close();
  /// The descriptor is the caller's from now on.
  int release() { return std::exchange(fd_, -1); }

  ObjectLocation location;
  meta::ObjectMetadata metadata;
  int64_t mtime_ns = 0;
  int64_t atime_ns = 0;
  /// OK, or why the file does not count as an object (no or wrong metadata, size differs, a link or a pipe in its place): kCorrupt,
  /// kUnsupported. Without decoded metadata theirs are empty.
  Status sound;

 private:
  friend class ObjectFinder;
  sys::FileSystem* files_;
  int fd_ = -1;
};

/// Looks for an object in its bucket on one mountpath, which is its home: at its plain path first, then under its digest. nullopt: there is
/// no such object there. An unsound file is found, too: it is for the caller to say so, and to tell somebody. An error says nothing about
/// the object: of the disk (kInputOutput, kPermissionDenied, with the errno), or kUnavailable with kCachedOnly when the lookup would wait
/// for the disk. Blocks with kBlocking. `uname` is the bucket's uname and the object's name.
Result<std::optional<ObjectFile>> find_object(const BucketDirectory& bucket, std::string_view object, std::string_view uname,
                                              sys::FileSystem::Lookup lookup);

/// What to answer who wants the object in this unsound file: its Status with the object's name.
Status unsound(const ObjectFile& file, std::string_view uname);

}  // namespace ais::disk
