// BucketRefresh: asks the primary gateway for its newest bucket metadata when a request names a bucket this node does not know.
#pragma once

#include <memory>

#include "app/daemon.h"
#include "async/task.h"
#include "base/status.h"

namespace ais::target {

/// Many requests may ask at once, from all loops; one question is under way at a time, and each asker is answered by a question
/// that was put after it came. So a bucket whose creation was acknowledged before the request is always found.
class BucketRefresh {
 public:
  explicit BucketRefresh(app::Daemon& daemon);
  ~BucketRefresh();

  /// After it the cluster view holds what the primary had, when it answered. Loop thread only.
  async::Task<Status> refresh();

 private:
  struct State;
  async::Task<Status> ask_primary();
  app::Daemon& daemon_;
  std::unique_ptr<State> state_;
};

}  // namespace ais::target
