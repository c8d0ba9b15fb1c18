// SetAsideTally: how many files lie in %bad of a mountpath, and how large they are. Counted on the mountpath's pool at the start and
// whenever %bad has changed, by whomever: an administrator who empties it sees that at the next look.
//
// Bounded cost: a count looks at kFilesMax files at most (beyond them the figures are lower bounds) and takes at most a twentieth of a
// thread's time.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "sys/clock.h"
#include "sys/file_system.h"
#include "sys/thread_pool.h"

namespace ais::store {

class SetAsideTally {
 public:
  static constexpr uint64_t kFilesMax = 100'000;

  SetAsideTally(sys::FileSystem& files, sys::Clock& clock) : files_(files), clock_(clock) {}
  /// Begins a count on `pool` when one is due; `directory` is %bad, open until stop(). Any thread.
  void refresh(sys::ThreadPool& pool, int directory);
  /// Breaks a count off and waits for its end; there is no other afterwards.
  void stop();
  uint64_t file_count() const { return file_count_.load(std::memory_order_relaxed); }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  bool is_due(int directory);
  void count(int directory);

  sys::FileSystem& files_;
  sys::Clock& clock_;
  std::atomic<uint64_t> file_count_{0}, bytes_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable counted_;
  bool counting_ = false;       // guarded by mutex_, as below
  int64_t seen_mtime_ns_ = -1;  // of %bad before the last count; -1: it has to be counted whatever the time is
  int64_t not_before_ns_ = 0;   // monotonic
};

}  // namespace ais::store
