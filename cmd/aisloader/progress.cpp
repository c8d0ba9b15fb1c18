#include "aisloader/progress.h"

#include <unistd.h>

#include <cstdio>

#include "aisloader/result.h"
#include "base/strings.h"
#include "cli/terminal_size.h"
#include "cli/text_width.h"

namespace ais::loader {
namespace {

constexpr double kRedraw = 0.5;  // seconds
constexpr char kClearLine[] = "\r\x1b[K";

}  // namespace

Progress::Progress(const Options& options, LineFile& lines)
    : options_(options), lines_(lines), live_(!options.quiet && isatty(STDERR_FILENO)) {}

void Progress::say(const std::string& text) {
  if (options_.quiet) return;
  clear();
  std::fputs((text + "\n").c_str(), stderr);
}

void Progress::add(const Statistics& sample, double seconds, double elapsed) {
  interval_.merge(sample);
  double wanted = std::chrono::duration<double>(options_.statistics_interval).count();
  if (wanted > 0 && elapsed >= next_line_ + wanted * 0.999) {
    print_line(elapsed, true);
    while (next_line_ + wanted * 0.999 <= elapsed) next_line_ += wanted;
  }
  if (live_) draw(sample, seconds, elapsed);
}

void Progress::print_line(double elapsed, bool whole) {
  double seconds = elapsed - interval_begin_;
  clear();
  if (lines_.is_open()) {
    lines_.add(options_.json ? interval_json(interval_, seconds, elapsed, whole) : interval_line(interval_, seconds, elapsed));
  } else if (!options_.quiet) {
    FILE* to = options_.json ? stderr : stdout;
    std::fputs(interval_line(interval_, seconds, elapsed).c_str(), to);
    std::fflush(to);
  }
  interval_ = Statistics();
  interval_begin_ = elapsed;
  printed_ = true;
}

void Progress::draw(const Statistics& sample, double seconds, double elapsed) {
  second_.merge(sample);
  second_begin_ += seconds;
  if (second_begin_ < kRedraw) return;
  std::string text = interval_line(second_, second_begin_, elapsed);
  text.pop_back();
  if (options_.duration)
    text = format("%3.0f%%", std::min(100.0, 100 * elapsed / std::chrono::duration<double>(*options_.duration).count())) + text;
  show(text);
  second_ = Statistics();
  second_begin_ = 0;
}

void Progress::show(const std::string& text) {
  if (!live_) return;
  std::string line = kClearLine + std::string(cli::fit(text, cli::terminal_size(stderr).columns - 1));
  std::fputs(line.c_str(), stderr);
  drawn_ = true;
}

void Progress::finish(double elapsed) {
  // A line of text is a whole interval: a rate of what is left would be that of operations that ended, with few or none that began.
  const bool for_programs = lines_.is_open() && options_.json;
  if (for_programs && printed_ && interval_.operations() + interval_.error_count() > 0) print_line(elapsed, false);
  clear();
}

void Progress::clear() {
  if (drawn_) std::fputs(kClearLine, stderr);
  drawn_ = false;
}

}  // namespace ais::loader
