// ProgressLine: one line on a terminal that says how far a command is. It appears when the command has taken half a second, is redrawn
// in place, at most ten times a second, and never wider than the terminal is at that moment; its last state stays. Loop thread only.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

#include "async/loop.h"
#include "base/units.h"

namespace ais::cli {

/// How far a command is.
struct ProgressState {
  std::string verb;  // "uploaded"
  std::string things = "object";
  uint64_t objects = 0;
  uint64_t failed = 0;  // not among the objects
  uint64_t bytes = 0;
  double underway = 0;  // what has arrived of those that are on their way, in objects: half of one and a tenth of another are 0.6
  bool total_known = false;
  uint64_t objects_total = 0;
  uint64_t bytes_total = 0;  // 0 = nobody knows: the objects count
  double seconds = 0;
  SizeUnits units = SizeUnits::kIec;
};

/// The line, at most `width` columns: bar and time left where the total is known, then counts and rate; what does not fit is left out.
std::string progress_text(const ProgressState& state, size_t width);

class ProgressLine {
 public:
  /// How the line is shown: not at all, redrawn on a terminal, or as a line each few seconds when a person asks for it in a pipe.
  enum class Mode { kOff, kTerminal, kLines };
  /// `state` is asked whenever the line is drawn; it and `err` outlive this.
  ProgressLine(Mode mode, FILE* err, std::function<ProgressState()> state);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;

  Mode mode() const { return mode_; }
  /// Takes the line away, so that another one can be printed; it comes back with the next redraw.
  void clear();
  /// Draws the last state, which stays on the screen; on a terminal only when the line has been seen.
  void finish();

 private:
  void schedule(Nanoseconds after);
  void draw();

  const Mode mode_;
  FILE* const err_;
  const std::function<ProgressState()> state_;
  async::Loop* const loop_;
  async::Loop::TimerId timer_ = 0;
  bool on_screen_ = false;
  bool was_seen_ = false;
  bool finished_ = false;
};

}  // namespace ais::cli
