#include <errno.h>
#include <fcntl.h>

#include <optional>
#include <vector>

#include "disk/directory_reader.h"
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

  disk::ObjectLocation location(std::string_view bucket_uname) const override {
    return {.hashed = true, .path = disk::hashed_path(std::string(bucket_uname) + name_)};
  }

 private:
  Status fill() {
    window_.clear();
    std::vector<std::string> directories;
    std::vector<char> buffer;
    int base = bucket_->base(true);
    AIS_RETURN_IF_ERROR(disk::read_directory(context_.files, base, ".", buffer, [&](std::string_view name, unsigned char type) {
      if (type == DT_DIR) directories.emplace_back(name);
    }));
    Status failure;
    for (const std::string& directory : directories) {
      AIS_RETURN_IF_ERROR(
          disk::read_directory(context_.files, base, directory.c_str(), buffer, [&](std::string_view name, unsigned char type) {
            // What is not where a digest leads is nobody's object.
            const std::string path = directory + "/" + std::string(name);
            if (failure.ok() && type == DT_REG && disk::is_hashed_path(path)) failure = consider(path);
          }));
      AIS_RETURN_IF_ERROR(failure);
    }
    window_.finish();
    started_ = true;
    return {};
  }

  Status consider(const std::string& path) {
    AIS_TRY(const std::optional<std::string> true_name, read_name(path));
    if (!true_name) return {};
    std::string_view name = *true_name;
    if (!name.starts_with(range_.prefix)) return {};
    bool is_directory = false;
    if (range_.non_recursive) {
      size_t slash = name.find('/', range_.directory.size());
      if (slash != std::string_view::npos && !range_.is_leaf(name.substr(0, slash + 1))) slash = name.find('/', slash + 1);
      is_directory = slash != std::string_view::npos;
      if (is_directory) name = name.substr(0, slash + 1);
    }
    if (!range_.wants(name) || (started_ && name <= name_)) return {};
    if (is_directory) name.remove_suffix(1);
    window_.add(name, is_directory);
    return {};
  }

  /// The name of the object in this file: as its metadata say, else as the second copy says. nullopt: the file is gone. An error when
  /// neither can be read: an object is there that nobody could list.
  Result<std::optional<std::string>> read_name(const std::string& path) {
    int fd = context_.files.open_beneath(bucket_->base(true), path.c_str(), O_RDONLY | O_NOATIME | O_NOFOLLOW,
                                         sys::FileSystem::Lookup::kBlocking);
    if (fd == -ENOENT || fd == -ENOTDIR) return std::optional<std::string>();
    if (fd < 0) return Status::from_errno(-fd, std::string(disk::kHashedDirectory) + "/" + path);
    char bytes[4096];
    ssize_t size = context_.files.fget_xattr(fd, disk::kMetadataXattr, bytes, sizeof(bytes));
    int error = size < 0 ? static_cast<int>(-size) : 0;
    std::optional<std::string> name;
    if (size >= 0) {
      Result<meta::ObjectMetadata> metadata = meta::ObjectMetadata::decode({bytes, static_cast<size_t>(size)});
      if (metadata.ok() && leads_to(metadata->true_name, path)) name = std::move(metadata->true_name);
    }
    if (!name) {
      size = context_.files.fget_xattr(fd, disk::kNameXattr, bytes, sizeof(bytes));
      if (size >= 0) name.emplace(bytes, static_cast<size_t>(size));
      if (name && !leads_to(*name, path)) name.reset();
      if (size < 0 && size != -ENODATA) error = static_cast<int>(-size);
    }
    context_.files.close(fd);
    if (name) return name;
    const std::string what = std::string(disk::kHashedDirectory) + "/" + path +
                             ": the object's name can be read neither from its metadata nor from " + disk::kNameXattr +
                             " (docs/on_disk.md, Damage)";
    if (error != 0 && error != ENODATA && error != ERANGE) return Status::from_errno(error, what);
    return Status(Code::kCorrupt, bucket_->path + "/" + what);
  }

  bool leads_to(const std::string& name, const std::string& path) const { return disk::hashed_path(bucket_->uname + name) == path; }

  StoreContext& context_;
  const BucketDirectoryPtr bucket_;
  const NameRange& range_;
  bool started_ = false;
  disk::WalkWindow window_;
};

}  // namespace

std::unique_ptr<NameSource> make_hashed_source(StoreContext& context, BucketDirectoryPtr bucket, const NameRange& range) {
  return std::make_unique<HashedSource>(context, std::move(bucket), range);
}

}  // namespace ais::store
