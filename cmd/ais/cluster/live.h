// Live views: what `show` commands print once, or again and again with --refresh and --count.
//
// On a terminal the picture is drawn in place; in a pipe the pictures follow each other, each behind a line with its time, or with --json
// one document a line. Every picture is flushed. A look that fails (the gateway is away) is said and the next one is tried. Ctrl-C ends
// with status 0 at any moment, also in the middle of a request, but never in the middle of a picture; a reader that went away ends too.
#pragma once

#include <string>
#include <vector>

#include "ais/command/invocation.h"
#include "async/task.h"
#include "base/status.h"
#include "cli/stop_signals.h"

namespace ais::cli {

/// One look at the cluster.
struct Picture {
  std::string text;                // for people; lines that end with a newline
  std::string json;                // one document, without a newline
  std::vector<std::string> notes;  // what went wrong in parts: a line each, for stderr
};

class LiveView {
 public:
  virtual ~LiveView() = default;
  virtual async::Task<Result<Picture>> look() = 0;
};

/// Shows the view as often as --refresh and --count say. Fails when the only or the last look failed.
async::Task<Status> show_live(Invocation& invocation, LiveView& view);

/// --count; 0 when it is not given, a usage error when it is 0.
Result<uint64_t> count_flag(Invocation& invocation);

/// --refresh, or what stands for it when it is not given: a usage error when it is no time or shorter than 100 ms.
Result<Nanoseconds> refresh_interval(Invocation& invocation, Nanoseconds fallback);

/// While it lives Ctrl-C ends the program with status 0, as a live view does, but never within print_whole(). For commands that read for
/// ever.
[[nodiscard]] StopSignals end_on_interrupt();
/// Prints and flushes.
void print_whole(Invocation& invocation, std::string_view text);

/// "2026-01-02T03:04:05Z", now.
std::string utc_now();

}  // namespace ais::cli
