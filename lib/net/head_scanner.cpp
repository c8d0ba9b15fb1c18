#include "net/head_scanner.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace ais::net {
namespace {

bool is_special(char c) {
  unsigned char byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// Number of bytes without a control byte at the start of `text`, eight at a time.
size_t plain_prefix(const char* text, size_t size) {
  constexpr uint64_t kOnes = ~0ull / 255;
  constexpr uint64_t kHigh = kOnes * 0x80;
  size_t i = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; i + 8 <= size; i += 8) {
      uint64_t word;
      memcpy(&word, text + i, 8);
      uint64_t below_space = (word - kOnes * 0x20) & ~word & kHigh;
      uint64_t del_or_zero = word ^ (kOnes * 0x7f);
      uint64_t is_del = (del_or_zero - kOnes) & ~del_or_zero & kHigh;
      uint64_t found = below_space | is_del;  // exact in its lowest set bit, which is all that is used
      if (found) return i + static_cast<size_t>(std::countr_zero(found)) / 8;
    }
  }
  while (i < size && !is_special(text[i])) ++i;
  return i;
}

}  // namespace

HeadScanner::State HeadScanner::scan(std::string_view data) {
  while (position_ < data.size()) {
    if (position_ == line_start_ && (data[position_] == ' ' || data[position_] == '\t')) return State::kBad;
    position_ += plain_prefix(data.data() + position_, data.size() - position_);
    if (position_ == data.size()) break;
    char c = data[position_];
    if (c == '\t') {
      ++position_;
      continue;
    }
    if (c != '\r') return State::kBad;
    if (position_ + 1 == data.size()) break;
    if (data[position_ + 1] != '\n') return State::kBad;
    State state = line_end();
    if (state != State::kNeedMore) return state;
  }
  return State::kNeedMore;
}

HeadScanner::State HeadScanner::line_end() {
  bool is_empty = position_ == line_start_;
  position_ += 2;
  line_start_ = position_;
  if (!is_empty) {
    ++lines_;
    return State::kNeedMore;
  }
  if (lines_ > 0) return State::kComplete;
  begin_ = position_;
  return ++leading_lines_ > kLeadingLinesMax ? State::kBad : State::kNeedMore;
}

}  // namespace ais::net
