#include <vector>

#include "disk/directory_reader.h"
#include "store/name_source.h"

namespace ais::store {
namespace {

/// Depth-first over the directories below %ob, one window per level of the path being walked.
class TreeSource : public NameSource {
 public:
  TreeSource(StoreContext& context, BucketDirectoryPtr bucket, const NameRange& range)
      : context_(context), bucket_(std::move(bucket)), range_(range) {}

  Result<bool> advance() override {
    if (!started_) {
      started_ = true;
      // Below "a//" there are only hashed names, though the kernel would take it for "a".
      std::string_view directory = range_.directory;
      bool has_tree = directory.empty() || disk::is_plain_path(directory.substr(0, directory.size() - 1));
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

  disk::ObjectLocation location(std::string_view) const override { return {.hashed = false, .path = name_}; }

 private:
  struct Level {
    Level(std::string at, size_t window_bytes) : directory(std::move(at)), window(window_bytes) {}
    std::string directory;  // "" or "a/b/"
    std::string last;       // names up to this one were handed out
    disk::WalkWindow window;
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
    Status status = disk::read_directory(context_.files, bucket_->objects_fd, path.c_str(), buffer_, consider);
    level.window.finish();
    return status;
  }

  StoreContext& context_;
  const BucketDirectoryPtr bucket_;
  const NameRange& range_;
  bool started_ = false;
  std::vector<std::unique_ptr<Level>> levels_;
  std::vector<char> buffer_;
};

}  // namespace

std::unique_ptr<NameSource> make_tree_source(StoreContext& context, BucketDirectoryPtr bucket, const NameRange& range) {
  return std::make_unique<TreeSource>(context, std::move(bucket), range);
}

}  // namespace ais::store
