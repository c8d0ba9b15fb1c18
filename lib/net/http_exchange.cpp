// HttpRequest, ResponseHead and HttpExchange: the handlers' view of a Connection. Bodies in, answers out.
#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "async/offload.h"
#include "base/assert.h"
#include "base/strings.h"
#include "net/connection.h"
#include "net/http_server.h"
#include "net/page_cache.h"
#include "net/socket.h"
#include "sys/thread_pool.h"

namespace ais::net {
namespace {

constexpr size_t kFirstBodyBytes = 64 * 1024;

// Below this a copy into the head's buffer is cheaper than a second part of the message.
constexpr size_t kCopyBodyBytes = 2048;

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_decimal(out, static_cast<uint64_t>(status));
  out += ' ';
  out += reason_phrase(status);
  out += "\r\n";
}

bool status_has_body(int status) { return status >= 200 && status != 204 && status != 304; }

// What no header value may have (RFC 9110, 5.5); a line end would begin another header.
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

// What one connection may send before others have their turn; more gains nothing.
constexpr uint64_t kTurnBytes = 2 << 20;

// Up to here one read behind the head and one send cost less than a send, a look at the page cache and a sendfile (measured at
// 4 KiB: 0.86 against 0.94 of nginx's CPU; at 16 KiB sendfile wins).
constexpr uint64_t kCopiedFileBytes = 8 << 10;

// Appends the range to `out` if it can be read whole without waiting for a disk; else leaves `out` as it was.
bool append_cached_file(std::string& out, int file, uint64_t offset, uint64_t length) {
  const size_t head_size = out.size();
  out.resize(head_size + length);
  iovec part{out.data() + head_size, static_cast<size_t>(length)};
  if (preadv2(file, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT) == static_cast<ssize_t>(length)) return true;
  out.resize(head_size);
  return false;
}

struct FilePiece {
  uint64_t sent = 0;
  int error_number = 0;  // EAGAIN: the socket is full; ENODATA: the file ended early
};

// Sends until `length` bytes, a full socket or an error.
FilePiece send_piece(int socket, int file, uint64_t offset, uint64_t length) {
  FilePiece piece;
  while (piece.sent < length) {
    off_t position = static_cast<off_t>(offset + piece.sent);
    ssize_t n = sendfile(socket, file, &position, static_cast<size_t>(length - piece.sent));
    if (n > 0) {
      piece.sent += static_cast<uint64_t>(n);
    } else if (n == 0) {
      piece.error_number = ENODATA;
      break;
    } else if (errno != EINTR) {
      piece.error_number = errno;
      break;
    }
  }
  return piece;
}

// Runs on the pool's thread: the disk blocks it, the socket does not.
struct ColdSend {
  int socket;
  int file;
  uint64_t offset;
  uint64_t length;
  FilePiece operator()() const { return send_piece(socket, file, offset, length); }
};

}  // namespace

ResponseHead& ResponseHead::add(std::string_view name, std::string_view value) {
  *out_ += name;
  *out_ += ": ";
  size_t start = out_->size();
  *out_ += value;
  for (size_t i = start; i < out_->size(); ++i) {
    char& c = (*out_)[i];
    if (is_control(c)) c = ' ';
  }
  *out_ += "\r\n";
  return *this;
}

ResponseHead& ResponseHead::add(std::string_view name, uint64_t value) {
  *out_ += name;
  *out_ += ": ";
  append_decimal(*out_, value);
  *out_ += "\r\n";
  return *this;
}

ResponseHead& ResponseHead::add_block(std::string_view lines) {
  *out_ += lines;
  return *this;
}

// --- HttpExchange ----------------------------------------------------------------------------------------------------------------

const HttpRequest& HttpExchange::request() const { return connection_->state_->request; }

EventLoop& HttpExchange::loop() const { return connection_->loop(); }

std::string HttpExchange::peer_address() const { return peer_text(connection_->fd()); }

std::string HttpExchange::local_address() const { return local_text(connection_->fd()); }

bool HttpExchange::peer_closed() const { return connection_->peek_end(); }

bool HttpExchange::responded() const { return connection_->state_->answer != ExchangeState::Answer::kNone; }

void HttpExchange::close_after() { connection_->state_->keep_alive = false; }

ResponseHead HttpExchange::start(int status) { return ResponseHead(connection_->start_answer(status)); }

// --- the request's body ----------------------------------------------------------------------------------------------------------

