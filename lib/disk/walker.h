// ObjectWalker: an ordered walk over the objects of a bucket on all mountpaths of a target, within bounded memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "disk/mountpath.h"
#include "disk/name_source.h"
#include "meta/object_metadata.h"

namespace ais::disk {

/// Hears of what a walk meets. Readers change nothing; whoever may (store) remembers and mends. This one only names the mountpath in
/// errors: enough for a process that only reads. Called on the walking threads.
class TroubleListener {
 public:
  virtual ~TroubleListener() = default;
  /// The disk answered with an error, which `cause` carries. Returns what the walker's caller gets.
  virtual Status note_io_error(const Mountpath& at, const Status& cause) { return cause.with_context("mountpath " + at.path); }
  /// An object was found damaged, as `why` says. `digest` is meta::placement_digest(uname).
  virtual void note_damage(const Mountpath& /*at*/, uint64_t /*digest*/, std::string_view /*uname*/, const Status& /*why*/) {}
};

/// A position in the walk: the names of all mountpaths, merged in byte order. Holds a bounded window of names per directory level; rereads
/// a directory when its window is used up. What is created or removed during the walk may be seen or not; what exists all the time is seen
/// once. One thread at a time; blocks on the disks.
class ObjectWalker {
 public:
  struct Entry {
    std::string_view name;                           // valid until the next call
    bool is_directory = false;                       // only with non_recursive: "dir/"
    const meta::ObjectMetadata* metadata = nullptr;  // only when asked for, and when it could be read
    bool is_damaged = false;                         // metadata was asked for and cannot be read, or cannot be believed
    uint32_t mountpath_index = 0;
  };

  /// `buckets`: the bucket on each mountpath of the target, in their order; the mountpaths and `listener` must outlive the walk.
  ObjectWalker(std::vector<BucketDirectoryPtr> buckets, WalkOptions options, TroubleListener& listener);
  /// A walk that cannot begin: next() says why.
  explicit ObjectWalker(Status why);
  ObjectWalker(const ObjectWalker&) = delete;

  /// The next name in byte order, or nullopt at the end. Complete or an error: kBucketNotFound when a mountpath does not have the bucket;
  /// kMountpathFault, kInputOutput and others when a mountpath or a directory is away or cannot be read. The walk is over then.
  Result<std::optional<Entry>> next();

 private:
  struct Source {
    BucketDirectoryPtr bucket;
    std::unique_ptr<NameSource> names;
    bool at_end = false;
  };
  enum class Found { kSound, kDamaged, kGone };

  Result<std::optional<Entry>> advance();
  Status start();
  Status step(Source& source);
  /// The end is one only while everything is where it was: a directory that is gone looks like an empty one.
  Result<std::optional<Entry>> end();
  Source* smallest();
  bool is_home(const Mountpath& mountpath, std::string_view name) const;
  /// Into metadata_. An error only where it says nothing about the object: then the walk cannot go on.
  Result<Found> load_metadata(const Source& source);
  Result<Found> damaged(const Source& source, const Status& why);
  ssize_t read_metadata(const Source& source, char* bytes, size_t size_max);
  Status in_place(const BucketDirectory& bucket);
  Status io_error(const Source& source, const Status& cause);

  const std::vector<BucketDirectoryPtr> buckets_;
  const std::vector<const Mountpath*> mountpaths_;
  const std::string bucket_uname_;
  const NameRange range_;
  const bool with_metadata_;
  TroubleListener* const listener_;
  bool started_ = false;
  Status failed_;
  std::vector<Source> sources_;
  Source* emitted_ = nullptr;  // must move on before the next choice
  std::string last_;
  bool any_emitted_ = false;
  meta::ObjectMetadata metadata_;
  std::string path_;
};

}  // namespace ais::disk
