#include "disk/name_source.h"

#include <errno.h>
#include <fcntl.h>

#include <optional>

#include "disk/directory_reader.h"
#include "meta/object_metadata.h"

namespace ais::disk {
namespace {

/// Depth-first over the directories below %ob, one window per level of the path being walked.
class TreeSource : public NameSource {
 public:
  TreeSource(BucketDirectoryPtr bucket, const NameRange& range) : bucket_(std::move(bucket)), range_(range) {}

  Result<bool> advance() override {
    if (!started_) {
      started_ = true;
      // Below "a//" there are only hashed names, though the kernel would take it for "a".
      std::string_view directory = range_.directory;
      bool has_tree = directory.empty() || is_plain_path(directory.substr(0, directory.size() - 1));
      if (has_tree) AIS_RETURN_IF_ERROR(enter(range_.directory));
    }
    while (!levels_.empty()) {
      Level& level = *levels_.back();
      if (level.window.empty()) {
        if (level.window.truncated()) {
          AIS_RETURN_IF_ERROR(fill(level));
          continue;
        }
        levels_.pop_back();
        continue;
      }
      name_.assign(level.directory).append(level.window.front());
      is_directory_ = level.window.front_is_directory();
      // The bound for reading the directory again, kept only where that will happen.
      if (level.window.truncated()) level.last = level.window.front();
      level.window.pop();
      if (!is_directory_ || range_.is_leaf(name_)) return true;
      AIS_RETURN_IF_ERROR(enter(name_));
    }
    return false;
  }

  ObjectLocation location(std::string_view) const override { return {.hashed = false, .path = name_}; }

 private:
  struct Level {
    Level(std::string at, size_t window_bytes) : directory(std::move(at)), window(window_bytes) {}
    std::string directory;  // "" or "a/b/"
    std::string last;       // names up to this one were handed out
    WalkWindow window;
  };

  Status enter(std::string directory) {
    levels_.push_back(std::make_unique<Level>(std::move(directory), range_.window_bytes_max));
    return fill(*levels_.back());
  }

  Status fill(Level& level) {
    level.window.clear();
    std::string path = level.directory.empty() ? "." : level.directory.substr(0, level.directory.size() - 1);
    // Most directories lie wholly inside the range: then no name need be looked at.
    bool whole =
        level.last.empty() && level.directory.starts_with(range_.prefix) && (range_.after.empty() || level.directory > range_.after);
    std::string full;
    auto consider = [&](std::string_view name, unsigned char type) {
      bool is_directory = type == DT_DIR;  // all else is in the place of an object, be it one or not
      if (!whole) {
        full.assign(level.directory).append(name);
        if (is_directory) full.push_back('/');
        if (!level.last.empty() && std::string_view(full).substr(level.directory.size()) <= level.last) return;
        bool wanted = is_directory && !range_.is_leaf(full) ? range_.may_hold_wanted(full) : range_.wants(full);
        if (!wanted) return;
      }
      level.window.add(name, is_directory);
    };
    Status status = read_directory(bucket_->files, bucket_->objects_fd, path.c_str(), buffer_, consider);
    level.window.finish();
    return status;
  }

  const BucketDirectoryPtr bucket_;
  const NameRange& range_;
  bool started_ = false;
  std::vector<std::unique_ptr<Level>> levels_;
  std::vector<char> buffer_;
};

/// The objects stored under their digest. Their names are in their metadata, so each window costs a pass over all of them; they
/// are the exception among a bucket's objects.
class HashedSource : public NameSource {
 public:
  HashedSource(BucketDirectoryPtr bucket, const NameRange& range)
      : bucket_(std::move(bucket)), range_(range), window_(range.window_bytes_max) {}

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
    AIS_RETURN_IF_ERROR(read_directory(bucket_->files, base, ".", buffer, [&](std::string_view name, unsigned char type) {
      if (type == DT_DIR) directories.emplace_back(name);
    }));
    Status failure;
    for (const std::string& directory : directories) {
      AIS_RETURN_IF_ERROR(read_directory(bucket_->files, base, directory.c_str(), buffer, [&](std::string_view name, unsigned char type) {
        // What is not where a digest leads is nobody's object.
        const std::string path = directory + "/" + std::string(name);
        if (failure.ok() && type == DT_REG && is_hashed_path(path)) failure = consider(path);
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
    int fd = bucket_->files.open_beneath(bucket_->base(true), path.c_str(), O_RDONLY | O_NOATIME | O_NOFOLLOW,
                                         sys::FileSystem::Lookup::kBlocking);
    if (fd == -ENOENT || fd == -ENOTDIR) return std::optional<std::string>();
    if (fd < 0) return Status::from_errno(-fd, std::string(kHashedDirectory) + "/" + path);
    char bytes[4096];
    ssize_t size = bucket_->files.fget_xattr(fd, kMetadataXattr, bytes, sizeof(bytes));
    int error = size < 0 ? static_cast<int>(-size) : 0;
    std::optional<std::string> name;
    if (size >= 0) {
      Result<meta::ObjectMetadata> metadata = meta::ObjectMetadata::decode({bytes, static_cast<size_t>(size)});
      if (metadata.ok() && leads_to(metadata->true_name, path)) name = std::move(metadata->true_name);
    }
    if (!name) {
      size = bucket_->files.fget_xattr(fd, kNameXattr, bytes, sizeof(bytes));
      if (size >= 0) name.emplace(bytes, static_cast<size_t>(size));
      if (name && !leads_to(*name, path)) name.reset();
      if (size < 0 && size != -ENODATA) error = static_cast<int>(-size);
    }
    bucket_->files.close(fd);
    if (name) return name;
    const std::string what = std::string(kHashedDirectory) + "/" + path +
                             ": the object's name can be read neither from its metadata nor from " + kNameXattr +
                             " (docs/on_disk.md, Damage)";
    if (error != 0 && error != ENODATA && error != ERANGE) return Status::from_errno(error, what);
    return Status(Code::kCorrupt, bucket_->path + "/" + what);
  }

  bool leads_to(const std::string& name, const std::string& path) const { return hashed_path(bucket_->uname + name) == path; }

  const BucketDirectoryPtr bucket_;
  const NameRange& range_;
  bool started_ = false;
  WalkWindow window_;
};

}  // namespace

std::unique_ptr<NameSource> make_tree_source(BucketDirectoryPtr bucket, const NameRange& range) {
  return std::make_unique<TreeSource>(std::move(bucket), range);
}

std::unique_ptr<NameSource> make_hashed_source(BucketDirectoryPtr bucket, const NameRange& range) {
  return std::make_unique<HashedSource>(std::move(bucket), range);
}

}  // namespace ais::disk