async::Task<Result<size_t>> HttpExchange::read_body(std::span<char> buffer) {
  Connection& connection = *connection_;
  ExchangeState& state = *connection.state_;
  if (state.body_done || buffer.empty()) co_return size_t{0};
  if (state.body_failed) co_return make_status(Code::kConnectionClosed, "the request's body ended early");
  bool must_continue = state.request.expect_continue && !state.continue_sent && state.input.size() == 0;
  if (must_continue && state.answer == ExchangeState::Answer::kNone) {
    Status sent = co_await connection.send_continue();
    if (!sent.ok()) co_return sent;
  }
  while (true) {
    Connection::BodyPiece piece = connection.next_body(buffer);
    if (piece.kind == Connection::BodyPiece::kData || piece.kind == Connection::BodyPiece::kEnd) co_return piece.bytes;
    if (piece.kind == Connection::BodyPiece::kBad) co_return connection.body_failed(Code::kBadRequest, "malformed chunked body");
    if (piece.kind == Connection::BodyPiece::kClosed)
      co_return connection.body_failed(Code::kConnectionClosed, "the client left in the middle of its body");
    connection.deadline_ns = connection.home_.deadline_after(connection.shared_->options.stall_timeout);
    co_await connection.wait(SocketStream::kRead);
    connection.deadline_ns = SocketStream::kNever;
    if (connection.interrupted() == SocketStream::Interrupt::kTimeout) {
      connection.clear_timeout();
      ServerLoop::bump(connection.home_.timeouts);
      co_return connection.body_failed(Code::kRequestTimeout, "the client stopped sending its body");
    }
    if (connection.interrupted() == SocketStream::Interrupt::kClosed)
      co_return connection.body_failed(Code::kConnectionClosed, "the connection is being closed");
  }
}

async::Task<Result<std::string>> HttpExchange::read_whole_body(size_t limit) {
  Connection& connection = *connection_;
  uint64_t expected = connection.state_->request.content_length.value_or(kFirstBodyBytes);
  if (connection.state_->request.content_length && expected > limit)
    co_return make_status(Code::kPayloadTooLarge, "body of %lu bytes, the limit is %zu", expected, limit);
  // One byte above the limit tells whether there is more. Memory follows what came, not what was announced.
  size_t most = limit < SIZE_MAX ? limit + 1 : limit;
  std::string body(std::min<size_t>({expected, kFirstBodyBytes, most}), '\0');
  size_t used = 0;
  while (!connection.state_->body_done) {
    if (used == body.size()) body.resize(std::min(std::max<size_t>(used * 2, 1), most));
    std::span<char> room(body.data() + used, body.size() - used);
    Result<size_t> n = co_await read_body(room);
    if (!n.ok()) co_return std::move(n).take_status();
    used += *n;
    if (used > limit) co_return make_status(Code::kPayloadTooLarge, "body is larger than the limit of %zu bytes", limit);
  }
  body.resize(used);
  co_return body;
}

std::optional<std::string_view> HttpExchange::whole_body_if_buffered() {
  Connection& connection = *connection_;
  ExchangeState& state = *connection.state_;
  if (!state.request.has_body()) return std::string_view();
  bool is_whole = state.request.content_length && state.body_left == *state.request.content_length && !state.body_done;
  if (!is_whole || state.input.size() < state.body_left) return std::nullopt;
  std::string_view body(state.input.begin(), static_cast<size_t>(state.body_left));
  state.input.consumed(body.size());
  state.body_left = 0;
  state.body_done = true;
  return body;
}

// --- the answer ------------------------------------------------------------------------------------------------------------------

std::string* Connection::start_answer(int status) {
  using Answer = ExchangeState::Answer;
  ExchangeState& state = *state_;
  AIS_ASSERT_MSG(state.answer == Answer::kNone || state.answer == Answer::kStarted, "a second answer to one request");
  state.answer = Answer::kStarted;
  state.status = status;
  state.out.clear();
  append_status_line(state.out, status);
  state.out += "Server: ";
  state.out += shared_->options.server_name;
  state.out += "\r\nDate: ";
  state.out += loop().http_date();
  state.out += "\r\n";
  return &state.out;
}

bool Connection::body_is_suppressed() const { return state_->request.method == Method::kHead || !status_has_body(state_->status); }

void Connection::finish_head(std::optional<uint64_t> content_length, bool chunked) {
  ExchangeState& state = *state_;
  AIS_ASSERT_MSG(state.answer == ExchangeState::Answer::kStarted, "an answer is sent that was not started");
  state.keep_alive = may_keep_alive();
  if (content_length && status_has_body(state.status)) {
    state.out += "Content-Length: ";
    append_decimal(state.out, *content_length);
    state.out += "\r\n";
  }
  if (chunked) state.out += "Transfer-Encoding: chunked\r\n";
  if (!state.keep_alive) state.out += "Connection: close\r\n";
  else if (state.request.http10) state.out += "Connection: keep-alive\r\n";
  state.out += "\r\n";
}

Status Connection::finish_answer() {
  state_->answer = ExchangeState::Answer::kDone;
  return {};
}

async::Task<Status> HttpExchange::send(std::string_view body) {
  Connection& connection = *connection_;
  connection.finish_head(body.size(), false);
  Gather gather;
  if (connection.body_is_suppressed()) body = {};
  bool copies = body.size() <= kCopyBodyBytes;
  if (copies) connection.state_->out += body;
  gather.add(connection.state_->out);
  if (!copies) gather.add(body);
  if (connection.send_gather(gather, 0) != SocketStream::Sent::kAll) {
    Status sent = co_await connection.send_rest(gather, 0);
    if (!sent.ok()) co_return sent;
  }
  co_return connection.finish_answer();
}

