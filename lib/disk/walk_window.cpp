#include "disk/walk_window.h"

#include <algorithm>
#include <cstddef>

namespace ais::disk {
namespace {

constexpr size_t kFirstChunk = 4096;

uint64_t key_of(std::string_view text) {
  uint64_t key = 0;
  size_t count = std::min<size_t>(text.size(), 8);
  for (size_t i = 0; i < count; ++i) key |= static_cast<uint64_t>(static_cast<unsigned char>(text[i])) << (56 - 8 * i);
  return key;
}

}  // namespace

void WalkWindow::clear() {
  arena_.clear();
  items_.clear();
  limit_.clear();
  next_ = sorted_ = 0;
  truncated_ = false;
}

/// name (with its '/', for a directory) > limit_, without building the text.
bool WalkWindow::is_above_limit(std::string_view name, bool is_directory) const {
  std::string_view limit = limit_;
  if (!is_directory) return name > limit;
  int order = name.compare(limit.substr(0, name.size()));
  if (order != 0) return order > 0;
  return limit.size() == name.size() || '/' > static_cast<unsigned char>(limit[name.size()]);
}

void WalkWindow::add(std::string_view name, bool is_directory) {
  if (truncated_ && is_above_limit(name, is_directory)) return;
  Item item{};
  item.offset = static_cast<uint32_t>(arena_.size());
  item.size = static_cast<uint32_t>(name.size() + (is_directory ? 1 : 0));
  item.is_directory = is_directory;
  arena_.append(name);
  if (is_directory) arena_.push_back('/');
  items_.push_back(item);
  if (arena_.size() + items_.size() * sizeof(Item) > bytes_max_ && items_.size() > 1) drop_largest_half();
}

void WalkWindow::make_keys() {
  common_ = 0;
  if (items_.empty()) return;
  std::string_view first = name_of(items_[0]);
  common_ = first.size();
  for (const Item& item : items_) {
    std::string_view name = name_of(item);
    size_t bound = std::min(common_, name.size());
    name = name.substr(0, bound);
    common_ = static_cast<size_t>(std::mismatch(name.begin(), name.end(), first.begin()).first - name.begin());
  }
  for (Item& item : items_) item.key = key_of(name_of(item).substr(common_));
}

void WalkWindow::drop_largest_half() {
  make_keys();
  auto middle = items_.begin() + static_cast<std::ptrdiff_t>((items_.size() + 1) / 2);
  auto order = [this](const Item& a, const Item& b) { return less(a, b); };
  std::nth_element(items_.begin(), middle, items_.end(), order);
  items_.erase(middle, items_.end());
  limit_ = name_of(*std::max_element(items_.begin(), items_.end(), order));
  truncated_ = true;
  std::string kept;
  kept.reserve(arena_.size());
  for (Item& item : items_) {
    std::string_view name = name_of(item);
    item.offset = static_cast<uint32_t>(kept.size());
    kept.append(name);
  }
  arena_.swap(kept);
}

void WalkWindow::finish() {
  make_keys();
  next_ = sorted_ = 0;
  chunk_ = kFirstChunk;
  sort_more();
}

void WalkWindow::sort_more() {
  auto order = [this](const Item& a, const Item& b) { return less(a, b); };
  auto begin = items_.begin() + static_cast<std::ptrdiff_t>(sorted_);
  size_t left = items_.size() - sorted_;
  size_t count = left < 2 * chunk_ ? left : chunk_;
  auto end = begin + static_cast<std::ptrdiff_t>(count);
  if (count < left) std::nth_element(begin, end, items_.end(), order);
  std::sort(begin, end, order);
  sorted_ += count;
  chunk_ *= 2;
}

void WalkWindow::pop() {
  ++next_;
  if (next_ == sorted_ && sorted_ < items_.size()) sort_more();
}

}  // namespace ais::disk
