#include "store/walker.h"

#include <errno.h>
#include <fcntl.h>

#include "meta/placement.h"
#include "store/mountpath_check.h"

namespace ais::store {
namespace {

constexpr size_t kPathBytesMax = 4095;

class Walker : public ObjectWalker {
 public:
  Walker(StoreContext& context, std::string bucket_uname, const WalkOptions& options)
      : context_(context), bucket_uname_(std::move(bucket_uname)), range_(options), with_metadata_(options.with_metadata) {}

  Result<std::optional<Entry>> next() override {
    if (!failed_.ok()) return failed_;
    Result<std::optional<Entry>> entry = advance();
    failed_ = entry.status();
    return entry;
  }

 private:
  struct Source {
    Mountpath* mountpath;
    BucketDirectoryPtr bucket;
    std::unique_ptr<NameSource> names;
    bool at_end = false;
  };
  enum class Found { kSound, kDamaged, kGone };

  Result<std::optional<Entry>> advance() {
    if (!started_) AIS_RETURN_IF_ERROR(start());
    while (true) {
      if (emitted_) AIS_RETURN_IF_ERROR(step(*emitted_));
      emitted_ = smallest();
      if (!emitted_) return end();
      NameSource& source = *emitted_->names;
      if (any_emitted_ && source.name() == last_) continue;
      Entry entry{.name = source.name(), .is_directory = source.is_directory(), .mountpath_index = emitted_->mountpath->index};
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

  Status start() {
    started_ = true;
    for (const std::unique_ptr<Mountpath>& mountpath : context_.mountpaths) {
      BucketDirectoryPtr bucket = mountpath->buckets.find(bucket_uname_);
      if (!bucket) {
        return make_status(Code::kBucketNotFound, "bucket %s is not on mountpath %s", bucket_uname_.c_str(), mountpath->path.c_str());
      }
      AIS_RETURN_IF_ERROR(check_in_place(context_, *mountpath, *bucket));
      sources_.push_back({mountpath.get(), bucket, make_tree_source(context_, bucket, range_)});
      if (bucket->has_hashed()) sources_.push_back({mountpath.get(), bucket, make_hashed_source(context_, bucket, range_)});
    }
    for (Source& source : sources_) AIS_RETURN_IF_ERROR(step(source));
    return {};
  }

  Status step(Source& source) {
    Result<bool> more = source.names->advance();
    if (!more.ok()) return failure(*source.mountpath, more.status());
    source.at_end = !*more;
    return {};
  }

  /// A directory that is gone looks like an empty one: the end is one only while everything is where it was.
  Result<std::optional<Entry>> end() {
    for (const Source& source : sources_) AIS_RETURN_IF_ERROR(check_in_place(context_, *source.mountpath, *source.bucket));
    return std::optional<Entry>();
  }

  /// Why a directory could not be read: names would be missing.
  Status failure(const Mountpath& mountpath, const Status& cause) {
    const Status status = cause.with_context("cannot list " + bucket_uname_);
    return cause.error_number() == 0 ? status.with_context("mountpath " + mountpath.path) : context_.io_error(mountpath, status);
  }

  Source* smallest() {
    Source* best = nullptr;
    for (Source& source : sources_) {
      if (source.at_end) continue;
      if (!best) {
        best = &source;
        continue;
      }
      int order = source.names->name().compare(best->names->name());
      // Of two files of one name, the one where readers look first counts: at home, and there the plain path.
      if (order == 0 && best->mountpath == source.mountpath) continue;
      if (order < 0 || (order == 0 && is_home(*source.mountpath, source.names->name()))) best = &source;
    }
    return best;
  }

  bool is_home(const Mountpath& mountpath, std::string_view name) const {
    std::string uname = bucket_uname_;
    return &context_.mountpath_of(meta::placement_digest(uname.append(name))) == &mountpath;
  }

  /// Into metadata_. An error only where it says nothing about the object: then the walk cannot go on.
  Result<Found> load_metadata(const Source& source) {
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
      AIS_RETURN_IF_ERROR(check_in_place(context_, *source.mountpath, *source.bucket));
      return Found::kGone;
    }
    if (error == ENODATA || error == ERANGE) return damaged(source, make_status(Code::kCorrupt, "object has no valid metadata"));
    const Status status = context_.io_error(*source.mountpath, error, "metadata of " + bucket_uname_ + std::string(source.names->name()));
    if (status.code() == Code::kUnavailable || status.code() == Code::kOutOfMemory) return status;
    return Found::kDamaged;
  }

  Result<Found> damaged(const Source& source, const Status& why) {
    const std::string uname = bucket_uname_ + std::string(source.names->name());
    context_.note_damage(*source.mountpath, meta::placement_digest(uname), uname, why);
    return Found::kDamaged;
  }

  ssize_t read_metadata(const Source& source, char* bytes, size_t size_max) {
    disk::ObjectLocation location = source.names->location(bucket_uname_);
    path_.assign(source.mountpath->path).append("/").append(source.bucket->path).append("/");
    path_.append(location.hashed ? disk::kHashedDirectory : disk::kObjectsDirectory).append("/").append(location.path);
    if (path_.size() <= kPathBytesMax) return context_.files.get_xattr(path_.c_str(), disk::kMetadataXattr, bytes, size_max);
    int fd = context_.files.open_beneath(source.bucket->base(location.hashed), location.path.c_str(), O_RDONLY | O_NOATIME,
                                         sys::FileSystem::Lookup::kBlocking);
    if (fd < 0) return fd;
    ssize_t size = context_.files.fget_xattr(fd, disk::kMetadataXattr, bytes, size_max);
    context_.files.close(fd);
    return size;
  }

  StoreContext& context_;
  const std::string bucket_uname_;
  const NameRange range_;
  const bool with_metadata_;
  bool started_ = false;
  Status failed_;
  std::vector<Source> sources_;
  Source* emitted_ = nullptr;  // must move on before the next choice
  std::string last_;
  bool any_emitted_ = false;
  meta::ObjectMetadata metadata_;
  std::string path_;
};

}  // namespace

std::unique_ptr<ObjectWalker> make_walker(StoreContext& context, std::string bucket_uname, WalkOptions options) {
  // One window per mountpath, so the limit is shared among them.
  options.window_bytes_max = std::max<size_t>(1, options.window_bytes_max / std::max<size_t>(1, context.mountpaths.size()));
  return std::make_unique<Walker>(context, std::move(bucket_uname), options);
}

}  // namespace ais::store