async::Task<Status> HttpExchange::send_head_only(std::optional<uint64_t> length) {
  Connection& connection = *connection_;
  connection.finish_head(length, false);
  Gather gather;
  gather.add(connection.state_->out);
  Status sent = co_await connection.send_rest(gather, 0);
  if (!sent.ok()) co_return sent;
  co_return connection.finish_answer();
}

async::Task<Status> HttpExchange::send_file(int file, uint64_t offset, uint64_t length, sys::ThreadPool* pool) {
  Connection& connection = *connection_;
  connection.finish_head(length, false);
  if (connection.body_is_suppressed()) length = 0;
  if (length > 0 && length <= kCopiedFileBytes && append_cached_file(connection.state_->out, file, offset, length)) length = 0;
  Gather head;
  head.add(connection.state_->out);
  int head_flags = length > 0 ? MSG_MORE : 0;
  if (connection.send_gather(head, head_flags) != SocketStream::Sent::kAll) {
    Status sent = co_await connection.send_rest(head, head_flags);
    if (!sent.ok()) co_return sent;
  }
  uint64_t known_warm = 0;  // bytes from `offset` on
  bool was_cold = false;
  uint64_t turn = 0;
  while (length > 0) {
    uint64_t chunk = std::min(length, kTurnBytes);
    bool is_cold = pool && known_warm < chunk && !is_in_page_cache(file, offset, chunk, was_cold);
    if (pool && !is_cold) known_warm = std::max(known_warm, chunk);
    FilePiece piece;
    if (is_cold) {
      was_cold = true;
      connection.expect_blocked_write();
      async::OffloadAwaiter<ColdSend> cold_send(*pool, ColdSend{connection.fd(), file, offset, chunk});
      piece = co_await cold_send;
      if (piece.error_number == 0) connection.assume_writable();
    } else {
      connection.expect_blocked_write();
      piece = send_piece(connection.fd(), file, offset, chunk);
      if (piece.error_number == 0) connection.assume_writable();
    }
    offset += piece.sent;
    length -= piece.sent;
    known_warm -= std::min(known_warm, piece.sent);
    turn += piece.sent;
    if (piece.error_number == ENODATA) co_return connection.answer_failed(Code::kInputOutput, "the file is shorter than announced");
    if (piece.error_number == EIO) co_return connection.answer_failed(Code::kInputOutput, "the file cannot be read");
    if (piece.error_number != 0 && piece.error_number != EAGAIN)
      co_return connection.answer_failed(Code::kConnectionClosed, "the client left before it had its answer");
    if (length == 0) break;
    if (piece.error_number == EAGAIN) {
      Status writable = co_await connection.wait_writable();
      if (!writable.ok()) co_return writable;
      turn = 0;
    } else if (turn >= kTurnBytes) {
      turn = 0;
      co_await async::yield();
    }
    if (connection.interrupted() == SocketStream::Interrupt::kClosed)
      co_return connection.answer_failed(Code::kConnectionClosed, "the connection is being closed");
  }
  co_return connection.finish_answer();
}

async::Task<Status> HttpExchange::begin_stream() {
  Connection& connection = *connection_;
  ExchangeState& state = *connection.state_;
  state.answer_has_body = !connection.body_is_suppressed();
  state.answer_chunked = state.answer_has_body && !state.request.http10;
  // Without chunks the end of the connection is the end of the body.
  if (state.answer_has_body && !state.answer_chunked) state.keep_alive = false;
  connection.finish_head(std::nullopt, state.answer_chunked || (request().method == Method::kHead && !state.request.http10));
  state.answer = ExchangeState::Answer::kStreaming;
  Gather gather;
  gather.add(state.out);
  co_return co_await connection.send_rest(gather, 0);
}

async::Task<Status> HttpExchange::write_stream(std::string_view bytes) {
  Connection& connection = *connection_;
  ExchangeState& state = *connection.state_;
  if (state.answer != ExchangeState::Answer::kStreaming) co_return make_status(Code::kConnectionClosed, "the answer was cut off");
  if (bytes.empty() || !state.answer_has_body) co_return Status();
  Gather gather;
  char size_line[20];
  if (state.answer_chunked) {
    int length = snprintf(size_line, sizeof(size_line), "%zx\r\n", bytes.size());
    gather.add(std::string_view(size_line, static_cast<size_t>(length)));
  }
  gather.add(bytes);
  if (state.answer_chunked) gather.add("\r\n");
  if (connection.send_gather(gather, 0) == SocketStream::Sent::kAll) co_return Status();
  co_return co_await connection.send_rest(gather, 0);
}

async::Task<Status> HttpExchange::end_stream() {
  Connection& connection = *connection_;
  ExchangeState& state = *connection.state_;
  if (state.answer != ExchangeState::Answer::kStreaming) co_return make_status(Code::kConnectionClosed, "the answer was cut off");
  if (state.answer_chunked) {
    Gather gather;
    gather.add("0\r\n\r\n");
    Status sent = co_await connection.send_rest(gather, 0);
    if (!sent.ok()) co_return sent;
  }
  co_return connection.finish_answer();
}

}  // namespace ais::net
