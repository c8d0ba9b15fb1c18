// Sender: one object request through the gateway: asks it, takes the redirect, asks the target. Lean on purpose: a loader that costs more
// than the servers measures itself. One per loop, loop thread only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aisloader/plan.h"
#include "net/http_client.h"
#include "sys/random.h"

namespace ais::loader {

/// Moments of one request, monotonic, and what connecting took of the time until the redirect and of the time behind it.
struct Moments {
  Nanoseconds begun{0}, redirected{0}, answered{0};
  net::Connecting to_gateway, to_target;
};

class Sender {
 public:
  Sender(net::HttpClient& http, const Plan& plan) : http_(http), plan_(plan) {}

  /// The target's answer, with status 2xx. `target` is the raw path; `body` must live until the answer. The body goes to the target
  /// only: a gateway decides from the head. kUnexpectedStatus carries the status of a refusal (Status::http_status). Both requests and
  /// the reading of the answer may take `timeout` together (0 = the client's own limits). `moments` may be null; else it lives as long.
  async::Task<Result<net::ClientResponse>> send(net::Method method, std::string target, std::string_view headers, Body body,
                                                Nanoseconds timeout, Moments* moments);

 private:
  /// An address that redirects named before.
  struct Peer {
    std::string authority, host;
    uint16_t port;
  };
  static constexpr size_t kPeersMax = 4096;
  Result<const Peer*> find_peer(std::string_view authority);
  Status point_at(net::ClientRequest& request, std::string_view location);
  const net::Url& next_gateway();

  net::HttpClient& http_;
  const Plan& plan_;
  sys::Random random_;  // its own: the choice of a gateway does not change what a seed repeats
  size_t gateway_ = 0;
  std::vector<Peer> peers_;
};

/// The status of an answer as an error.
Status refused(int http_status);

}  // namespace ais::loader
