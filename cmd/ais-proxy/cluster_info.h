// GET /v1/cluster?what=: the cluster's documents, what its nodes say about themselves together, and job queries
// (docs/rest_api.md).
#pragma once

#include <string>

#include "ais-proxy/membership.h"
#include "ais-proxy/proxy_context.h"

namespace ais::proxy {

class ClusterInfo {
 public:
  ClusterInfo(ProxyContext& context, Membership& membership) : context_(context), membership_(membership) {}
  async::Task<void> handle(net::HttpExchange& exchange);

 private:
  async::Task<Result<std::string>> json_of(net::HttpExchange& exchange, const std::string& what);
  async::Task<Result<std::string>> job_query(net::HttpExchange& exchange, const std::string& what);
  /// `what` of every target, and of every gateway when asked, as {"<id>": answer}; nodes that do not answer are left out.
  async::Task<std::string> gather(const std::map<std::string, meta::Node>& nodes, const std::string& what);
  async::Task<void> gather_one(const meta::Node& node, const std::string& what, std::string& json);

  ProxyContext& context_;
  Membership& membership_;
};

}  // namespace ais::proxy
