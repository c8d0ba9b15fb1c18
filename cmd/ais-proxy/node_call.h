// One request to another node on its intra-cluster network, with a short answer.
#pragma once

#include <string>

#include "ais-proxy/proxy_context.h"
#include "base/status.h"
#include "meta/cluster_map.h"
#include "net/http_client.h"

namespace ais::proxy {

struct NodeAnswer {
  int status = 0;
  std::string body;
};

struct NodeCall {
  net::Method method = net::Method::kGet;
  std::string target;
  std::string headers;  // complete lines beyond Ais-Caller-Id
  std::string body;
  Nanoseconds timeout{0};
  size_t answer_bytes_max = 64ull << 20;
};

/// Sends the call to `endpoint` over the client of the current loop. An answer of any HTTP status is a success.
async::Task<Result<NodeAnswer>> call_node(ProxyContext& context, meta::NetEndpoint endpoint, NodeCall call);
/// The body of a 2xx answer; every other answer is the error that it carries.
async::Task<Result<std::string>> call_node_ok(ProxyContext& context, meta::NetEndpoint endpoint, NodeCall call);

}  // namespace ais::proxy
