#include "ais-target/node/housekeeper.h"

#include <utility>

#include <pthread.h>

namespace ais::target {

Housekeeper::Housekeeper(Nanoseconds interval, std::function<void()> work)
    : interval_(interval), work_(std::move(work)), thread_([this] { run(); }) {}

Housekeeper::~Housekeeper() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Housekeeper::run() {
  pthread_setname_np(pthread_self(), "housekeeper");
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval_, [this] { return stopping_; })) {
    lock.unlock();
    work_();
    lock.lock();
  }
}

}  // namespace ais::target
