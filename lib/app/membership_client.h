// The member's side of membership: registers with a gateway, then keeps alive, then registers again when it has to. Runs on the
// daemon's control loop; nothing here stops the node from serving data.
#pragma once

#include <condition_variable>
#include <mutex>

#include "api/membership.h"
#include "app/daemon_impl.h"
#include "async/cancel.h"
#include "sys/random.h"

namespace ais::app {

class MembershipClient {
 public:
  MembershipClient(Daemon& daemon, Daemon::Impl& impl);
  ~MembershipClient();
  /// Any thread, once.
  void start();
  /// Any thread but the control loop's; returns when no call is in flight. The control loop must still run.
  void stop();

 private:
  async::Task<void> run();
  async::Task<bool> register_somewhere();
  async::Task<Status> register_with(std::string url);
  async::Task<Status> keep_alive();
  async::Task<Status> install(std::string documents);
  async::Task<Result<std::string>> post(std::string url, std::string path, std::string body, Nanoseconds timeout);
  std::vector<std::string> candidates() const;
  Nanoseconds back_off();

  Daemon& daemon_;
  Daemon::Impl& impl_;
  async::Loop& loop_;
  sys::Random random_;
  Nanoseconds delay_;
  Code last_failure_ = Code::kOk;  // so that a failure that goes on is logged once
  async::CancelSource stop_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool running_ = false;  // guarded by mutex_
};

}  // namespace ais::app
