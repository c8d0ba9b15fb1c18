#include "disk/walker.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

#include "meta/placement.h"

namespace ais::disk {
namespace {

constexpr size_t kPathBytesMax = 4095;

std::vector<const Mountpath*> mountpaths_of(const std::vector<BucketDirectoryPtr>& buckets) {
  std::vector<const Mountpath*> mountpaths;
  for (const BucketDirectoryPtr& bucket : buckets) mountpaths.push_back(&bucket->mountpath);
  return mountpaths;
}

/// One window per mountpath, so the limit is shared among them.
WalkOptions with_shared_window(WalkOptions options, size_t mountpaths) {
  options.window_bytes_max = std::max<size_t>(1, options.window_bytes_max / std::max<size_t>(1, mountpaths));
  return options;
}

}  // namespace

ObjectWalker::ObjectWalker(std::vector<BucketDirectoryPtr> buckets, WalkOptions options, TroubleListener& listener)
    : buckets_(std::move(buckets)),
      mountpaths_(mountpaths_of(buckets_)),
      bucket_uname_(buckets_.empty() ? std::string() : buckets_.front()->uname),
      range_(with_shared_window(std::move(options), buckets_.size())),
      with_metadata_(range_.with_metadata),
      listener_(&listener) {}

ObjectWalker::ObjectWalker(Status why) : range_({}), with_metadata_(false), listener_(nullptr), failed_(std::move(why)) {}

Result<std::optional<ObjectWalker::Entry>> ObjectWalker::next() {
  if (!failed_.ok()) return failed_;
  Result<std::optional<Entry>> entry = advance();
  failed_ = entry.status();
  return entry;
}

Result<std::optional<ObjectWalker::Entry>> ObjectWalker::advance() {
  if (!started_) AIS_RETURN_IF_ERROR(start());
  while (true) {
    if (emitted_) AIS_RETURN_IF_ERROR(step(*emitted_));
    emitted_ = smallest();
    if (!emitted_) return end();
    NameSource& source = *emitted_->names;
    if (any_emitted_ && source.name() == last_) continue;
    Entry entry{.name = source.name(), .is_directory = source.is_directory(), .mountpath_index = emitted_->bucket->mountpath.index};
    if (with_metadata_ && !entry.is_directory) {
      AIS_TRY(const Found found, load_metadata(*emitted_));
      if (found == Found::kGone) continue;
      if (found == Found::kSound) entry.metadata = &metadata_;
      entry.is_damaged = found == Found::kDamaged;
    }
    last_ = source.name();
    any_emitted_ = true;
    entry.name = last_;
    return std::optional<Entry>(entry);
  }
}

Status ObjectWalker::start() {
  started_ = true;
  for (const BucketDirectoryPtr& bucket : buckets_) {
    AIS_RETURN_IF_ERROR(in_place(*bucket));
    sources_.push_back({bucket, make_tree_source(bucket, range_)});
    if (bucket->has_hashed()) sources_.push_back({bucket, make_hashed_source(bucket, range_)});
  }
  for (Source& source : sources_) AIS_RETURN_IF_ERROR(step(source));
  return {};
}

Status ObjectWalker::step(Source& source) {
  Result<bool> more = source.names->advance();
  // Names would be missing.
  if (!more.ok()) return io_error(source, more.status().with_context("cannot list " + bucket_uname_));
  source.at_end = !*more;
  return {};
}

Result<std::optional<ObjectWalker::Entry>> ObjectWalker::end() {
  for (const Source& source : sources_) AIS_RETURN_IF_ERROR(in_place(*source.bucket));
  return std::optional<Entry>();
}

Status ObjectWalker::in_place(const BucketDirectory& bucket) {
  Status status = check_in_place(bucket);
  return status.error_number() == 0 ? status : listener_->note_io_error(bucket.mountpath, status);
}

/// What is no answer of the disk is not counted as one.
Status ObjectWalker::io_error(const Source& source, const Status& cause) {
  const Mountpath& mountpath = source.bucket->mountpath;
  return cause.error_number() == 0 ? cause.with_context("mountpath " + mountpath.path) : listener_->note_io_error(mountpath, cause);
}

ObjectWalker::Source* ObjectWalker::smallest() {
  Source* best = nullptr;
  for (Source& source : sources_) {
    if (source.at_end) continue;
    if (!best) {
      best = &source;
      continue;
    }
    const int order = source.names->name().compare(best->names->name());
    const Mountpath& mountpath = source.bucket->mountpath;
    // Of two files of one name, the one where readers look first counts: at home, and there the plain path.
    if (order == 0 && &best->bucket->mountpath == &mountpath) continue;
    if (order < 0 || (order == 0 && is_home(mountpath, source.names->name()))) best = &source;
  }
  return best;
}

bool ObjectWalker::is_home(const Mountpath& mountpath, std::string_view name) const {
  std::string uname = bucket_uname_;
  return home_of(mountpaths_, meta::placement_digest(uname.append(name))) == &mountpath;
}

Result<ObjectWalker::Found> ObjectWalker::load_metadata(const Source& source) {
  char bytes[4096];
  const ssize_t size = read_metadata(source, bytes, sizeof(bytes));
  if (size >= 0) {
    Result<meta::ObjectMetadata> metadata = meta::ObjectMetadata::decode({bytes, static_cast<size_t>(size)});
    if (!metadata.ok()) return damaged(source, metadata.status());
    metadata_ = std::move(metadata).value();
    return Found::kSound;
  }
  const int error = static_cast<int>(-size);
  if (error == ENOENT || error == ENOTDIR) {  // removed since its name was read, unless the whole disk is away
    AIS_RETURN_IF_ERROR(in_place(*source.bucket));
    return Found::kGone;
  }
  if (error == ENODATA || error == ERANGE) return damaged(source, make_status(Code::kCorrupt, "object has no valid metadata"));
  const std::string what = "metadata of " + bucket_uname_ + std::string(source.names->name());
  const Status status = listener_->note_io_error(source.bucket->mountpath, Status::from_errno(error, what));
  if (status.code() == Code::kUnavailable || status.code() == Code::kOutOfMemory) return status;
  return Found::kDamaged;
}

Result<ObjectWalker::Found> ObjectWalker::damaged(const Source& source, const Status& why) {
  const std::string uname = bucket_uname_ + std::string(source.names->name());
  listener_->note_damage(source.bucket->mountpath, meta::placement_digest(uname), uname, why);
  return Found::kDamaged;
}

ssize_t ObjectWalker::read_metadata(const Source& source, char* bytes, size_t size_max) {
  const BucketDirectory& bucket = *source.bucket;
  ObjectLocation location = source.names->location(bucket_uname_);
  path_.assign(bucket.mountpath.path).append("/").append(bucket.path).append("/");
  path_.append(location.hashed ? kHashedDirectory : kObjectsDirectory).append("/").append(location.path);
  if (path_.size() <= kPathBytesMax) return bucket.files.get_xattr(path_.c_str(), kMetadataXattr, bytes, size_max);
  int fd = bucket.files.open_beneath(bucket.base(location.hashed), location.path.c_str(), O_RDONLY | O_NOATIME,
                                     sys::FileSystem::Lookup::kBlocking);
  if (fd < 0) return fd;
  ssize_t size = bucket.files.fget_xattr(fd, kMetadataXattr, bytes, size_max);
  bucket.files.close(fd);
  return size;
}

}  // namespace ais::disk
