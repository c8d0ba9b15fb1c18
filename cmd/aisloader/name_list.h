// NameList: percent-encoded names of objects in one piece of memory: millions of them cost little more than their bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ais::loader {

class NameList {
 public:
  /// What is beyond is not kept: reading 8 million objects is a measurement of any bucket.
  static constexpr size_t kNamesMax = 8'000'000;

  /// False, and `truncated()` from now on, when the list is full.
  bool add(std::string_view name) {
    if (ends_.size() >= kNamesMax) {
      truncated_ = true;
      return false;
    }
    bytes_ += name;
    ends_.push_back(bytes_.size());
    return true;
  }
  size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  bool truncated() const { return truncated_; }
  std::string_view operator[](size_t index) const {
    size_t begin = index > 0 ? ends_[index - 1] : 0;
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }

 private:
  std::string bytes_;
  std::vector<uint64_t> ends_;
  bool truncated_ = false;
};

}  // namespace ais::loader
