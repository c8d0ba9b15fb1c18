// DocumentDistributor: brings the newest cluster documents from the primary to every node of the map and remembers who has what.
//
// A push is one PUT /v1/metasync with the documents that the node lacks; the node answers with the versions it now has. A node
// that does not answer in time is a laggard: it is asked again every periodic.retry_sync_time until it acknowledges or leaves the
// map. Nodes ignore what is not newer, so pushes may cross.
// Control loop only, unless said otherwise.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ais-proxy/proxy_context.h"
#include "api/membership.h"
#include "async/single_flight.h"
#include "net/event_loop.h"

namespace ais::proxy {

class DocumentDistributor {
 public:
  explicit DocumentDistributor(ProxyContext& context) : context_(context) {}

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

  /// The documents of `snapshot` that are newer than `versions`.
  static api::ClusterDocuments newer_documents(const app::ClusterSnapshot& snapshot, const api::DocumentVersions& versions);

 private:
  struct Peer {
    api::DocumentVersions versions;
    bool logged_failure = false;
    async::SingleFlight<bool> pushes;  // true: acknowledged
  };
  class UnderWay;

  async::Task<void> bring_up_to_date(meta::Node node, size_t& laggards);
  async::Task<bool> push(const meta::Node& node, Peer& peer);
  async::Task<void> push_transient(meta::Node node, const std::string& body, size_t& laggards);
  std::vector<meta::Node> peers_of(const meta::ClusterMap& smap) const;
  void forget_departed(const meta::ClusterMap& smap);
  void arm_retry();
  void retry();

  ProxyContext& context_;
  std::map<std::string, Peer> peers_;
  std::mutex mutex_;
  std::condition_variable idle_;
  size_t under_way_ = 0;  // guarded by mutex_, as the next
  bool stopping_ = false;
};

}  // namespace ais::proxy
