// The request's body: what handlers read, and what is thrown away because they did not.
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <algorithm>

#include "net/connection.h"

namespace ais::net {
namespace {

constexpr size_t kFirstBodyBytes = 64 * 1024;
constexpr size_t kDiscardPieceBytes = 1 << 20;
constexpr uint64_t kDiscardTurnBytes = 8 << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Where bytes go that nobody looks at again.
std::span<char> trash() {
  static thread_local char bytes[16 * 1024];
  return bytes;
}

}  // namespace

void Connection::begin_body() {
  ExchangeState& state = *state_;
  state.body_done = !state.request.has_body();
  state.body_left = state.request.content_length.value_or(0);
  state.body_offset = state.input.begin_offset();
  if (state.request.chunked) state.chunks.reset();
}

async::Task<Result<size_t>> Connection::read_body(std::span<char> buffer) {
  ExchangeState& state = *state_;
  if (state.body_done || buffer.empty()) co_return size_t{0};
  if (state.body_failed) co_return make_status(Code::kConnectionClosed, "the request's body ended early");
  bool must_continue = state.request.expect_continue && !state.continue_sent && state.input.size() == 0;
  if (must_continue && state.answer == ExchangeState::Answer::kNone) {
    Status sent = co_await send_continue();
    if (!sent.ok()) co_return sent;
  }
  while (true) {
    BodyPiece piece = next_body(buffer);
    if (piece.kind == BodyPiece::kData || piece.kind == BodyPiece::kEnd) co_return piece.bytes;
    if (piece.kind == BodyPiece::kBad) co_return body_failed(Code::kBadRequest, "malformed chunked body");
    if (piece.kind == BodyPiece::kClosed) co_return body_failed(Code::kConnectionClosed, "the client left in the middle of its body");
    deadline_ns = home_.deadline_after(shared_->options.stall_timeout);
    co_await wait(kRead);
    deadline_ns = kNever;
    if (interrupted() == Interrupt::kTimeout) {
      clear_timeout();
      ServerLoop::bump(home_.timeouts);
      co_return body_failed(Code::kRequestTimeout, "the client stopped sending its body");
    }
    if (interrupted() == Interrupt::kClosed) co_return body_failed(Code::kConnectionClosed, "the connection is being closed");
  }
}

Status Connection::body_failed(Code code, const char* what) {
  state_->body_failed = true;
  state_->keep_alive = false;
  return make_status(code, "%s", what);
}

async::Task<Result<std::string>> Connection::read_whole_body(size_t limit) {
  uint64_t expected = state_->request.content_length.value_or(kFirstBodyBytes);
  if (state_->request.content_length && expected > limit)
    co_return make_status(Code::kPayloadTooLarge, "body of %lu bytes, the limit is %zu", expected, limit);
  // One byte above the limit tells whether there is more. Memory follows what came, not what was announced.
  size_t most = limit < SIZE_MAX ? limit + 1 : limit;
  std::string body(std::min<size_t>({expected, kFirstBodyBytes, most}), '\0');
  size_t used = 0;
  while (!state_->body_done) {
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

std::optional<std::string_view> Connection::whole_body_if_buffered() {
  ExchangeState& state = *state_;
  if (!state.request.has_body()) return std::string_view();
  bool is_whole = state.request.content_length && state.body_left == *state.request.content_length && !state.body_done;
  if (!is_whole || state.input.size() < state.body_left) return std::nullopt;
  std::string_view body(state.input.begin(), static_cast<size_t>(state.body_left));
  state.input.consumed(body.size());
  state.body_left = 0;
  state.body_done = true;
  return body;
}

Connection::BodyPiece Connection::next_body(std::span<char> buffer) {
  return state_->request.chunked ? next_chunked(buffer) : next_known_length(buffer);
}

Connection::BodyPiece Connection::next_known_length(std::span<char> buffer) {
  ExchangeState& state = *state_;
  size_t wanted = static_cast<size_t>(std::min<uint64_t>(buffer.size(), state.body_left));
  BodyPiece piece{BodyPiece::kData};
  if (state.input.size() > 0) {
    piece.bytes = std::min(wanted, state.input.size());
    memcpy(buffer.data(), state.input.begin(), piece.bytes);
    state.input.consumed(piece.bytes);
  } else {
    piece = received_body(receive(buffer.data(), wanted));
  }
  state.body_left -= piece.bytes;
  if (state.body_left == 0) state.body_done = true;
  return piece;
}

Connection::BodyPiece Connection::received_body(ssize_t received) {
  if (received > 0) return BodyPiece{BodyPiece::kData, static_cast<size_t>(received)};
  bool is_blocked = received < 0 && errno == EAGAIN;
  return BodyPiece{is_blocked ? BodyPiece::kBlocked : BodyPiece::kClosed};
}

Connection::BodyPiece Connection::next_chunked(std::span<char> buffer) {
  ExchangeState& state = *state_;
  InputBuffer& input = state.input;
  while (true) {
    if (uint64_t left = state.chunks.payload_left()) {
      size_t wanted = static_cast<size_t>(std::min<uint64_t>(buffer.size(), left));
      BodyPiece piece{BodyPiece::kData, std::min(wanted, input.size())};
      if (piece.bytes > 0) {
        memcpy(buffer.data(), input.begin(), piece.bytes);
        input.consumed(piece.bytes);
      } else {
        piece = received_body(receive(buffer.data(), wanted));
      }
      if (piece.kind == BodyPiece::kData) state.chunks.skip_payload(piece.bytes);
      return piece;
    }
    input.consumed(state.chunks.skip_framing(std::string_view(input.begin(), input.size())));
    if (state.chunks.bad()) return BodyPiece{BodyPiece::kBad};
    if (state.chunks.done()) {
      state.body_done = true;
      return BodyPiece{BodyPiece::kEnd};
    }
    if (state.chunks.payload_left() > 0) continue;
    input.move_to(state.body_offset);
    BodyPiece piece = received_body(receive(input.free_begin(), input.free_size()));
    if (piece.kind != BodyPiece::kData) return piece;
    input.added(piece.bytes);
  }
}

async::Task<Status> Connection::send_continue() {
  state_->continue_sent = true;
  Gather gather;
  gather.add(kContinue);
  co_return co_await send_rest(gather, 0);
}

// One piece of a body that nobody reads: without a copy where the length is known and the kernel can do it.
Connection::BodyPiece Connection::discard_piece() {
  ExchangeState& state = *state_;
  if (state.request.chunked) return next_chunked(trash());
  if (state.input.size() > 0) {
    std::span<char> unused = trash();
    return next_known_length(unused);
  }
  size_t wanted = static_cast<size_t>(std::min<uint64_t>(kDiscardPieceBytes, state.body_left));
  BodyPiece piece = received_body(receive_and_discard(wanted, trash().data(), trash().size()));
  state.body_left -= piece.bytes;
  if (state.body_left == 0) state.body_done = true;
  return piece;
}

// After the answer: true when the body's end was reached within the bounds, so that the connection can go on.
async::Task<bool> Connection::discard_body() {
  const HttpServerOptions& options = shared_->options;
  ExchangeState& state = *state_;
  uint64_t total = 0;
  uint64_t turn = 0;
  int64_t until = home_.deadline_after(options.discard_timeout);
  while (!state.body_done) {
    BodyPiece piece = discard_piece();
    if (piece.kind == BodyPiece::kBad || piece.kind == BodyPiece::kClosed) co_return false;
    total += piece.bytes;
    turn += piece.bytes;
    if (total > options.discard_bytes_max || home_.tick_now() > until) co_return false;
    if (turn >= kDiscardTurnBytes) {
      turn = 0;
      co_await async::yield();
    }
    if (piece.kind != BodyPiece::kBlocked) continue;
    deadline_ns = until;
    co_await wait(kRead);
    deadline_ns = kNever;
    if (interrupted() != Interrupt::kNone) {
      clear_timeout();
      co_return false;
    }
  }
  co_return true;
}

// Half-closes and swallows what still comes, within the same bounds: closing with unread bytes would reset the connection and with it the
// answer that the peer may not have read yet.
async::Task<void> Connection::linger() {
  if (interrupted() == Interrupt::kClosed || shutdown(fd(), SHUT_WR) != 0) co_return;
  clear_timeout();
  int64_t until = home_.deadline_after(shared_->options.discard_timeout);
  uint64_t total = 0;
  while (total <= shared_->options.discard_bytes_max && home_.tick_now() <= until) {
    ssize_t n = receive_and_discard(kDiscardPieceBytes, trash().data(), trash().size());
    if (n == 0 || (n < 0 && errno != EAGAIN)) co_return;
    if (n > 0) {
      total += static_cast<uint64_t>(n);
      continue;
    }
    deadline_ns = until;
    co_await wait(kRead);
    deadline_ns = kNever;
    if (interrupted() != Interrupt::kNone) co_return;
  }
}

}  // namespace ais::net
