// What a person sees while a run goes on: lines of statistics, and on a terminal a line that is redrawn.
#pragma once

#include <optional>
#include <string>

#include "aisloader/options.h"
#include "aisloader/statistics.h"
#include "aisloader/text_output.h"

namespace ais::loader {

class Progress {
 public:
  /// `lines` receives lines of statistics when it is open, else standard output does, or standard error with --json.
  Progress(const Options& options, LineFile& lines);
  ~Progress() { clear(); }

  /// A sample of a phase; prints what is due.
  void add(const Statistics& sample, double seconds, double elapsed);
  /// Removes the live line. What was done behind the last whole interval is in the result; as JSON, whose lines add up to the result, it
  /// has a line of its own with "whole_interval": false.
  void finish(double elapsed);
  /// Something to be told before the measurement; nothing with --quiet.
  void say(const std::string& text);
  /// Redraws the live line, where there is a terminal.
  void show(const std::string& text);

 private:
  void print_line(double elapsed, bool whole);
  void draw(const Statistics& sample, double seconds, double elapsed);
  void clear();

  const Options& options_;
  LineFile& lines_;
  const bool live_;
  bool drawn_ = false;
  bool printed_ = false;
  Statistics interval_;
  double interval_begin_ = 0;
  double next_line_ = 0;  // an interval before it is due
  Statistics second_;     // since the live line was drawn
  double second_begin_ = 0;
};

}  // namespace ais::loader
