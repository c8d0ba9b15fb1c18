#include "net/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace ais::net {
namespace {

bool numeric_address(const std::string& host, uint16_t port, SocketAddress& out) {
  memset(&out.storage, 0, sizeof(out.storage));
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    out.size = sizeof(*v4);
    return true;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) != 1) return false;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  out.size = sizeof(*v6);
  return true;
}

bool unix_address(const std::string& path, SocketAddress& out) {
  memset(&out.storage, 0, sizeof(out.storage));
  auto* address = reinterpret_cast<sockaddr_un*>(&out.storage);
  if (path.empty() || path.size() >= sizeof(address->sun_path)) return false;
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path.c_str(), path.size() + 1);
  out.size = sizeof(*address);
  return true;
}

// A socket file that nobody listens on is left over from a process that died.
void remove_stale_socket(const SocketAddress& address, const std::string& path) {
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return;
  int rc = connect(probe, reinterpret_cast<const sockaddr*>(&address.storage), address.size);
  if (rc != 0 && errno == ECONNREFUSED) unlink(path.c_str());
  close(probe);
}

std::string text_of(const sockaddr_storage& storage) {
  char text[INET6_ADDRSTRLEN] = {};
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
    return std::string(text) + ":" + std::to_string(ntohs(v4.sin_port));
  }
  if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
      inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text, sizeof(text));
      return std::string(text) + ":" + std::to_string(ntohs(v6.sin6_port));
    }
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
    return "[" + std::string(text) + "]:" + std::to_string(ntohs(v6.sin6_port));
  }
  return "unix";
}

}  // namespace

Result<int> listen_on(const std::string& address, uint16_t port, int backlog) {
  constexpr std::string_view kUnixPrefix = "unix:";
  bool is_unix = address.starts_with(kUnixPrefix);
  SocketAddress where;
  std::string path = is_unix ? address.substr(kUnixPrefix.size()) : std::string();
  if (is_unix ? !unix_address(path, where) : !numeric_address(address, port, where))
    return make_status(Code::kInvalid, "cannot listen on \"%s\": not a numeric address or unix:/path", address.c_str());
  if (is_unix) remove_stale_socket(where, path);
  int fd = socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return Status::from_errno(errno, "socket");
  int on = 1;
  if (!is_unix) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(fd, reinterpret_cast<const sockaddr*>(&where.storage), where.size) != 0 || listen(fd, backlog) != 0) {
    Status status = Status::from_errno(errno, "listen on " + address + ":" + std::to_string(port));
    close(fd);
    return status;
  }
  return fd;
}

std::string peer_text(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  return getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &size) == 0 ? text_of(storage) : std::string();
}

std::string local_text(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  return getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) == 0 ? text_of(storage) : std::string();
}

uint16_t local_port(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
  if (storage.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(storage).sin_port);
  if (storage.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6&>(storage).sin6_port);
  return 0;
}

std::vector<SocketAddress> immediate_addresses(const std::string& host, uint16_t port, const std::string& unix_path) {
  SocketAddress address;
  if (!unix_path.empty()) {
    if (unix_address(unix_path, address)) return {address};
    return {};
  }
  if (host == "localhost") {
    std::vector<SocketAddress> both;
    for (const char* loopback : {"127.0.0.1", "::1"})
      if (numeric_address(loopback, port, address)) both.push_back(address);
    return both;
  }
  if (numeric_address(host, port, address)) return {address};
  return {};
}

Result<std::vector<SocketAddress>> resolve(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error != 0) return make_status(Code::kConnectionFailed, "cannot resolve %s: %s", host.c_str(), gai_strerror(error));
  std::vector<SocketAddress> addresses;
  for (addrinfo* item = list; item; item = item->ai_next) {
    SocketAddress address;
    memcpy(&address.storage, item->ai_addr, item->ai_addrlen);
    address.size = item->ai_addrlen;
    addresses.push_back(address);
  }
  freeaddrinfo(list);
  return addresses;
}

Result<int> start_connect(const SocketAddress& address) {
  int fd = socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return Status::from_errno(errno, "socket");
  if (address.storage.ss_family != AF_UNIX) set_nodelay(fd);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 && errno != EINPROGRESS) {
    Status status = make_status(Code::kConnectionFailed, "connect to %s: %s", text_of(address.storage).c_str(), strerror(errno));
    close(fd);
    return status;
  }
  return fd;
}

void set_nodelay(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void set_reset_on_close(int fd) {
  linger reset{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

ssize_t discard_received(int fd, size_t size) {
  // Not through recv(): with MSG_TRUNC the kernel wants no buffer, which wrappers that check buffers do not know.
  return syscall(SYS_recvfrom, fd, nullptr, size, MSG_TRUNC, nullptr, nullptr);
}

void ignore_sigpipe() {
  struct sigaction current;
  if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
}

}  // namespace ais::net
