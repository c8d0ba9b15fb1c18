#include "unit/ais-target/http_probe.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/strings.h"

namespace ais::target {

std::string Answer::header(const std::string& name) const {
  const auto it = headers.find(name);
  return it == headers.end() ? "" : it->second;
}

std::vector<std::string> Answer::all(const std::string& name) const {
  std::vector<std::string> values;
  const auto [begin, end] = headers.equal_range(name);
  for (auto it = begin; it != end; ++it) values.push_back(it->second);
  return values;
}

HttpProbe::HttpProbe(uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ADD_FAILURE() << "connect to port " << port;
  const timeval patience{30, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

HttpProbe::~HttpProbe() { close_now(); }

void HttpProbe::close_now() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void HttpProbe::shutdown_sending() { ::shutdown(fd_, SHUT_WR); }

void HttpProbe::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the peer answered early and closed: the answer tells
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

bool HttpProbe::fill() {
  char buffer[65536];
  const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
  if (n <= 0) return false;
  received_.append(buffer, static_cast<size_t>(n));
  return true;
}

Answer HttpProbe::read_answer(bool head) {
  size_t end;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return {};
  const std::string text = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  Answer answer;
  answer.status = std::atoi(text.c_str() + text.find(' '));
  size_t position = text.find("\r\n") + 2;
  while (position < text.size()) {
    const size_t line_end = text.find("\r\n", position);
    const std::string line = text.substr(position, line_end - position);
    const size_t colon = line.find(':');
    answer.headers.emplace(to_lower(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
    position = line_end + 2;
  }
  if (answer.status == 100) return read_answer(head);
  if (head) return answer;
  const size_t length = parse_uint(answer.header("content-length")).value_or(0);
  while (received_.size() < length)
    if (!fill()) break;
  answer.body = received_.substr(0, length);
  received_.erase(0, answer.body.size());
  return answer;
}

Answer HttpProbe::call(std::string_view method, std::string_view target, std::string_view body, std::string_view headers) {
  std::string request = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers);
  if (!body.empty() || method == "PUT") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n";
  request.append(body);
  send_raw(request);
  return read_answer(method == "HEAD");
}

}  // namespace ais::target
