// TargetServer: a target as a whole. Owns the daemon's shell and the store, and wires requests to handlers.
#pragma once

#include <memory>

#include "app/daemon.h"
#include "base/status.h"

namespace ais::target {

struct TargetContext;

class TargetServer {
 public:
  /// Opens state directory and mountpaths, starts both listeners. Errors say what is wrong with which path.
  static Result<std::unique_ptr<TargetServer>> start(app::DaemonOptions options);
  ~TargetServer();

  app::Daemon& daemon();
  /// What its operations share.
  TargetContext& context();
  /// Joins the cluster and serves until SIGTERM or SIGINT; returns the exit code.
  int run();

 private:
  TargetServer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The program: flags, start, run.
int run_target(int argc, char** argv);

}  // namespace ais::target
