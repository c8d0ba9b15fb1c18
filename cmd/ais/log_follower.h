// LogFollower: finds what is new in a log that is read again and again by offset. Pure: it says what to ask for and is told the answer.
//
// Each question overlaps what was read last, so that another file under the same name is noticed: the log was rotated, or its oldest
// lines are gone. Then the whole log is asked for and reading goes on behind what is known of it; only when nothing of that is left
// there may be lines that were missed, and rotated() says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ais::cli {

class LogFollower {
 public:
  /// Where to begin reading next.
  uint64_t offset() const { return whole_ ? 0 : position_ - tail_.size(); }
  /// The text from offset() to the log's end. Returns what is new; "" with again() set when another question must be asked first.
  std::string_view take(std::string_view text);
  /// The log is shorter than offset().
  void shrunk() { whole_ = true; }
  /// The last take() wants the next question at once.
  bool again() const { return again_; }
  /// The last take() found another log.
  bool rotated() const { return rotated_; }

 private:
  static constexpr size_t kTailMax = 1024;
  std::string_view take_whole(std::string_view text);
  void remember(std::string_view text, uint64_t end);

  std::string tail_;       // the last bytes that were read
  uint64_t position_ = 0;  // where they end in the log
  bool whole_ = true;      // the next answer is the whole log
  bool again_ = false;
  bool rotated_ = false;
};

}  // namespace ais::cli
