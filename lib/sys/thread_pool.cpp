#include "sys/thread_pool.h"

#include <pthread.h>

namespace ais::sys {

ThreadPool::ThreadPool(std::string name, size_t threads_max) : name_(std::move(name)), threads_max_(threads_max == 0 ? 1 : threads_max) {}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::submit(PoolJob* job) {
  job->next_job = nullptr;
  std::lock_guard lock(mutex_);
  *tail_ = job;
  tail_ = &job->next_job;
  size_t queued = queued_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (queued > idle_ && threads_.size() < threads_max_) {
    threads_.emplace_back([this] { work(); });
    pthread_setname_np(threads_.back().native_handle(), name_.substr(0, 15).c_str());
  }
  // Notified under the lock: once it is released the job may be done, and its end may be what the pool's owner waits for.
  if (idle_ > 0) wake_.notify_one();
}

void ThreadPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (!head_ && !stopping_) {
      ++idle_;
      wake_.wait(lock);
      --idle_;
    }
    if (!head_) return;
    PoolJob* job = head_;
    head_ = job->next_job;
    if (!head_) tail_ = &head_;
    queued_.fetch_sub(1, std::memory_order_relaxed);
    lock.unlock();
    job->run_job(job);
    lock.lock();
  }
}

}  // namespace ais::sys
