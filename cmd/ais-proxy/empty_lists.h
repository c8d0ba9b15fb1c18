// /v1/download, /v1/sort, /v1/etl: of these things there is none, so lists are empty, every name is unknown, and what would make one
// is refused (api/missing.h says how).
#pragma once

#include "ais-proxy/proxy_context.h"
#include "base/status.h"

namespace ais::proxy {

class EmptyLists {
 public:
  explicit EmptyLists(ProxyContext& context) : context_(context) {}

  async::Task<void> handle_downloads(net::HttpExchange& exchange);
  async::Task<void> handle_sorts(net::HttpExchange& exchange);
  async::Task<void> handle_etls(net::HttpExchange& exchange);

 private:
  /// `list`: what is asked for is the whole of it.
  async::Task<void> respond(net::HttpExchange& exchange, Result<bool> list);

  ProxyContext& context_;
};

}  // namespace ais::proxy
