// ThreadPool: a few threads for blocking system calls. One per mountpath, so that a slow disk blocks only itself.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ais::sys {

/// Work for a pool, without an allocation: embed it; it must live until run_job was called (which may free it).
struct PoolJob {
  PoolJob* next_job = nullptr;
  void (*run_job)(PoolJob*) = nullptr;
};

class ThreadPool {
 public:
  /// Starts no thread before the first job; at most `threads_max`. `name` becomes the threads' name (cut to 15 bytes).
  ThreadPool(std::string name, size_t threads_max);
  ~ThreadPool();  // runs what is queued, then joins
  ThreadPool(const ThreadPool&) = delete;

  /// Any thread. First in, first out. The queue has no bound of its own: callers bound their requests in flight.
  void submit(PoolJob* job);
  /// Jobs waiting, not running: for metrics and back-pressure.
  size_t queued() const { return queued_.load(std::memory_order_relaxed); }

 private:
  void work();

  const std::string name_;
  const size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  PoolJob* head_ = nullptr;  // guarded by mutex_, as all below
  PoolJob** tail_ = &head_;
  size_t idle_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
  std::atomic<size_t> queued_{0};
};

}  // namespace ais::sys
