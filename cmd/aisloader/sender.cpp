#include "aisloader/sender.h"

#include <algorithm>
#include <chrono>

#include "api/names.h"

namespace ais::loader {
namespace {

constexpr std::string_view kScheme = "http://";

bool is_redirect(int status) { return status == 307 || status == 301 || status == 302 || status == 308; }

}  // namespace

Status refused(int http_status) { return Status(Code::kUnexpectedStatus, "refused").with_http_status(http_status); }

Result<const Sender::Peer*> Sender::find_peer(std::string_view authority) {
  for (const Peer& peer : peers_)
    if (peer.authority == authority) return &peer;
  AIS_TRY(net::Url url, net::Url::parse(std::string(kScheme) + std::string(authority)));
  if (peers_.size() >= kPeersMax) peers_.clear();
  peers_.push_back({std::string(authority), url.host, url.port});
  return &peers_.back();
}

Status Sender::point_at(net::ClientRequest& request, std::string_view location) {
  if (!location.starts_with(kScheme)) return {Code::kBadRequest, "a redirect without an http location"};
  location.remove_prefix(kScheme.size());
  size_t slash = location.find('/');
  if (slash == std::string_view::npos) return {Code::kBadRequest, "a redirect without a path"};
  AIS_TRY(const Peer* peer, find_peer(location.substr(0, slash)));
  request.host = peer->host;
  request.port = peer->port;
  request.target = location.substr(slash);
  return {};
}

const net::Url& Sender::next_gateway() {
  if (plan_.gateways.size() > 1) gateway_ = random_.below(plan_.gateways.size());
  return plan_.gateways[gateway_];
}

async::Task<Result<net::ClientResponse>> Sender::send(net::Method method, std::string target, std::string_view headers, Body body,
                                                      Nanoseconds timeout, Moments* moments) {
  const Nanoseconds begun = http_.loop().now();
  if (moments) {
    *moments = Moments();
    moments->begun = moments->redirected = begun;
  }
  const net::Url& gateway = next_gateway();
  net::ClientRequest question;
  question.method = method;
  question.host = gateway.host;
  question.port = gateway.port;
  question.timeout = timeout;
  question.target = std::move(target);
  question.headers = headers;
  question.connecting = moments ? &moments->to_gateway : nullptr;
  Result<net::ClientResponse> first = co_await http_.send(std::move(question));
  if (!first.ok()) co_return first;
  int status = first->status();
  // An answer of a target that was used as a gateway counts for reads; a body that nobody asked for again was not stored.
  if (!is_redirect(status)) {
    bool done = status >= 200 && status < 300 && body.text.empty() && body.size == 0;
    if (moments) moments->answered = http_.loop().now();
    if (done) co_return first;
    co_return refused(status);
  }
  if (moments) moments->redirected = http_.loop().now();
  net::ClientRequest request;
  request.method = method;
  request.headers = headers;
  request.body = body.text;
  request.body_fd = body.fd;
  request.body_offset = body.offset;
  request.body_length = body.size;
  request.connecting = moments ? &moments->to_target : nullptr;
  if (timeout.count() > 0) request.timeout = std::max<Nanoseconds>(timeout - (http_.loop().now() - begun), std::chrono::milliseconds(1));
  AIS_CO_RETURN_IF_ERROR(point_at(request, first->headers().get_or_empty("Location")));
  if (first->content_length() != 0u) {
    Result<uint64_t> rest = co_await first->discard();
    if (!rest.ok()) co_return rest.status();
  }
  first = net::ClientResponse();  // gives the gateway's connection to the next worker before the target is waited for
  Result<net::ClientResponse> answer = co_await http_.send(std::move(request));
  if (!answer.ok()) co_return answer;
  if (moments) moments->answered = http_.loop().now();
  status = answer->status();
  if (status < 200 || status > 299) co_return refused(status);
  co_return answer;
}

}  // namespace ais::loader
