// JobLoops: the event loops that the work of a job is spread over, each on a thread of its own with connections of its own: one thread
// can neither receive small objects nor make their files as fast as a cluster sends them. The first is the command's own loop.
#pragma once

#include <memory>

#include "ais/command/invocation.h"
#include "ais/job/file_pool.h"
#include "api/cluster_client.h"
#include "net/event_loop.h"
#include "net/http_client.h"
#include "sys/thread_pool.h"

namespace ais::cli {

/// What work on one loop uses. Made, used and destroyed on that loop's thread.
class JobLoop {
 public:
  /// Speaks through `cluster` itself on the loop of that client, through a client of its own to the same endpoint on any other.
  JobLoop(const api::ClusterClient& cluster, sys::ThreadPool& file_threads);

  api::ClusterClient& cluster() { return cluster_; }
  /// For the short work of small files.
  FileLane& files() { return files_; }
  /// For all that may take long; shared by the loops of a job.
  sys::ThreadPool& file_threads() { return file_threads_; }

 private:
  std::unique_ptr<net::HttpClient> http_;  // empty on the command's own loop
  api::ClusterClient cluster_;
  sys::ThreadPool& file_threads_;
  FileLane files_;
};

class JobLoops {
 public:
  static constexpr size_t kLoopsMax = 4;
  static constexpr size_t kWorkersPerLoop = 4;  // fewer leave a loop asleep more than awake

  /// Loops for `workers` things at once: no more than CPUs. Called on the command's loop.
  static Result<std::unique_ptr<JobLoops>> start(Invocation& invocation, size_t workers);

  size_t size() const { return 1 + (others_ ? others_->size() : 0); }
  async::Loop& event_loop(size_t index) { return index == 0 ? *first_ : (*others_)[index - 1]; }
  const api::ClusterClient& cluster() const { return cluster_; }
  sys::ThreadPool& file_threads() { return file_threads_; }

 private:
  explicit JobLoops(api::ClusterClient& cluster) : cluster_(cluster), first_(async::Loop::current()) {}

  api::ClusterClient& cluster_;
  async::Loop* const first_;
  sys::ThreadPool file_threads_{"files", kFileThreads};
  std::unique_ptr<net::LoopGroup> others_;
};

}  // namespace ais::cli
