// HeadScanner: finds the end of a message head that arrives in pieces, and is the gate for its bytes.
//
// Lines end with CR LF and nothing else; control bytes other than HTAB, lines that start with a blank (obs-fold) and a CR or
// LF on its own are refused at once, before any parser could read them in a way of its own. Empty lines before the first
// line are skipped (at most kLeadingLinesMax).
#pragma once

#include <cstddef>
#include <string_view>

namespace ais::net {

class HeadScanner {
 public:
  enum class State { kNeedMore, kComplete, kBad };
  static constexpr size_t kLeadingLinesMax = 4;

  /// `data` is everything received since the message's first byte; each byte is looked at once over all calls.
  State scan(std::string_view data);
  void reset() { *this = HeadScanner(); }

  /// Offset of the first line: after skipped empty lines.
  size_t begin() const { return begin_; }
  /// Offset after the empty line that ends the head; meaningful after kComplete.
  size_t end() const { return position_; }
  bool in_first_line() const { return lines_ == 0; }

 private:
  State line_end();

  size_t position_ = 0;
  size_t line_start_ = 0;
  size_t begin_ = 0;
  size_t lines_ = 0;
  size_t leading_lines_ = 0;
};

}  // namespace ais::net
