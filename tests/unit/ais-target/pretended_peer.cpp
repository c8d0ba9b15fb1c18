#include "unit/ais-target/pretended_peer.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "meta/placement.h"

namespace ais::target {
namespace {
constexpr int kPatienceMs = 30'000;

bool readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return ::poll(&watched, 1, kPatienceMs) == 1;
}
}  // namespace

PretendedPeer::PretendedPeer(std::string id) : id_(std::move(id)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool listens = ::bind(listening_, reinterpret_cast<const sockaddr*>(&address), size) == 0 && ::listen(listening_, 16) == 0 &&
                       ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  EXPECT_TRUE(listens);
  port_ = ntohs(address.sin_port);
}

PretendedPeer::~PretendedPeer() {
  break_off();
  ::close(listening_);
}

meta::Node PretendedPeer::node() const {
  meta::Node node;
  node.id = id_;
  node.digest = meta::placement_digest(id_);
  node.public_net = node.control_net = node.data_net = meta::NetEndpoint{.host = "127.0.0.1", .port = port_};
  return node;
}

std::string PretendedPeer::accept_head() {
  break_off();
  if (!readable(listening_)) return "";
  connection_ = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
  size_t end;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    char buffer[4096];
    const ssize_t n = readable(connection_) ? ::recv(connection_, buffer, sizeof buffer, 0) : -1;
    if (n <= 0) return "";
    received_.append(buffer, static_cast<size_t>(n));
  }
  const std::string head = received_.substr(0, end + 4);
  received_.erase(0, end + 4);
  return head;
}

std::string PretendedPeer::read_body(size_t bytes) {
  while (received_.size() < bytes) {
    char buffer[65536];
    const ssize_t n = readable(connection_) ? ::recv(connection_, buffer, sizeof buffer, 0) : -1;
    if (n <= 0) break;
    received_.append(buffer, static_cast<size_t>(n));
  }
  const std::string taken = received_.substr(0, bytes);
  received_.erase(0, taken.size());
  return taken;
}

void PretendedPeer::answer(int status, const std::string& type_code, const std::string& message) {
  const std::string body = type_code.empty() ? "" : R"({"tcode":")" + type_code + R"(","message":")" + message + R"("})";
  const std::string text = "HTTP/1.1 " + std::to_string(status) + " Pretended\r\nContent-Length: " + std::to_string(body.size()) +
                           "\r\nConnection: close\r\n\r\n" + body;
  EXPECT_EQ(::send(connection_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

void PretendedPeer::break_off() {
  if (connection_ >= 0) ::close(connection_);
  connection_ = -1;
  received_.clear();
}

}  // namespace ais::target
