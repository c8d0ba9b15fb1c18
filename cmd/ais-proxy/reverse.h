// /v1/reverse/daemon[...]: calls to one node by its id (header Ais-Node-Id), so that a client needs to reach only a gateway.
#pragma once

#include "ais-proxy/proxy_context.h"

namespace ais::proxy {

class Reverse {
 public:
  explicit Reverse(ProxyContext& context) : context_(context) {}
  async::Task<void> handle(net::HttpExchange& exchange);

 private:
  async::Task<void> to_self(net::HttpExchange& exchange);
  async::Task<void> to_node(net::HttpExchange& exchange, meta::Node node);

  ProxyContext& context_;
};

}  // namespace ais::proxy
