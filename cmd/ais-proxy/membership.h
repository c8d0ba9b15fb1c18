// Membership at the primary: nodes join, keep alive, and are removed by an administrator. Other gateways pass joins on.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ais-proxy/metadata_editor.h"
#include "ais-proxy/node_watch.h"
#include "ais-proxy/proxy_context.h"
#include "api/membership.h"

namespace ais::proxy {

class Membership {
 public:
  Membership(ProxyContext& context, MetadataEditor& editor, DocumentDistributor& distributor)
      : context_(context), editor_(editor), distributor_(distributor) {}

  /// Makes this gateway the primary of its stored cluster, or of a new one: takes part in the map with its present addresses.
  /// Blocking; after the listeners know their ports, before requests are answered in earnest.
  Status become_primary();
  /// Begins to look for silent nodes. Any thread.
  void start_watch();

  /// POST /v1/cluster/autoreg.
  async::Task<void> handle_join(net::HttpExchange& exchange);
  /// POST /v1/cluster/keepalive/<id>, intra-cluster listener only.
  async::Task<void> handle_keepalive(net::HttpExchange& exchange);
  /// DELETE /v1/cluster/daemon/<id>.
  async::Task<void> handle_remove(net::HttpExchange& exchange);
  /// {"<id>": seconds of silence}
  std::string suspects_json();
  size_t suspect_count() const { return watch_.suspect_count(); }

 private:
  struct PendingJoin;
  async::Task<Status> join(const api::JoinRequest& request);
  /// kWrongCluster for a node of another cluster. One that has a newer document than this primary, and shows it when it is asked for,
  /// puts the primary into quarantine: it must have been set back, and what it would go on to make from there would destroy what came
  /// after. One that only says so is refused, and nothing changes.
  async::Task<Status> check_versions(const meta::Node& node, const api::DocumentVersions& versions);
  async::Task<Status> check_identity(const meta::Node& node);
  async::Task<Status> enter(meta::Node node);
  async::Task<Status> flush_joins();
  async::Task<Status> keepalive(net::HttpExchange& exchange, std::string& answer_json);
  void look_for_suspects();

  ProxyContext& context_;
  MetadataEditor& editor_;
  DocumentDistributor& distributor_;
  NodeWatch watch_;
  std::vector<std::shared_ptr<PendingJoin>> pending_;  // control loop only
};

}  // namespace ais::proxy
