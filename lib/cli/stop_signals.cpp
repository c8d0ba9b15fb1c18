#include "cli/stop_signals.h"

#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <iterator>
#include <utility>

namespace ais::cli {
namespace {

sem_t g_wake;                  // posted by the handler, or when the watch ends
std::atomic<int> g_signal{0};  // the first one

constexpr int kNumbers[] = {SIGINT, SIGTERM, SIGHUP};
std::atomic<bool> g_watched[std::size(kNumbers)];

// Whichever comes next does what it does to a program that does not watch.
void on_signal(int number) {
  int none = 0;
  g_signal.compare_exchange_strong(none, number);
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (size_t i = 0; i < std::size(kNumbers); ++i)
    if (g_watched[i]) sigaction(kNumbers[i], &usual, nullptr);
  int saved = errno;
  sem_post(&g_wake);
  errno = saved;
}

}  // namespace

StopSignals::StopSignals(std::function<void(int)> on_first, bool hang_up) : watched_(hang_up ? 3 : 2) {
  g_signal = 0;
  sem_init(&g_wake, 0, 0);
  waiter_ = std::thread([on_first = std::move(on_first)] {
    while (sem_wait(&g_wake) != 0) {
    }
    if (int number = g_signal; number != 0) on_first(number);
  });
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (size_t i = 0; i < watched_; ++i) {
    sigaction(kNumbers[i], nullptr, &former_[i]);
    g_watched[i] = former_[i].sa_handler != SIG_IGN;  // whoever started this program does not want it to end (nohup)
    if (g_watched[i]) sigaction(kNumbers[i], &action, nullptr);
  }
}

int StopSignals::received() {
  sigset_t pending;
  sigpending(&pending);  // for its return: handlers of signals that wait run before a system call ends
  return g_signal;
}

StopSignals::~StopSignals() {
  for (size_t i = 0; i < watched_; ++i) {
    if (g_watched[i].exchange(false)) sigaction(kNumbers[i], &former_[i], nullptr);
  }
  sem_post(&g_wake);
  waiter_.join();
}

}  // namespace ais::cli
