// NameSource: names of one bucket on one mountpath in byte order. Two kinds: the tree of plain paths, and the hashed names.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/units.h"
#include "disk/mountpath.h"
#include "disk/walk_window.h"

namespace ais::disk {

/// What a walk over the names of a bucket gives.
struct WalkOptions {
  std::string prefix;
  std::string after;           // exclusive lower bound
  bool non_recursive = false;  // direct children of the prefix' directory; subdirectories once, as "dir/"
  /// Non-recursive: a prefix without a trailing slash that names a directory stands for what is in it: "a/b" gives "a/b/c" and "a/bc", but
  /// no "a/b/".
  bool enter_named_directory = false;
  bool with_metadata = false;
  size_t window_bytes_max = 8 * kMiB;  // of names held per directory level, shared by the mountpaths
};

/// What names are wanted: shared by the sources of one walk.
struct NameRange {
  explicit NameRange(const WalkOptions& options)
      : prefix(options.prefix),
        after(options.after),
        directory(prefix.substr(0, prefix.rfind('/') + 1)),
        non_recursive(options.non_recursive),
        enter_named_directory(options.enter_named_directory),
        with_metadata(options.with_metadata),
        window_bytes_max(options.window_bytes_max) {}

  /// For a whole name that is an object, or a "dir/" of a non-recursive walk.
  bool wants(std::string_view name) const { return name > after && name.starts_with(prefix); }
  /// Whether "dir/" is returned as one name, and not what is in it.
  bool is_leaf(std::string_view dir) const {
    const bool named = !prefix.empty() && !prefix.ends_with('/') && dir.size() == prefix.size() + 1 && dir.starts_with(prefix);
    return non_recursive && !(enter_named_directory && named);
  }
  /// Whether names below "dir/" can be wanted.
  bool may_hold_wanted(std::string_view dir) const {
    if (!dir.starts_with(prefix) && !prefix.starts_with(dir)) return false;
    return dir > after || std::string_view(after).starts_with(dir);
  }

  const std::string prefix;
  const std::string after;
  const std::string directory;  // of the prefix: "" or ends with '/'
  const bool non_recursive, enter_named_directory, with_metadata;
  const size_t window_bytes_max;
};

class NameSource {
 public:
  virtual ~NameSource() = default;
  /// Moves to the next name; false at the end.
  virtual Result<bool> advance() = 0;
  std::string_view name() const { return name_; }
  bool is_directory() const { return is_directory_; }
  virtual ObjectLocation location(std::string_view bucket_uname) const = 0;

 protected:
  std::string name_;
  bool is_directory_ = false;
};

std::unique_ptr<NameSource> make_tree_source(BucketDirectoryPtr bucket, const NameRange& range);
std::unique_ptr<NameSource> make_hashed_source(BucketDirectoryPtr bucket, const NameRange& range);

}  // namespace ais::disk
