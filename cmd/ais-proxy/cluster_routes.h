// /v1/cluster: GET asks (cluster_info.h), PUT changes its configuration, or tells all
// nodes something. By the primary.
#pragma once

#include "ais-proxy/cluster_info.h"
#include "ais-proxy/metadata_editor.h"
#include "ais-proxy/proxy_context.h"
#include "api/message.h"

namespace ais::proxy {

class ClusterRoutes {
 public:
  ClusterRoutes(ProxyContext& context, MetadataEditor& editor, ClusterInfo& info) : context_(context), editor_(editor), info_(info) {}
  async::Task<void> handle(net::HttpExchange& exchange);

 private:
  async::Task<Status> change(net::HttpExchange& exchange, bool& changes_config);
  async::Task<Status> put_action(net::HttpExchange& exchange, bool& changes_config);
  async::Task<Status> set_config(std::string_view raw_query, codec::JsonView document);
  async::Task<Status> reset_config();
  async::Task<void> acknowledge(net::HttpExchange& exchange, bool changed_config);
  /// PUT /v1/daemon with `body` to every node at once; kNodeUnavailable naming those that did not do it.
  async::Task<Status> tell_nodes(std::string body);
  async::Task<void> tell_node(const meta::Node& node, const std::string& body, Status& outcome);

  ProxyContext& context_;
  MetadataEditor& editor_;
  ClusterInfo& info_;
};

}  // namespace ais::proxy
