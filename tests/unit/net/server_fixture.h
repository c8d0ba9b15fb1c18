// A server on a free port and raw sockets to talk to it: what tests of the wire need.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "net/event_loop.h"
#include "net/http_server.h"

namespace ais::net::test {

/// A blocking TCP connection. Reads give up after ten seconds: then the test fails instead of hanging.
class RawSocket {
 public:
  explicit RawSocket(uint16_t port);
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  /// False when the peer does not take it any more.
  bool send(std::string_view bytes);
  /// Everything until the peer closes.
  std::string read_to_end();
  /// Until `text` has been received (inclusive); what came is kept for the next call.
  std::string read_until(std::string_view text);
  std::string read_exactly(size_t size);
  /// One answer with Content-Length: head and body.
  std::string read_answer();
  void shutdown_write();
  /// True when the peer closed (or reset) within ten seconds and sent nothing before.
  bool is_closed();
  void close_now();
  int fd() const { return fd_; }

 private:
  bool fill();
  int fd_ = -1;
  std::string pending_;
};

int status_of(std::string_view answer);
std::string body_of(const std::string& answer);

/// Answers "<method> <target>" and reads no body.
async::Task<void> echo_target(HttpExchange& exchange);
/// Answers with the request's body, at most 1 MiB.
async::Task<void> echo_body(HttpExchange& exchange);

class ServerTest : public ::testing::Test {
 protected:
  void start(HttpHandler handler, size_t loops = 1);
  void TearDown() override;
  /// Sends one request on a connection of its own and returns all that comes until the server closes.
  std::string exchange(std::string_view request);

  HttpServerOptions options;
  std::unique_ptr<LoopGroup> loops;
  std::unique_ptr<HttpServer> server;
};

}  // namespace ais::net::test
