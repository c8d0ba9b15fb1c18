// ParentDirectories: the directories that one batch of changes works in, opened once each; makes missing ones.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "store/store_context.h"

namespace ais::store {

class ParentDirectories {
 public:
  explicit ParentDirectories(StoreContext& context) : context_(context) {}
  ~ParentDirectories();
  ParentDirectories(const ParentDirectories&) = delete;

  enum class Missing { kFail, kMake };
  /// Descriptor (borrowed) of the directory that holds `location`, or -errno: -ENOTDIR when a part of the path is a file,
  /// -ENOENT with kFail. %hn itself is made with kMake too.
  int open(BucketDirectory& bucket, const disk::ObjectLocation& location, Missing missing);
  /// Removes the directories above `location` that are empty now.
  void remove_empty(BucketDirectory& bucket, const disk::ObjectLocation& location);
  /// Forgets the descriptor: the directory was found to be gone.
  void forget(BucketDirectory& bucket, const disk::ObjectLocation& location);

  /// True once directories were made or removed: only a sync of the whole filesystem covers that.
  bool tree_changed() const { return tree_changed_; }

 private:
  int make_hashed_root(BucketDirectory& bucket);
  /// The directory `path` below `base`, made component by component.
  int make_path(int base, std::string_view path);

  StoreContext& context_;
  std::map<std::pair<const BucketDirectory*, std::string>, int> open_;  // key: "p" or "h" and the path
  bool tree_changed_ = false;
};

}  // namespace ais::store
