#include "ais/cluster/live.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>

#include "base/strings.h"
#include "cli/terminal_size.h"
#include "cli/text_width.h"
#include "sys/clock.h"

namespace ais::cli {
namespace {

constexpr std::string_view kHome = "\033[H", kClearLine = "\033[K", kClearBelow = "\033[J", kClearScreen = "\033[2J";
constexpr std::string_view kBeginDrawing = "\033[?25l\033[?7l", kEndDrawing = "\033[?25h\033[?7h";  // cursor and line wrap off, on
constexpr Nanoseconds kRefreshMin = std::chrono::milliseconds(100);
constexpr Nanoseconds kRefreshDefault = std::chrono::seconds(5);

// A live view only reads, so that ending the process on the spot loses nothing but half a picture; and a picture is waited for.
std::mutex printing;
std::atomic<bool> drawing = false;

[[noreturn]] void leave(int signal_number) {
  const std::lock_guard picture_is_whole(printing);
  if (drawing) static_cast<void>(write(STDOUT_FILENO, kEndDrawing.data(), kEndDrawing.size()) > 0);
  _exit(signal_number == SIGINT ? 0 : 128 + signal_number);
}

/// Where pictures go.
class Screen {
 public:
  explicit Screen(Invocation& invocation) : invocation_(invocation) {
    const char* term = std::getenv("TERM");
    int descriptor = fileno(out());
    redraws_ = !invocation.json() && descriptor >= 0 && isatty(descriptor) && term && std::string_view(term) != "dumb";
    if (!redraws_) return;
    drawing = true;
    print_whole(invocation_, std::string(kBeginDrawing) + std::string(kClearScreen));
  }
  ~Screen() {
    if (!redraws_) return;
    print_whole(invocation_, kEndDrawing);
    drawing = false;
  }
  Screen(const Screen&) = delete;

  void show(const Picture& picture) {
    last_text_ = picture.text;
    if (redraws_) return draw(utc_now(), picture.notes);
    say(picture.notes);
    print_whole(invocation_, invocation_.json() ? picture.json + "\n" : utc_now() + "\n" + picture.text + "\n");
  }
  void show_failure(const Status& why) {
    std::string text = why.message().empty() ? why.to_string() : why.message();
    if (redraws_) draw(utc_now(), {text});
    else invocation_.warn(utc_now() + " " + text);
  }

 private:
  FILE* out() const { return invocation_.terminal().out; }

  /// Notes that are not those of the picture before.
  void say(const std::vector<std::string>& notes) {
    for (const std::string& note : notes)
      if (std::find(said_.begin(), said_.end(), note) == said_.end()) invocation_.warn(note);
    said_ = notes;
  }

  void draw(const std::string& title, const std::vector<std::string>& notes) {
    std::vector<std::string> lines = {title, ""};
    for (std::string_view line : split(last_text_, '\n')) lines.emplace_back(line);
    for (const std::string& note : notes) {
      const char* open = invocation_.terminal().colour_out ? "\033[33m" : "";
      lines.push_back(open + ("warning: " + printable(note)) + (*open ? "\033[0m" : ""));
    }
    size_t rows = screen_rows();
    if (lines.size() > rows) {
      lines.resize(rows - 1);
      lines.emplace_back("... the terminal is too low for the rest");
    }
    std::string frame(kHome);
    for (size_t i = 0; i < lines.size(); ++i) frame += lines[i] + std::string(kClearLine) + (i + 1 < lines.size() ? "\n" : "");
    print_whole(invocation_, frame + std::string(kClearBelow));
  }

  size_t screen_rows() const {
    constexpr size_t kRowsMin = 4;
    return std::max(terminal_size(out()).rows, kRowsMin);
  }

  Invocation& invocation_;
  bool redraws_ = false;
  std::string last_text_;
  std::vector<std::string> said_;
};

async::Task<Status> show_once(Invocation& invocation, LiveView& view) {
  AIS_CO_TRY(const Picture picture, co_await view.look());
  if (invocation.json()) invocation.print_line(picture.json);
  else invocation.print(picture.text);
  for (const std::string& note : picture.notes) invocation.warn(note);
  co_return Status();
}

}  // namespace

async::Task<Status> show_live(Invocation& invocation, LiveView& view) {
  if (!invocation.has("refresh") && !invocation.has("count")) co_return co_await show_once(invocation, view);
  AIS_CO_TRY(const Nanoseconds interval, refresh_interval(invocation, kRefreshDefault));
  AIS_CO_TRY(const uint64_t count, count_flag(invocation));
  const StopSignals ending = end_on_interrupt();
  Screen screen(invocation);
  size_t failed = 0;
  for (uint64_t looks = 1;; ++looks) {
    Result<Picture> picture = co_await view.look();
    if (picture.ok()) {
      screen.show(*picture);
    } else {
      screen.show_failure(picture.status());
      ++failed;
    }
    if (!invocation.output_wanted()) co_return Status();
    if (looks == count && !picture.ok()) co_return make_status(Code::kUnavailable, "%zu of %zu looks failed", failed, size_t{looks});
    if (looks == count) co_return Status();
    co_await async::sleep_for(interval);
  }
}

Result<uint64_t> count_flag(Invocation& invocation) {
  AIS_TRY(const uint64_t count, invocation.get_number("count", 0));
  if (invocation.has("count") && count == 0) return invocation.usage_error("--count must be at least 1");
  return count;
}

Result<Nanoseconds> refresh_interval(Invocation& invocation, Nanoseconds fallback) {
  std::string text = invocation.get("refresh");
  // A bare number is seconds, as people type it.
  if (std::optional<uint64_t> seconds = parse_uint(text); seconds && *seconds > 0 && *seconds < 1'000'000) {
    return Nanoseconds(std::chrono::seconds(*seconds));
  }
  AIS_TRY(Nanoseconds interval, invocation.get_duration("refresh", fallback));
  if (interval < kRefreshMin) return invocation.usage_error("--refresh must be at least 100ms");
  return interval;
}

StopSignals end_on_interrupt() { return StopSignals(leave, true); }

void print_whole(Invocation& invocation, std::string_view text) {
  const std::lock_guard lock(printing);
  invocation.print(text);
  invocation.flush();
}

std::string utc_now() { return sys::utc_text(sys::real_clock().wall_ns()); }

}  // namespace ais::cli
