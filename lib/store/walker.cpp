#include "store/walker.h"

#include <fcntl.h>

#include "meta/placement.h"

namespace ais::store {
namespace {

constexpr size_t kPathBytesMax = 4095;

class Walker : public ObjectWalker {
 public:
  Walker(StoreContext& context, std::string bucket_uname, const WalkOptions& options)
      : context_(context), bucket_uname_(std::move(bucket_uname)), range_(options), with_metadata_(options.with_metadata) {}

  Result<std::optional<Entry>> next() override {
    if (!started_) AIS_RETURN_IF_ERROR(start());
    while (true) {
      if (emitted_) AIS_RETURN_IF_ERROR(step(*emitted_));
      emitted_ = smallest();
      if (!emitted_) return std::optional<Entry>();
      NameSource& source = *emitted_->names;
      if (any_emitted_ && source.name() == last_) continue;
      Entry entry{.name = source.name(), .is_directory = source.is_directory(), .mountpath_index = emitted_->mountpath->index};
      if (with_metadata_ && !entry.is_directory) {
        if (!load_metadata(*emitted_)) continue;
        entry.metadata = &metadata_;
      }
      last_ = source.name();
      any_emitted_ = true;
      entry.name = last_;
      return std::optional<Entry>(entry);
    }
  }

 private:
  struct Source {
    Mountpath* mountpath;
    BucketDirectoryPtr bucket;
    std::unique_ptr<NameSource> names;
    bool at_end = false;
  };

  Status start() {
    started_ = true;
    for (const std::unique_ptr<Mountpath>& mountpath : context_.mountpaths) {
      BucketDirectoryPtr bucket = mountpath->buckets.find(bucket_uname_);
      if (!bucket) {
        return make_status(Code::kBucketNotFound, "bucket %s is not on mountpath %s", bucket_uname_.c_str(), mountpath->path.c_str());
      }
      sources_.push_back({mountpath.get(), bucket, make_tree_source(context_, bucket, range_)});
      if (bucket->has_hashed()) sources_.push_back({mountpath.get(), bucket, make_hashed_source(context_, bucket, range_)});
    }
    for (Source& source : sources_) AIS_RETURN_IF_ERROR(step(source));
    return {};
  }

  Status step(Source& source) {
    AIS_TRY(bool more, source.names->advance());
    source.at_end = !more;
    return {};
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
      // Of two files of one name, the one where readers look counts.
      if (order < 0 || (order == 0 && is_home(*source.mountpath, source.names->name()))) best = &source;
    }
    return best;
  }

  bool is_home(const Mountpath& mountpath, std::string_view name) const {
    std::string uname = bucket_uname_;
    return &context_.mountpath_of(meta::placement_digest(uname.append(name))) == &mountpath;
  }

  /// False when the object has no valid metadata or is gone.
  bool load_metadata(const Source& source) {
    ObjectLocation location = source.names->location(bucket_uname_);
    char bytes[4096];
    path_.assign(source.mountpath->path).append("/").append(source.bucket->path).append("/");
    path_.append(location.hashed ? kHashedDirectory : kObjectsDirectory).append("/").append(location.path);
    ssize_t size;
    if (path_.size() <= kPathBytesMax) {
      size = context_.files.get_xattr(path_.c_str(), kMetadataXattr, bytes, sizeof(bytes));
    } else {
      int fd = context_.files.open_beneath(source.bucket->base(location.hashed), location.path.c_str(), O_RDONLY | O_NOATIME,
                                           sys::FileSystem::Lookup::kBlocking);
      if (fd < 0) return false;
      size = context_.files.fget_xattr(fd, kMetadataXattr, bytes, sizeof(bytes));
      context_.files.close(fd);
    }
    if (size < 0) return false;
    Result<ObjectMetadata> metadata = ObjectMetadata::decode({bytes, static_cast<size_t>(size)});
    if (!metadata.ok()) return false;
    metadata_ = std::move(metadata).value();
    return true;
  }

  StoreContext& context_;
  const std::string bucket_uname_;
  const NameRange range_;
  const bool with_metadata_;
  bool started_ = false;
  std::vector<Source> sources_;
  Source* emitted_ = nullptr;  // must move on before the next choice
  std::string last_;
  bool any_emitted_ = false;
  ObjectMetadata metadata_;
  std::string path_;
};

}  // namespace

std::unique_ptr<ObjectWalker> make_walker(StoreContext& context, std::string bucket_uname, WalkOptions options) {
  // One window per mountpath, so the limit is shared among them.
  options.window_bytes_max = std::max<size_t>(1, options.window_bytes_max / std::max<size_t>(1, context.mountpaths.size()));
  return std::make_unique<Walker>(context, std::move(bucket_uname), options);
}

}  // namespace ais::store
