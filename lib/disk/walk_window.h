// WalkWindow: the smallest names of one directory above a bound, in byte order, within a memory limit.
//
// A directory comes from the kernel unordered and may be larger than memory: the window keeps the smallest names that fit and
// says whether it left some out; the directory is read again from the last name on. Names are sorted piecemeal as they are
// asked for, so that the first page of a huge directory does not wait for all of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ais::disk {

class WalkWindow {
 public:
  explicit WalkWindow(size_t bytes_max) : bytes_max_(bytes_max) {}

  void clear();
  /// A directory's name carries its '/' so that it sorts as the names below it.
  void add(std::string_view name, bool is_directory);
  /// After the last add.
  void finish();

  bool empty() const { return next_ == items_.size(); }
  /// The smallest name left; call only when not empty.
  std::string_view front() const { return name_of(items_[next_]); }
  bool front_is_directory() const { return items_[next_].is_directory; }
  void pop();
  /// True when names above those kept were left out.
  bool truncated() const { return truncated_; }

 private:
  struct Item {
    uint64_t key;  // 8 bytes of the name after the common prefix, big-endian: most comparisons end here
    uint32_t offset;
    uint32_t size : 31;
    uint32_t is_directory : 1;
  };
  std::string_view name_of(const Item& item) const { return {arena_.data() + item.offset, item.size}; }
  bool less(const Item& a, const Item& b) const {
    return a.key != b.key ? a.key < b.key : name_of(a).substr(common_) < name_of(b).substr(common_);
  }
  bool is_above_limit(std::string_view name, bool is_directory) const;
  void make_keys();
  void drop_largest_half();
  void sort_more();

  const size_t bytes_max_;
  std::string arena_;
  std::vector<Item> items_;
  size_t next_ = 0;
  size_t sorted_ = 0;  // items_[0, sorted_) are in order, and below all others
  size_t common_ = 0;  // length of the prefix that all names share
  size_t chunk_ = 0;   // how many to sort next
  std::string limit_;  // when truncated: the largest name kept so far; larger ones are left out
  bool truncated_ = false;
};

}  // namespace ais::disk
