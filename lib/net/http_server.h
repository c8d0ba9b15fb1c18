// HttpServer: HTTP/1.1 over plain TCP for the daemons. Accepts, parses, calls one handler coroutine per request, keeps alive.
//
// Threads: an accept thread gives each connection to the loop with the fewest; it lives and dies there, and its handler runs
// there. Requests of a connection are handled one after the other (pipelining works, in order).
// Memory: an idle connection holds no buffer. Head and body buffers come from a free list of the loop.
// Strictness (docs/http.md): conflicting or repeated Content-Length, Content-Length together with Transfer-Encoding, transfer
// codings other than a single final "chunked", obs-fold, bare LF, NUL and control bytes in headers, a missing or repeated Host
// (HTTP/1.1) are 400 and close; heads over the limits are 431 / 414; HTTP/1.0 is served, other versions are 505.
// Timeouts: a head must be complete `head_timeout` after its first byte; a body or an answer must move a byte each
// `stall_timeout`; a kept-alive connection is closed after `idle_timeout`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "async/task.h"
#include "base/status.h"
#include "base/units.h"
#include "net/event_loop.h"
#include "net/http_types.h"

namespace ais::sys {
class ThreadPool;
}

namespace ais::net {

class Connection;

/// One request, parsed. Views live as long as the exchange.
class HttpRequest {
 public:
  Method method = Method::kOther;
  std::string_view method_text;
  std::string_view target;  // as on the wire: path[?query]
  std::string_view path;    // raw, percent-encoded
  std::string_view query;   // raw, without '?'
  HeaderList headers;
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool expect_continue = false;
  bool keep_alive = true;
  bool http10 = false;
  /// True when a body follows (chunked, or content_length > 0).
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

/// The head of an answer under construction: status line and headers, written straight into a buffer of the loop.
class ResponseHead {
 public:
  /// Adds "name: value\r\n". CR, LF and NUL in the value are replaced by blanks: nothing a client sent can split an answer.
  ResponseHead& add(std::string_view name, std::string_view value);
  ResponseHead& add(std::string_view name, uint64_t value);
  /// Adds complete, already validated header lines ("A: b\r\nC: d\r\n"): for blocks prepared once and sent often.
  ResponseHead& add_block(std::string_view lines);

 private:
  friend class HttpExchange;
  explicit ResponseHead(std::string* out) : out_(out) {}
  std::string* out_;
};

/// One request and its answer. Valid until the handler's task ends. Loop thread only.
/// Exactly one of the respond functions is called (or begin_stream ... end_stream); a handler that ends without an answer gets
/// a 500. Content-Length, Date, Connection and Server are added here, never by callers.
/// What of the request's body was not read when the handler ends is discarded within a bound, then the connection is closed.
class HttpExchange {
 public:
  const HttpRequest& request() const;
  EventLoop& loop() const;
  /// "ip:port" of the peer, and of our end of the connection.
  std::string peer_address() const;
  std::string local_address() const;
  /// Reads body bytes in order; 0 = the end. Sends "100 Continue" first where the client waits for it.
  /// kConnectionClosed when the client left, kRequestTimeout when it stalled, kBadRequest on broken chunked framing.
  async::Task<Result<size_t>> read_body(std::span<char> buffer);
  /// The body as one string; kPayloadTooLarge beyond `limit`.
  async::Task<Result<std::string>> read_whole_body(size_t limit);
  /// Body bytes that came together with the head, without a copy and without waiting: the whole body when it is that small,
  /// else empty. Valid until the exchange ends.
  std::optional<std::string_view> whole_body_if_buffered();

  /// Starts an answer; add headers to what it returns, then call one of the senders.
  ResponseHead start(int status);
  /// Sends head and body (for HEAD: the head with the body's length only).
  async::Task<Status> send(std::string_view body);
  /// An answer without any body to a HEAD, whose Content-Length is `length` (nullopt: no Content-Length header at all).
  async::Task<Status> send_head_only(std::optional<uint64_t> length);
  /// Sends head and bytes [offset, offset + length) of `fd` by sendfile. Data not in the page cache is sent by `pool` (may be
  /// nullptr: always in the loop), so that a slow disk never stalls the loop. `fd` must stay open until the task ends.
  async::Task<Status> send_file(int fd, uint64_t offset, uint64_t length, sys::ThreadPool* pool);
  /// Streams a body of unknown length (chunked, or until close for HTTP/1.0): begin, any number of writes, end.
  async::Task<Status> begin_stream();
  async::Task<Status> write_stream(std::string_view bytes);
  async::Task<Status> end_stream();

  /// True once an answer was started.
  bool responded() const;
  /// True when the peer sends nothing more after the body: it has closed its side, or all. Asks the kernel. A client may do so and still
  /// wait for the answer; net::HttpClient never does. Any thread, while the exchange is served.
  bool peer_closed() const;
  /// Closes the connection after this exchange.
  void close_after();

 private:
  friend class Connection;
  explicit HttpExchange(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

/// Called on the connection's loop for each request.
using HttpHandler = std::function<async::Task<void>(HttpExchange&)>;

struct HttpServerOptions {
  std::string bind_address = "0.0.0.0";  // or "::", or a unix socket "unix:/path"
  uint16_t port = 0;                     // 0 = any free one
  int backlog = 4096;
  HttpLimits limits;
  Nanoseconds head_timeout = std::chrono::seconds(30);
  Nanoseconds stall_timeout = std::chrono::seconds(60);
  Nanoseconds idle_timeout = std::chrono::seconds(300);
  size_t connections_max = 65536;            // beyond: 503 with Retry-After and close
  uint64_t discard_bytes_max = 64ull << 20;  // of a body that no handler read
  Nanoseconds discard_timeout = std::chrono::seconds(5);
  Nanoseconds close_grace = std::chrono::seconds(10);  // for requests to notice that their connection is closed
  std::string server_name = "aistore";
};

struct HttpServerCounters {
  uint64_t connections_open = 0;
  uint64_t connections_accepted = 0;
  uint64_t connections_refused = 0;
  uint64_t requests = 0;
  uint64_t bad_requests = 0;
  uint64_t timeouts = 0;
};

class HttpServer {
 public:
  /// Binds, listens and starts accepting. `loops` must outlive the server.
  static Result<std::unique_ptr<HttpServer>> start(LoopGroup& loops, HttpServerOptions options, HttpHandler handler);
  /// Closes everything, as drain(0) does.
  ~HttpServer();
  uint16_t port() const;
  /// Stops accepting, closes connections between two requests and each other one after its answer. Any thread but a loop's, like all below.
  void begin_drain();
  /// Whether every connection ended within `limit`.
  bool wait_drained(Nanoseconds limit);
  /// begin_drain(), lets requests in flight end for at most `grace`, then closes everything. Requests that do not heed even that within
  /// `close_grace` are given up: the destructor does not wait for them again.
  void drain(Nanoseconds grace);
  HttpServerCounters counters() const;

 private:
  HttpServer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ais::net
