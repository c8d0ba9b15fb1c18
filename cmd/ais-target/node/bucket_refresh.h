// BucketRefresh: asks the primary gateway for its newest bucket metadata when a request names a bucket this node does not know.
#pragma once

#include "app/daemon.h"
#include "async/single_flight.h"
#include "async/task.h"
#include "base/status.h"
#include "sys/thread_pool.h"

namespace ais::target {

/// Many requests may ask at once, from all loops; one question is under way at a time, and each asker is answered by a question
/// that was put after it came. So a bucket whose creation was acknowledged before the request is always found.
class BucketRefresh {
 public:
  explicit BucketRefresh(app::Daemon& daemon) : daemon_(daemon) {}

  /// After it the cluster view holds what the primary had, when it answered. Loop thread only.
  async::Task<Status> refresh() {
    return questions_.run([this] { return ask_primary(); });
  }

 private:
  async::Task<Status> ask_primary();

  app::Daemon& daemon_;
  async::SingleFlight<Status> questions_;
  sys::ThreadPool pool_{"target-bmd", 1};  // installing a document syncs a file
};

}  // namespace ais::target
