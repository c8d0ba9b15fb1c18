// Client: other people's HTTP and HTTPS servers (clouds, etcd, downloads, webhooks), by libcurl. What goes between our own programs is
// net::HttpClient's business (docs/rfcs/0002).
//
// One client per loop, used on its thread only. A name is resolved on a thread of libcurl's, so that nothing here blocks the loop.
// Connections are kept and used again. The loop outlives the client and every response.
//
// Errors. An answer of any status is a success: callers look at Response::status. Otherwise
//   kInvalid           a request that cannot be sent (URL, method, header), or a file of the TLS options that cannot be used
//   kConnectionFailed  no such name, refused, unreachable, a proxy's refusal, or TLS, e.g. a certificate that does not verify
//   kTimeout           connecting took too long, no byte moved for too long, or the whole did
//   kConnectionClosed  the server left in the middle, or cannot be sent the body a second time
//   kBadRequest        the server does not speak HTTP
//   kHeadersTooLarge, kPayloadTooLarge   an answer beyond Limits, or beyond read_all()'s
//   kUnavailable       end_exchanges() was called, or the client is gone
// and what a body's source failed with. Texts begin with "host:port: " and never hold a path, a query, a header or a password.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/loop.h"
#include "async/task.h"
#include "base/status.h"
#include "base/units.h"
#include "sys/clock.h"
#include "sys/random.h"

namespace ais::remote {

/// Header lines in their order. Names are compared without case.
class Headers {
 public:
  void add(std::string_view name, std::string_view value) { lines_.emplace_back(name, value); }
  /// The first of that name, or nullopt.
  std::optional<std::string_view> get(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return lines_; }
  void clear() { lines_.clear(); }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

/// A body that is made while it is sent.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// How many bytes there will be; nothing: nobody knows, and they are sent in chunks.
  virtual std::optional<uint64_t> length() const { return std::nullopt; }
  /// The next bytes, valid until the next call; empty at the end. An error ends the exchange with it. Must not wait for the answer.
  virtual async::Task<Result<std::string_view>> next() = 0;
  /// Back to the first byte, so that the request can be sent again; false where that cannot be.
  virtual bool rewind() { return false; }
};

/// Bytes first..last of the representation, both included; without last to its end.
struct ByteRange {
  uint64_t first = 0;
  std::optional<uint64_t> last;
};

/// How often a request is sent that found trouble, and when.
///
/// Repeated are: what had not begun to be sent, whatever the method; and GET, HEAD, PUT, DELETE and OPTIONS also after a connection
/// that broke or fell silent, and after 408, 429, 500, 502, 503 and 504. Never: once send() has returned, a certificate that does not
/// verify, a body whose source cannot be rewound. When the tries are used up, the last answer or error is the caller's.
struct Retries {
  int attempts = 3;                                          // altogether; 1 = nothing is repeated
  Nanoseconds first_delay = std::chrono::milliseconds(200);  // then doubled; each time a random part of it, at least half
  Nanoseconds delay_max = std::chrono::seconds(10);
  // The server's Retry-After replaces the delay. Where it is longer than this, or than what is left of Timeouts::whole, nobody waits:
  // the answer is the caller's.
  Nanoseconds retry_after_max = std::chrono::seconds(60);
};

struct Timeouts {
  Nanoseconds connect = std::chrono::seconds(10);  // name, TCP, proxy, TLS, and waiting for one of Options::connections_max
  Nanoseconds stall = std::chrono::seconds(60);    // no byte moved, either way, for so long (late by a quarter at most); a reader or
                                                   // source of ours that takes its time is no stall
  Nanoseconds whole{0};                            // from send() to the body's last byte, with all tries; 0 = without limit
};

/// Verification is on unless turned off. Paths of PEM files.
struct TlsOptions {
  std::string ca_file;  // both empty: the system's authorities
  std::string ca_directory;
  std::string client_certificate;
  std::string client_key;
  bool verify = true;  // chain and host name
};

struct Request {
  std::string method = "GET";
  // http:// or https://, percent-encoded, sent as it is ("/a/../b" too). One with a user or password in it is refused: those belong into
  // a header. A fragment is not sent.
  std::string url;
  Headers headers;                 // besides Host, Accept, Content-Length and Transfer-Encoding; the last two are refused here
  std::string_view body;           // must live until send() returns
  BodySource* source = nullptr;    // instead of `body`; must live until send() returns, which waits for the end of its next()
  std::optional<ByteRange> range;  // a server may ignore it: 206 is the part, 200 the whole
  Timeouts timeouts;
  Retries retries;
  // 301, 302, 303, 307 and 308 are followed so often; beyond, the redirect is an error (kUnexpectedStatus). 0: it is the answer.
  // From https to http is refused. To another scheme, host or port go no headers but Accept*, Content-*, If-*, Range and User-Agent:
  // no credential of any name. A body is sent again, unless POST becomes GET (301, 302, 303).
  int redirects_max = 5;
};

/// Of a client: what its connections have in common.
struct Options {
  TlsOptions tls;
  // "": what the environment says (http_proxy, https_proxy, no_proxy); "none"; or a URL (http, https, socks5h), with a user if need be.
  std::string proxy;
  // HTTP/2, where an https server has it. Many small exchanges then share a connection; but one response that is not read holds up the
  // others of its connection, so not for large bodies.
  bool http2 = false;
  std::string user_agent = "ais";
  size_t connections_max = 64;  // in use and kept for later, together; further requests wait
  size_t head_bytes_max = 64 * 1024;
  size_t buffer_bytes = 256 * 1024;  // received and not yet read, per response (and up to 16 KiB more in libcurl); then the socket waits
};

class Transfer;

/// The answer: its head at once, its body as it is read. Destroying it before the body's end ends the exchange and its connection.
class Response {
 public:
  Response(Response&&) noexcept;
  Response& operator=(Response&&) noexcept;
  ~Response();

  int status() const;
  const Headers& headers() const;
  /// Of the body, where the server said it.
  std::optional<uint64_t> content_length() const;
  /// Up to buffer.size() bytes of the body, in order; 0 = its end. While nobody reads, no more than Options::buffer_bytes are received.
  async::Task<Result<size_t>> read(std::span<char> buffer);
  /// The rest of the body; kPayloadTooLarge beyond `limit` bytes.
  async::Task<Result<std::string>> read_all(size_t limit);

 private:
  friend class Client;
  explicit Response(std::unique_ptr<Transfer> transfer);
  std::unique_ptr<Transfer> transfer_;
};

class Client {
 public:
  /// `random` is for the jitter of retries, `clock` for a Retry-After that is a date; the clock outlives the client. kUnsupported: the
  /// loop watches no descriptors, or this libcurl resolves names on the caller's thread.
  static Result<std::unique_ptr<Client>> create(async::Loop& loop, Options options = {}, sys::Random random = sys::Random(),
                                                sys::Clock& clock = sys::real_clock());
  /// As end_exchanges().
  ~Client();

  /// Sends the request, follows redirects, repeats what may be repeated, and returns when the final answer's head is there and the body
  /// is sent.
  async::Task<Result<Response>> send(Request request);
  /// Exchanges under way end with kUnavailable, bodies that are being read too, and so does every later one.
  void end_exchanges();
  /// Connections made since the beginning: those that were not used again show here.
  uint64_t connections_made() const;

 private:
  struct Impl;
  explicit Client(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace ais::remote
