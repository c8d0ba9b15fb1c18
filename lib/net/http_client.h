// HttpClient: the HTTP/1.1 client of daemons and tools. One per loop; kept-alive connections per peer; streaming both ways.
//
// Errors: kUnavailable (end_exchanges() was called), kConnectionFailed (refused, unreachable, DNS), kTimeout, kConnectionClosed (peer left
// in the middle), kBadRequest (peer does not speak HTTP); their texts begin with the peer's name. An answer of any status is a success
// here: callers look at status().
// A request on a reused connection that the peer had just closed is repeated once on a fresh one when nothing of the answer
// came and the method is idempotent: of POST and PATCH only what had not begun to be sent. A silent peer is waited for once.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/function.h"
#include "base/status.h"
#include "base/units.h"
#include "net/event_loop.h"
#include "net/http_types.h"

namespace ais::net {

struct HttpClientOptions {
  Nanoseconds connect_timeout = std::chrono::seconds(5);
  Nanoseconds stall_timeout = std::chrono::seconds(60);  // no byte moved for so long
  Nanoseconds idle_timeout = std::chrono::seconds(20);   // an unused connection is closed
  size_t idle_connections_per_peer = 256;
  HttpLimits limits;
};

/// What connecting took of a request's time; nothing on a kept connection.
struct Connecting {
  Nanoseconds took{0};
  uint32_t made = 0;  // connections
};

/// A body that is made while it is sent, and whose length nobody knows before its end. Loop thread only.
class StreamedBody {
 public:
  virtual ~StreamedBody() = default;
  /// The next bytes, valid until the next call; empty at the end. An error ends the exchange with it, and the connection.
  virtual async::Task<Result<std::string_view>> next() = 0;
  /// Set by the client before the first call of next(): from then on the request cannot be sent again.
  bool begun = false;
};

struct ClientRequest {
  Method method = Method::kGet;
  std::string host;
  uint16_t port = 0;
  std::string unix_path;     // non-empty: connect there instead of host:port
  std::string target = "/";  // raw path and query
  std::string headers;       // complete lines "Name: value\r\n"; Host and Content-Length are added by the client
  std::string_view body;     // must live until the answer's head is there
  int body_fd = -1;          // >= 0: the body is a range of this file, sent by sendfile
  uint64_t body_offset = 0;
  uint64_t body_length = 0;
  std::atomic<uint64_t>* body_sent = nullptr;  // told of each piece of a file that was sent; must live until the answer's head is there
  // Not null: the body, sent in chunks, and only when the peer says "100 Continue": a redirect or refusal comes before the first byte.
  // Must live until the answer's head is there.
  StreamedBody* body_source = nullptr;
  bool expect_continue = false;      // sends the body only after "100 Continue" or one second; a final answer before it saves the sending
  Connecting* connecting = nullptr;  // is added to; must live until the answer's head is there
  Nanoseconds timeout{0};            // for the whole exchange; 0 = none beyond the stall timeout
  // Once the whole request is sent, the peer may be silent for so long, in place of the stall timeout: for peers that need time for a
  // large body that they have. 0 = the stall timeout.
  Nanoseconds answer_timeout{0};
  // send_following only: a peer that redirected such a request before is asked without the body, which is sent to where its answer
  // leads. A peer that is not known to redirect gets the body at once, so that none that stores objects itself is asked to store an empty
  // one. When a known one answers with success for once, the request is repeated with the body.
  bool body_after_redirect = false;

  void set_url(const Url& url);
  void add_header(std::string_view name, std::string_view value);
};

class ClientConnection;

/// The answer. Destroying it before the body's end closes the connection, after it the connection goes back to the pool.
class ClientResponse {
 public:
  ClientResponse();
  ClientResponse(ClientResponse&&) noexcept;
  ClientResponse& operator=(ClientResponse&&) noexcept;
  ~ClientResponse();

  int status() const;
  const HeaderList& headers() const;
  std::optional<uint64_t> content_length() const;
  /// Body bytes in order; 0 = the end.
  async::Task<Result<size_t>> read(std::span<char> buffer);
  /// The rest of the body; kPayloadTooLarge beyond `limit`.
  async::Task<Result<std::string>> read_all(size_t limit);
  /// Reads the body to its end and throws it away (kernel discards it where it can).
  async::Task<Result<uint64_t>> discard();

 private:
  friend class HttpClient;
  std::unique_ptr<ClientConnection> connection_;
};

class HttpClient {
 public:
  HttpClient(EventLoop& loop, HttpClientOptions options);
  ~HttpClient();
  EventLoop& loop();
  const HttpClientOptions& options() const;
  /// Sends the request and waits for the answer's head. Loop thread only.
  async::Task<Result<ClientResponse>> send(ClientRequest request);
  /// Exchanges under way end with kUnavailable, and so does every later one: for a process that is about to stop, whose handlers must not
  /// wait for a peer that is silent. Loop thread only.
  void end_exchanges();
  /// send() and then up to `redirects_max` times to the answer's Location while the status is 301, 302, 307 or 308.
  async::Task<Result<ClientResponse>> send_following(ClientRequest request, int redirects_max = 3);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace ais::net
