#include "cli/stop_signals.h"

#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace ais::cli {
namespace {

sem_t g_wake;                  // posted by the handler, or when the watch ends
std::atomic<int> g_signal{0};  // the first one

void on_signal(int number) {
  int none = 0;
  g_signal.compare_exchange_strong(none, number);
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
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  constexpr int kNumbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < watched_; ++i) {
    former_[i].number = kNumbers[i];
    sigaction(former_[i].number, &action, &former_[i].action);
  }
}

StopSignals::~StopSignals() {
  for (size_t i = 0; i < watched_; ++i) sigaction(former_[i].number, &former_[i].action, nullptr);
  sem_post(&g_wake);
  waiter_.join();
}

}  // namespace ais::cli
