#include "ais/job/progress.h"

#include <unistd.h>

#include <algorithm>

#include "base/strings.h"
#include "cli/table.h"
#include "cli/terminal_size.h"

namespace ais::cli {
namespace {

constexpr Nanoseconds kFirst = std::chrono::milliseconds(500);  // a line for a blink of an eye is only noise
constexpr Nanoseconds kRedraw = std::chrono::milliseconds(100);
constexpr Nanoseconds kLineEvery = std::chrono::seconds(2);
constexpr size_t kBarMin = 10, kBarMax = 40;
constexpr size_t kDefaultWidth = 80;

std::string with_commas(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

double fraction_of(const ProgressState& state) {
  if (!state.total_known) return 0;
  double part = 1;
  if (state.objects >= state.objects_total) return part;  // all are done, whatever sizes were known
  if (state.bytes_total > 0) part = static_cast<double>(state.bytes) / static_cast<double>(state.bytes_total);
  else if (state.objects_total > 0) part = (static_cast<double>(state.objects) + state.underway) / static_cast<double>(state.objects_total);
  return std::clamp(part, 0.0, 1.0);
}

std::string time_left(double fraction, double seconds) {
  if (fraction <= 0) return "";
  auto left = static_cast<int64_t>(seconds * (1 - fraction) / fraction + 0.5);
  constexpr int64_t kHopeless = 100L * 24 * 3600;
  if (left > kHopeless) return "";
  return "ETA " + format_duration(std::chrono::seconds(left));
}

std::string bar(double fraction, size_t width) {
  size_t inner = width - 2;
  auto full = static_cast<size_t>(fraction * static_cast<double>(inner));
  std::string out = "[" + std::string(full, '=');
  if (full < inner) out += '>' + std::string(inner - full - 1, ' ');
  return out + "]";
}

}  // namespace

std::string progress_text(const ProgressState& state, size_t width) {
  double fraction = fraction_of(state);
  std::string counts = with_commas(state.objects);
  if (state.total_known) counts += "/" + with_commas(state.objects_total);
  std::string line = state.verb + " " + counts + " " + state.things + (state.objects == 1 && !state.total_known ? "" : "s");
  if (state.failed > 0) line += ", " + with_commas(state.failed) + " failed";
  std::vector<std::string> more;  // the first that does not fit ends the line
  if (state.total_known) more.push_back(format("%d%%", static_cast<int>(fraction * 100)));
  if (state.bytes > 0) {
    more.push_back(format_size(state.bytes, 1, state.units));
    if (state.seconds > 0)
      more.push_back(format_size(static_cast<uint64_t>(static_cast<double>(state.bytes) / state.seconds), 1, state.units) + "/s");
  } else if (state.seconds > 0) {
    more.push_back(with_commas(static_cast<uint64_t>(static_cast<double>(state.objects) / state.seconds)) + "/s");
  }
  if (state.total_known && fraction < 1) more.push_back(time_left(fraction, state.seconds));
  for (const std::string& part : more) {
    if (part.empty()) continue;
    if (line.size() + 2 + part.size() > width) break;
    line += "  " + part;
  }
  if (line.size() > width) return line.substr(0, width);
  if (!state.total_known || width < line.size() + kBarMin + 1) return line;
  return bar(fraction, std::min(kBarMax, width - line.size() - 1)) + " " + line;
}

ProgressLine::ProgressLine(Mode mode, FILE* err, std::function<ProgressState()> state)
    : mode_(mode), err_(err), state_(std::move(state)), loop_(async::Loop::current()) {
  if (mode_ != Mode::kOff) schedule(mode_ == Mode::kTerminal ? kFirst : kLineEvery);
}

ProgressLine::~ProgressLine() {
  if (timer_) loop_->cancel_timer(timer_);
  if (!finished_) clear();
}

void ProgressLine::schedule(Nanoseconds after) {
  timer_ = loop_->add_timer(after, [this] {
    draw();
    schedule(mode_ == Mode::kTerminal ? kRedraw : kLineEvery);
  });
}

void ProgressLine::draw() {
  if (mode_ == Mode::kTerminal) {
    // One column stays free: a terminal may break the line when the last one is filled.
    size_t width = std::max<size_t>(terminal_size(err_).columns, 2) - 1;
    std::fprintf(err_, "\r%s\033[K", progress_text(state_(), width).c_str());
    on_screen_ = was_seen_ = true;
  } else {
    std::fprintf(err_, "%s\n", progress_text(state_(), kDefaultWidth).c_str());
  }
  std::fflush(err_);
}

void ProgressLine::clear() {
  if (!on_screen_) return;
  std::fprintf(err_, "\r\033[K");
  std::fflush(err_);
  on_screen_ = false;
}

void ProgressLine::finish() {
  finished_ = true;
  if (timer_) loop_->cancel_timer(timer_);
  timer_ = 0;
  if (mode_ == Mode::kOff || (mode_ == Mode::kTerminal && !was_seen_)) return;
  draw();
  if (mode_ == Mode::kTerminal) std::fprintf(err_, "\n");
  std::fflush(err_);
}

}  // namespace ais::cli
