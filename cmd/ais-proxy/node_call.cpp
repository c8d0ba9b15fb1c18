#include "ais-proxy/node_call.h"

#include <utility>

#include "api/message.h"
#include "api/names.h"

namespace ais::proxy {

async::Task<Result<NodeAnswer>> call_node(ProxyContext& context, meta::NetEndpoint endpoint, NodeCall call) {
  net::ClientRequest request;
  request.method = call.method;
  request.host = endpoint.host;
  request.port = endpoint.port;
  request.target = call.target;
  request.headers = std::move(call.headers);
  request.add_header(api::header::kCallerId, context.id);
  request.add_header(api::header::kCallerName, context.name);
  request.body = call.body;
  request.timeout = call.timeout;
  AIS_CO_TRY(net::ClientResponse response, co_await context.daemon.client().send(std::move(request)));
  NodeAnswer answer;
  answer.status = response.status();
  AIS_CO_TRY(answer.body, co_await response.read_all(call.answer_bytes_max));
  co_return answer;
}

async::Task<Result<std::string>> call_node_ok(ProxyContext& context, meta::NetEndpoint endpoint, NodeCall call) {
  AIS_CO_TRY(NodeAnswer answer, co_await call_node(context, std::move(endpoint), std::move(call)));
  if (answer.status < 200 || answer.status > 299) co_return api::status_from_error(answer.status, answer.body);
  co_return std::move(answer.body);
}

}  // namespace ais::proxy
