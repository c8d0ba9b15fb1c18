#include "net/socket_stream.h"

#include <errno.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "net/socket.h"

namespace ais::net {

void Gather::sent(size_t bytes) {
  begun_ |= bytes > 0;
  while (bytes > 0) {
    iovec& part = parts_[first_];
    size_t take = std::min(bytes, part.iov_len);
    part.iov_base = static_cast<char*>(part.iov_base) + take;
    part.iov_len -= take;
    bytes -= take;
    if (part.iov_len == 0) ++first_;
  }
}

SocketStream::~SocketStream() {
  AIS_ASSERT_MSG(!waiter_, "a connection is destroyed under a coroutine that waits for it");
  detach();
}

void SocketStream::detach() {
  if (event_) event_free(event_);
  if (fd_ >= 0) close(fd_);
  event_ = nullptr;
  fd_ = -1;
  readable_ = drained_ = writable_ = peer_closed_ = false;
}

Status SocketStream::attach(int fd) {
  fd_ = fd;
  int domain = 0;
  socklen_t size = sizeof(domain);
  getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size);
  is_unix_ = domain == AF_UNIX;
  event_ = event_new(loop_.base(), fd, EV_READ | EV_WRITE | EV_CLOSED | EV_PERSIST | EV_ET, &SocketStream::on_event, this);
  if (!event_ || event_add(event_, nullptr) != 0) return make_status(Code::kInternal, "cannot watch a socket");
  return {};
}

void SocketStream::on_event(int, short what, void* argument) {
  auto* self = static_cast<SocketStream*>(argument);
  if (what & EV_CLOSED) self->peer_closed_ = true;
  if (what & (EV_READ | EV_CLOSED)) {
    self->readable_ = true;
    self->drained_ = false;
  }
  if (what & EV_WRITE) self->writable_ = true;
  if (!self->waiter_) {
    self->on_unawaited_event();
    return;
  }
  if (self->is_ready(self->wait_mask_)) std::exchange(self->waiter_, nullptr).resume();
}

void SocketStream::WaitAwaiter::await_suspend(std::coroutine_handle<> handle) noexcept {
  AIS_ASSERT_MSG(!stream.waiter_, "two coroutines wait for one connection");
  stream.waiter_ = handle;
  stream.wait_mask_ = static_cast<uint8_t>(mask);
}

void SocketStream::interrupt(Interrupt reason) {
  if (interrupt_ == Interrupt::kClosed) return;
  interrupt_ = reason;
  deadline_ns = kNever;
  // Through the loop, not directly: the caller may be walking a list that the resumed code changes.
  if (event_) event_active(event_, EV_TIMEOUT, 1);
}

void SocketStream::note_received(ssize_t n, size_t size) {
  if (n < 0) readable_ = false;
  // What comes after a short read is a new edge. A half-close seen before is none: its end must still be read.
  drained_ = n >= 0 && static_cast<size_t>(n) < size && !peer_closed_;
}

ssize_t SocketStream::receive(char* buffer, size_t size) {
  ssize_t n;
  do n = recv(fd_, buffer, size, 0);
  while (n < 0 && errno == EINTR);
  note_received(n, size);
  return n;
}

ssize_t SocketStream::receive_last(char* buffer, size_t size) {
  char surplus;
  iovec parts[2] = {{buffer, size}, {&surplus, 1}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  ssize_t n;
  do n = recvmsg(fd_, &message, 0);
  while (n < 0 && errno == EINTR);
  note_received(n, size + 1);
  return n;
}

bool SocketStream::peek_end() const {
  char byte;
  ssize_t n;
  do n = recv(fd_, &byte, 1, MSG_PEEK);
  while (n < 0 && errno == EINTR);
  return n == 0 || (n < 0 && errno != EAGAIN);
}

bool SocketStream::peek_input() {
  char byte;
  ssize_t n;
  do n = recv(fd_, &byte, 1, MSG_PEEK);
  while (n < 0 && errno == EINTR);
  bool is_empty = n < 0 && errno == EAGAIN;
  if (is_empty) readable_ = false;
  return !is_empty;
}

ssize_t SocketStream::receive_and_discard(size_t size, char* scratch, size_t scratch_size) {
  if (is_unix_) return receive(scratch, std::min(size, scratch_size));
  ssize_t n;
  do n = discard_received(fd_, size);
  while (n < 0 && errno == EINTR);
  note_received(n, size);
  return n;
}

SocketStream::Sent SocketStream::send_gather(Gather& gather, int flags) {
  while (!gather.done()) {
    ssize_t n;
    if (gather.count() == 1) {
      n = send(fd_, gather.parts()->iov_base, gather.parts()->iov_len, flags | MSG_NOSIGNAL);
    } else {
      msghdr message{};
      message.msg_iov = gather.parts();
      message.msg_iovlen = gather.count();
      n = sendmsg(fd_, &message, flags | MSG_NOSIGNAL);
    }
    if (n >= 0) {
      gather.sent(static_cast<size_t>(n));
      continue;
    }
    if (errno == EINTR) continue;
    writable_ = false;
    return errno == EAGAIN ? Sent::kBlocked : Sent::kFailed;
  }
  return Sent::kAll;
}

}  // namespace ais::net
