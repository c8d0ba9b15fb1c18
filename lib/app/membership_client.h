// The member's side of membership: carries out what a MemberMachine decides (registering with a gateway, keeping alive, registering
// again). Runs on the daemon's control loop; nothing here stops the node from serving data.
#pragma once

#include <condition_variable>
#include <mutex>

#include "api/membership.h"
#include "app/daemon_impl.h"
#include "app/member_machine.h"
#include "async/cancel.h"

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
  /// What the step has changed, for the node and in the log.
  void tell(const MemberStep& step);
  async::Task<Status> register_with(std::string url);
  async::Task<Status> keep_alive(std::string url);
  async::Task<Status> install(std::string documents);
  async::Task<Result<std::string>> post(std::string url, std::string path, std::string body, Nanoseconds timeout);

  Daemon& daemon_;
  Daemon::Impl& impl_;
  async::Loop& loop_;
  MemberMachine machine_;  // decides what is done next
  async::CancelSource stop_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool running_ = false;  // guarded by mutex_
};

}  // namespace ais::app
