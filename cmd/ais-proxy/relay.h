// Relaying a whole request to another node: method, target, headers and body there; status, headers and body back. For calls that
// only the primary, or only the named node, can answer.
#pragma once

#include <string>

#include "ais-proxy/proxy_context.h"
#include "base/status.h"
#include "meta/cluster_map.h"
#include "net/http_server.h"

namespace ais::proxy {

/// Relays to `endpoint`, asking it for `target` there. Not OK means that nothing was answered yet and the caller must: the node
/// cannot be reached, the answer is not whole within `timeout` (0: no bound but the client's stall timeout), the request's body is too
/// large or broken. Trouble after the answer's head ends the connection instead.
async::Task<Status> relay_request(ProxyContext& context, net::HttpExchange& exchange, meta::NetEndpoint endpoint, std::string target,
                                  Nanoseconds timeout = Nanoseconds(0));

/// Relays to the primary gateway, or answers 503 when that cannot be reached or this node does not know it.
async::Task<void> forward_to_primary(ProxyContext& context, net::HttpExchange& exchange);

}  // namespace ais::proxy
