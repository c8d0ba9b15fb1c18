#include "aisloader/trace_signal.h"

#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace ais::loader {
namespace {

std::atomic<std::atomic<bool>*> g_on{nullptr};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<std::atomic<bool>*>::is_always_lock_free);

void on_hang_up(int) {
  std::atomic<bool>* on = g_on.load();
  if (!on) return;
  int saved = errno;
  bool before = on->load();
  while (!on->compare_exchange_weak(before, !before)) {
  }
  const std::string_view text = !before ? "trace of requests: on\n" : "trace of requests: off\n";
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) {
    // Nobody reads it: the switch has its effect all the same.
  }
  errno = saved;
}

}  // namespace

TraceSignal::TraceSignal(std::atomic<bool>& on) {
  g_on = &on;
  struct sigaction action {};
  action.sa_handler = on_hang_up;
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, &former_);
}

TraceSignal::~TraceSignal() {
  sigaction(SIGHUP, &former_, nullptr);
  g_on = nullptr;
}

}  // namespace ais::loader
