// Object requests at a gateway: find the owner from the name and answer 307. The decision is made from the head alone; the body
// is never waited for. This is the gateway's hot path: it copies no snapshot, logs nothing, and allocates next to nothing.
#pragma once

#include <string>
#include <string_view>

#include "ais-proxy/proxy_context.h"
#include "api/query.h"
#include "base/status.h"
#include "meta/bucket_metadata.h"
#include "net/http_server.h"

namespace ais::proxy {

class ObjectRedirect {
 public:
  explicit ObjectRedirect(ProxyContext& context) : context_(context) {}

  /// GET, HEAD, PUT, DELETE, PATCH, POST of /v1/objects/B/O.
  async::Task<void> handle(net::HttpExchange& exchange);
  /// The same for a request that names its object by another path (easy URL): `raw_path` is the /v1/objects form, still encoded.
  async::Task<void> handle_as(net::HttpExchange& exchange, std::string raw_path, std::string raw_query);

 private:
  struct Names;
  /// Begins the answer, or says why not; counts either.
  Status redirect(net::HttpExchange& exchange, std::string_view raw_path, std::string_view raw_query);
  Status begin_redirect(net::HttpExchange& exchange, std::string_view raw_path, Names& names);
  Status find_owner(net::HttpExchange& exchange, Names& names, const meta::Node*& owner) const;
  async::Task<void> refuse(net::HttpExchange& exchange, const Status& why);
  async::Task<void> refuse_bucket_action(net::HttpExchange& exchange);

  ProxyContext& context_;
};

}  // namespace ais::proxy
