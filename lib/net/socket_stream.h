// SocketStream: one non-blocking socket on one loop, as server and client connections share it.
//
// It is registered once, edge-triggered, for reading, writing and the peer's half-close; afterwards no system call but those
// that move bytes. What the edges said is kept in flags: a call that would block clears its flag, the next edge sets it.
// At most one coroutine waits at a time. Loop thread only.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/status.h"
#include "net/event_loop.h"

struct event;

namespace ais::net {

/// Bytes to be sent from up to four places with as few calls as possible.
class Gather {
 public:
  void add(std::string_view bytes) {
    if (bytes.empty()) return;
    parts_[count_].iov_base = const_cast<char*>(bytes.data());
    parts_[count_++].iov_len = bytes.size();
  }
  bool done() const { return first_ == count_; }
  bool has_begun() const { return begun_; }
  iovec* parts() { return parts_ + first_; }
  size_t count() const { return count_ - first_; }
  void sent(size_t bytes);

 private:
  iovec parts_[4];
  size_t first_ = 0;
  size_t count_ = 0;
  bool begun_ = false;
};

class SocketStream {
 public:
  static constexpr unsigned kRead = 1;
  static constexpr unsigned kWrite = 2;
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  enum class Interrupt : uint8_t { kNone, kTimeout, kClosed };
  enum class Sent : uint8_t { kAll, kBlocked, kFailed };

  explicit SocketStream(EventLoop& loop) : loop_(loop) {}
  virtual ~SocketStream();
  SocketStream(const SocketStream&) = delete;

  /// Takes ownership of the descriptor and registers it.
  Status attach(int fd);
  /// Closes the descriptor; another one may be attached.
  void detach();
  EventLoop& loop() const { return loop_; }
  int fd() const { return fd_; }

  /// recv() once. >= 0 bytes (0 = end of stream); -1 with errno EAGAIN or an error.
  ssize_t receive(char* buffer, size_t size);
  /// The same, for the last `size` bytes that are expected: asks for one byte more, so that a read of all of them is seen to have
  /// emptied the queue. Returns size + 1 when the peer sent more than that; the byte too many is lost.
  ssize_t receive_last(char* buffer, size_t size);
  /// receive(), but the bytes are thrown away (`scratch` is used where the kernel cannot do so).
  ssize_t receive_and_discard(size_t size, char* scratch, size_t scratch_size);
  /// Sends until done, blocked or failed. `flags` are send() flags on top of MSG_NOSIGNAL.
  Sent send_gather(Gather& gather, int flags);
  /// A receive() is worth trying: nothing yet said that the queue is empty.
  bool readable() const { return readable_; }
  /// The same, but a short read counts as the queue's end. It is one but for a reset that came along with the bytes, so this is
  /// for connections that wait for nothing in particular.
  bool has_input() const { return readable_ && !drained_; }
  /// Whether bytes, the stream's end or an error really wait. A system call, but only where the flags do not know: after a read that
  /// was filled to its last byte.
  bool check_input() { return has_input() && peek_input(); }
  /// The same, always asked of the kernel.
  bool peek_input();
  /// To be called when everything was sent since the last read: what comes now is a new edge, or one that was seen already, so a read
  /// that found the queue empty before need not be repeated. (A reset that came along with those bytes would have made the sending fail.)
  void expect_answer() {
    if (drained_) readable_ = false;
  }
  bool peer_closed() const { return peer_closed_; }
  /// Whether the stream's end or an error is what comes next: the kernel knows before its event is there.
  bool peek_end() const;
  /// To be called before another thread writes to the socket: an edge that comes meanwhile must not be forgotten.
  void expect_blocked_write() { writable_ = false; }
  void assume_writable() { writable_ = true; }

  /// co_await wait(kRead | kWrite): until one of them is likely to succeed, or interrupted().
  struct WaitAwaiter {
    SocketStream& stream;
    unsigned mask;
    bool await_ready() const noexcept { return stream.is_ready(mask); }
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume() const noexcept {}
  };
  WaitAwaiter wait(unsigned mask) { return WaitAwaiter{*this, mask}; }

  Interrupt interrupted() const { return interrupt_; }
  /// Ends waiting now and, for kClosed, for good.
  void interrupt(Interrupt reason);
  void clear_timeout() {
    if (interrupt_ == Interrupt::kTimeout) interrupt_ = Interrupt::kNone;
  }

  /// Monotonic nanoseconds after which the owner's scan interrupts this stream.
  int64_t deadline_ns = kNever;

 protected:
  /// An edge or interruption that no coroutine waited for. May destroy the stream.
  virtual void on_unawaited_event() {}
  bool has_waiter() const { return static_cast<bool>(waiter_); }

 private:
  static void on_event(int fd, short what, void* argument);
  void note_received(ssize_t n, size_t size);
  bool is_ready(unsigned mask) const {
    return interrupt_ != Interrupt::kNone || ((mask & kRead) && readable_) || ((mask & kWrite) && writable_);
  }

  EventLoop& loop_;
  event* event_ = nullptr;
  std::coroutine_handle<> waiter_;
  int fd_ = -1;
  uint8_t wait_mask_ = 0;
  Interrupt interrupt_ = Interrupt::kNone;
  bool is_unix_ = false;
  bool readable_ = false;
  bool drained_ = false;  // the last read was short and no edge came since
  bool writable_ = false;
  bool peer_closed_ = false;
};

}  // namespace ais::net
