// DocumentDistributor: brings the newest cluster documents from the primary to every node of the map and remembers who has what.
//
// A push is one PUT /v1/metasync with the documents that the node lacks; the node answers with the versions it now has. Who gets what and
// when is decided by a DistributionPlan; laggards are asked again every periodic.retry_sync_time.
// Control loop only, unless said otherwise.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ais-proxy/distribution_plan.h"
#include "ais-proxy/proxy_context.h"
#include "api/membership.h"
#include "async/event.h"
#include "net/event_loop.h"

namespace ais::proxy {

class DocumentDistributor {
 public:
  explicit DocumentDistributor(ProxyContext& context) : context_(context), plan_(context.id) {}

  /// Begins to serve laggards. Any thread.
  void start();
  /// Pushes to all nodes that lack something and waits until each has acknowledged or failed once. Returns the number of laggards.
  async::Task<size_t> distribute();
  /// A configuration that nodes keep in memory only.
  async::Task<size_t> distribute_transient(app::ConfigPtr config);
  /// Begins no more pushes and waits, at most `patience`, for those that are under way: they belong to the control loop, which must
  /// still run. Any thread but the loop's.
  void stop(Nanoseconds patience);
  /// A node said what it has (keepalive, join). Any thread.
  void note_versions(std::string node_id, api::DocumentVersions versions);

  /// "t[t1]: space.lowwm, space.highwm; p[p2]: ...": the nodes of the map of which settings of their own do not fit the configuration,
  /// as each said last; "" when there is none. Resumes on the caller's loop.
  async::Task<std::string> lost_overrides();

 private:
  /// Who waits for the end of a round.
  struct Waiting {
    async::Event over;
    size_t laggards = 0;
  };
  class UnderWay;

  void start_pushes(std::vector<DistributionPlan::Push> pushes);
  async::Task<void> send(DistributionPlan::Push push);
  async::Task<void> push_transient(meta::Node node, const std::string& body, size_t& laggards);
  void retry();

  ProxyContext& context_;
  DistributionPlan plan_;
  std::map<DistributionPlan::Round, Waiting*> waiting_;
  std::mutex mutex_;
  std::condition_variable idle_;
  size_t under_way_ = 0;  // guarded by mutex_, as the next
  bool stopping_ = false;
};

}  // namespace ais::proxy
