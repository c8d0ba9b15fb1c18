// Small socket operations shared by server and client. Descriptors here are plain ints owned by the caller.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace ais::net {

/// A non-blocking listening socket on a numeric address ("0.0.0.0", "::1") or "unix:/path" (a stale socket file is replaced).
Result<int> listen_on(const std::string& address, uint16_t port, int backlog);

/// "ip:port", "[v6]:port" or "unix" of a socket's peer or own end; "" when it cannot be told any more.
std::string peer_text(int fd);
std::string local_text(int fd);
/// Port of a bound TCP socket, 0 for others.
uint16_t local_port(int fd);

struct SocketAddress {
  sockaddr_storage storage;
  socklen_t size = 0;
};
/// Addresses of a numeric host, "localhost" or a unix path, without asking anybody; empty when a name has to be resolved.
std::vector<SocketAddress> immediate_addresses(const std::string& host, uint16_t port, const std::string& unix_path);
/// Asks the resolver; blocks.
Result<std::vector<SocketAddress>> resolve(const std::string& host, uint16_t port);
/// A non-blocking socket on which connect() was called; 0 or EINPROGRESS is in `error_number`.
Result<int> start_connect(const SocketAddress& address);

/// Sends answers at once instead of waiting for more.
void set_nodelay(int fd);
/// Makes close() of this socket a reset, so that the peer cannot take a truncated answer for a whole one.
void set_reset_on_close(int fd);
/// Discards up to `size` received bytes inside the kernel (TCP only). As recv().
ssize_t discard_received(int fd, size_t size);
/// A peer that is gone must be an error of the call, not a signal to the process (sendfile has no flag for it).
void ignore_sigpipe();

}  // namespace ais::net
