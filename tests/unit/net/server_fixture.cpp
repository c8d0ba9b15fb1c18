#include "unit/net/server_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace ais::net::test {

RawSocket::RawSocket(uint16_t port) {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval limit{10, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
}

RawSocket::~RawSocket() { close_now(); }

void RawSocket::close_now() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

bool RawSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

bool RawSocket::fill() {
  char buffer[65536];
  ssize_t n = recv(fd_, buffer, sizeof(buffer), 0);
  if (n <= 0) {
    EXPECT_FALSE(n < 0 && errno == EAGAIN) << "nothing came for ten seconds; so far: " << pending_.substr(0, 300);
    return false;
  }
  pending_.append(buffer, static_cast<size_t>(n));
  return true;
}

std::string RawSocket::read_to_end() {
  while (fill()) {
  }
  return std::exchange(pending_, {});
}

std::string RawSocket::read_until(std::string_view text) {
  size_t found;
  while ((found = pending_.find(text)) == std::string::npos)
    if (!fill()) return std::exchange(pending_, {});
  return read_exactly(found + text.size());
}

std::string RawSocket::read_exactly(size_t size) {
  while (pending_.size() < size && fill()) {
  }
  std::string result = pending_.substr(0, size);
  pending_.erase(0, size);
  return result;
}

std::string RawSocket::read_answer() {
  std::string head = read_until("\r\n\r\n");
  size_t length = head.find("Content-Length: ");
  if (length == std::string::npos) return head;
  return head + read_exactly(std::stoul(head.substr(length + 16)));
}

void RawSocket::shutdown_write() { shutdown(fd_, SHUT_WR); }

bool RawSocket::is_closed() { return !fill() && pending_.empty(); }

int status_of(std::string_view answer) {
  if (answer.size() < 12 || !answer.starts_with("HTTP/1.1 ")) return 0;
  return std::stoi(std::string(answer.substr(9, 3)));
}

std::string body_of(const std::string& answer) {
  size_t head = answer.find("\r\n\r\n");
  return head == std::string::npos ? std::string() : answer.substr(head + 4);
}

async::Task<void> echo_target(HttpExchange& exchange) {
  exchange.start(200);
  std::string text = std::string(exchange.request().method_text) + " " + std::string(exchange.request().target);
  Status sent = co_await exchange.send(text);
  (void)sent.ok();
}

async::Task<void> echo_body(HttpExchange& exchange) {
  Result<std::string> body = co_await exchange.read_whole_body(1 << 20);
  exchange.start(body.ok() ? 200 : body.status().http_status());
  std::string text = body.ok() ? *body : body.status().message();
  Status sent = co_await exchange.send(text);
  (void)sent.ok();
}

void ServerTest::start(HttpHandler handler, size_t loop_count) {
  options.bind_address = "127.0.0.1";
  auto started_loops = LoopGroup::start("test", loop_count);
  ASSERT_TRUE(started_loops.ok());
  loops = std::move(*started_loops);
  auto started = HttpServer::start(*loops, options, std::move(handler));
  ASSERT_TRUE(started.ok()) << started.status().to_string();
  server = std::move(*started);
}

void ServerTest::TearDown() {
  server.reset();
  loops.reset();
}

std::string ServerTest::exchange(std::string_view request) {
  RawSocket socket(server->port());
  socket.send(request);
  return socket.read_to_end();
}

}  // namespace ais::net::test
