#include "ais/job/job_loops.h"

#include <algorithm>

#include "api/cgroup.h"

namespace ais::cli {

JobLoop::JobLoop(const api::ClusterClient& cluster, sys::ThreadPool& file_threads)
    : http_(cluster.http().loop().in_loop() ? nullptr
                                            : std::make_unique<net::HttpClient>(*net::EventLoop::current(), cluster.http().options())),
      cluster_(http_ ? cluster.over(*http_) : cluster),
      file_threads_(file_threads),
      files_(file_threads) {}

Result<std::unique_ptr<JobLoops>> JobLoops::start(Invocation& invocation, size_t workers) {
  std::unique_ptr<JobLoops> loops(new JobLoops(invocation.cluster()));
  size_t wanted = std::min({workers / kWorkersPerLoop, api::usable_cpus(), kLoopsMax});
  if (wanted > 1) {
    AIS_TRY(loops->others_, net::LoopGroup::start("job", wanted - 1));
  }
  return loops;
}

}  // namespace ais::cli
