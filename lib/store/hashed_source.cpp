#include <vector>

#include "store/directory_reader.h"
#include "store/name_source.h"

namespace ais::store {
namespace {

/// The objects stored under their digest. Their names are in their metadata, so each window costs a pass over all of them; they
/// are the exception among a bucket's objects.
class HashedSource : public NameSource {
 public:
  HashedSource(StoreContext& context, BucketDirectoryPtr bucket, const NameRange& range)
      : context_(context), bucket_(std::move(bucket)), range_(range), window_(range.window_bytes_max) {}

  Result<bool> advance() override {
    if (!started_ || (window_.empty() && window_.truncated())) AIS_RETURN_IF_ERROR(fill());
    if (window_.empty()) return false;
    name_ = window_.front();
    is_directory_ = window_.front_is_directory();
    window_.pop();
    return true;
  }

  ObjectLocation location(std::string_view bucket_uname) const override {
    return {.hashed = true, .path = hashed_path(std::string(bucket_uname) + name_)};
  }

 private:
  Status fill() {
    window_.clear();
    std::vector<std::string> directories;
    std::vector<char> buffer;
    int base = bucket_->base(true);
    AIS_RETURN_IF_ERROR(read_directory(context_.files, base, ".", buffer, [&](std::string_view name, unsigned char type) {
      if (type == DT_DIR) directories.emplace_back(name);
    }));
    for (const std::string& directory : directories) {
      AIS_RETURN_IF_ERROR(read_directory(context_.files, base, directory.c_str(), buffer, [&](std::string_view name, unsigned char type) {
        if (type == DT_REG) consider(directory + "/" + std::string(name));
      }));
    }
    window_.finish();
    started_ = true;
    return {};
  }

  void consider(const std::string& path) {
    int fd = context_.files.open_beneath(bucket_->base(true), path.c_str(), O_RDONLY | O_NOATIME | O_NOFOLLOW,
                                         sys::FileSystem::Lookup::kBlocking);
    if (fd < 0) return;
    char bytes[4096];
    ssize_t size = context_.files.fget_xattr(fd, kMetadataXattr, bytes, sizeof(bytes));
    context_.files.close(fd);
    if (size < 0) return;
    Result<ObjectMetadata> metadata = ObjectMetadata::decode({bytes, static_cast<size_t>(size)});
    if (!metadata.ok()) return;
    std::string_view name = metadata->true_name;
    if (!name.starts_with(range_.prefix)) return;
    bool is_directory = false;
    if (range_.non_recursive) {
      size_t slash = name.find('/', range_.directory.size());
      if (slash != std::string_view::npos && !range_.is_leaf(name.substr(0, slash + 1))) slash = name.find('/', slash + 1);
      is_directory = slash != std::string_view::npos;
      if (is_directory) name = name.substr(0, slash + 1);
    }
    if (!range_.wants(name) || (started_ && name <= name_)) return;
    if (is_directory) name.remove_suffix(1);
    window_.add(name, is_directory);
  }

  StoreContext& context_;
  const BucketDirectoryPtr bucket_;
  const NameRange& range_;
  bool started_ = false;
  WalkWindow window_;
};

}  // namespace

std::unique_ptr<NameSource> make_hashed_source(StoreContext& context, BucketDirectoryPtr bucket, const NameRange& range) {
  return std::make_unique<HashedSource>(context, std::move(bucket), range);
}

}  // namespace ais::store
