// Housekeeper: a thread for what has to happen from time to time, away from loops and disk pools.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/units.h"

namespace ais::target {

class Housekeeper {
 public:
  /// Calls `work` every `interval` until destruction, which waits for a call under way.
  Housekeeper(Nanoseconds interval, std::function<void()> work);
  ~Housekeeper();
  Housekeeper(const Housekeeper&) = delete;

 private:
  void run();

  const Nanoseconds interval_;
  const std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace ais::target
