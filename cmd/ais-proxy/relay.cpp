#include "ais-proxy/relay.h"

#include <array>
#include <memory>
#include <utility>

#include "api/message.h"
#include "base/strings.h"
#include "net/http_client.h"

namespace ais::proxy {

namespace {

// Marks a request that a gateway passed on, with that gateway's id.
constexpr std::string_view kForwardedBy = "Ais-Forwarded-By";
constexpr size_t kWholeAnswerMax = 1 << 20;
constexpr size_t kStreamBuffer = 64 << 10;

// Headers that belong to one connection, or that the sending end writes itself.
bool travels(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kStays = {
      "connection", "keep-alive",     "proxy-connection", "te",   "trailer", "transfer-encoding",
      "upgrade",    "content-length", "expect",           "host", "date",    "server"};
  for (const std::string_view stays : kStays) {
    if (equals_ignore_case(name, stays)) return false;
  }
  return true;
}

net::ClientRequest copy_request(const ProxyContext& context, const net::HttpRequest& from, const meta::NetEndpoint& endpoint,
                                std::string target) {
  net::ClientRequest request;
  request.method = from.method;
  request.host = endpoint.host;
  request.port = endpoint.port;
  request.target = std::move(target);
  for (const net::Header& header : from.headers.all()) {
    if (travels(header.name)) request.add_header(header.name, header.value);
  }
  request.add_header(kForwardedBy, context.id);
  return request;
}

void copy_answer_head(net::HttpExchange& exchange, const net::ClientResponse& response) {
  net::ResponseHead head = exchange.start(response.status());
  for (const net::Header& header : response.headers().all()) {
    if (travels(header.name)) head.add(header.name, header.value);
  }
}

async::Task<Status> stream_answer(net::HttpExchange& exchange, net::ClientResponse& response) {
  AIS_CO_RETURN_IF_ERROR(co_await exchange.begin_stream());
  const auto buffer = std::make_unique<char[]>(kStreamBuffer);
  while (true) {
    AIS_CO_TRY(const size_t got, co_await response.read(std::span<char>(buffer.get(), kStreamBuffer)));
    if (got == 0) break;
    AIS_CO_RETURN_IF_ERROR(co_await exchange.write_stream(std::string_view(buffer.get(), got)));
  }
  co_return co_await exchange.end_stream();
}

async::Task<Status> relay_answer(net::HttpExchange& exchange, net::ClientResponse& response) {
  if (exchange.request().method == net::Method::kHead) {
    copy_answer_head(exchange, response);
    co_return co_await exchange.send_head_only(response.content_length());
  }
  const std::optional<uint64_t> length = response.content_length();
  if (length && *length <= kWholeAnswerMax) {
    // Read before the head goes out, so that a node which dies now still leaves the client with a proper error.
    AIS_CO_TRY(const std::string body, co_await response.read_all(kWholeAnswerMax));
    copy_answer_head(exchange, response);
    co_return co_await exchange.send(body);
  }
  copy_answer_head(exchange, response);
  co_return co_await stream_answer(exchange, response);
}

}  // namespace

async::Task<Status> relay_request(ProxyContext& context, net::HttpExchange& exchange, meta::NetEndpoint endpoint, std::string target,
                                  Nanoseconds timeout) {
  std::string body;
  if (exchange.request().has_body()) {
    Result<std::string> read = co_await exchange.read_whole_body(api::kControlBodyMax);
    if (!read.ok()) co_return std::move(read).take_status();
    body = std::move(read).value();
  }
  net::ClientRequest request = copy_request(context, exchange.request(), endpoint, std::move(target));
  request.body = body;
  request.timeout = timeout;
  AIS_CO_TRY(net::ClientResponse response, co_await context.daemon.client().send(std::move(request)));
  Status relayed = co_await relay_answer(exchange, response);
  if (relayed.ok() || !exchange.responded()) co_return relayed;
  AIS_DEBUG("proxy", "relayed answer broke off: %s", relayed.message().c_str());
  exchange.close_after();
  co_return Status();
}

async::Task<void> forward_to_primary(ProxyContext& context, net::HttpExchange& exchange) {
  const meta::ClusterMapPtr smap = context.daemon.cluster().copy().smap;
  const meta::Node* primary = smap->primary();
  Status failure;
  if (primary == nullptr || primary->id == context.id) {
    failure = Status(Code::kUnavailable, context.name + ": no primary gateway is known, cluster metadata cannot be changed now");
  } else if (exchange.request().headers.get(kForwardedBy)) {
    // The sender took this node for the primary: passing it on could go round in circles while maps differ.
    failure = Status(Code::kNotPrimary, context.name + " is not the primary gateway (" + primary->display_name() + " is)");
  } else {
    failure = co_await relay_request(context, exchange, primary->control_net, std::string(exchange.request().target));
    const bool unreachable =
        failure.code() == Code::kConnectionFailed || failure.code() == Code::kTimeout || failure.code() == Code::kConnectionClosed;
    if (unreachable) {
      failure = Status(Code::kUnavailable, "primary gateway " + primary->display_name() + " cannot be reached: " + failure.message());
    }
  }
  if (!failure.ok()) co_await answer(api::respond_error(exchange, failure, context.name));
}

}  // namespace ais::proxy
