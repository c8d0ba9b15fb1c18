#include "ais/interrupt.h"

#include <semaphore.h>

#include <atomic>
#include <cerrno>

namespace ais::cli {
namespace {

sem_t g_wake;  // posted by the handler, or when the watch ends
std::atomic<bool> g_signalled{false};

void on_signal_handler(int) {
  g_signalled.store(true, std::memory_order_relaxed);
  int saved = errno;
  sem_post(&g_wake);
  errno = saved;
}

}  // namespace

InterruptWatch::InterruptWatch(net::EventLoop& loop, std::function<void()> on_signal)
    : on_signal_(std::make_shared<std::function<void()>>(std::move(on_signal))) {
  g_signalled.store(false, std::memory_order_relaxed);
  sem_init(&g_wake, 0, 0);
  waiter_ = std::thread([&loop, weak = std::weak_ptr(on_signal_)] {
    while (sem_wait(&g_wake) != 0) {
    }
    if (!g_signalled.load(std::memory_order_relaxed)) return;
    loop.post([weak] {
      if (auto callback = weak.lock()) (*callback)();
    });
  });
  struct sigaction action {};
  action.sa_handler = on_signal_handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, &former_int_);
  sigaction(SIGTERM, &action, &former_term_);
}

InterruptWatch::~InterruptWatch() {
  on_signal_.reset();
  sigaction(SIGINT, &former_int_, nullptr);
  sigaction(SIGTERM, &former_term_, nullptr);
  sem_post(&g_wake);
  waiter_.join();
}

}  // namespace ais::cli
