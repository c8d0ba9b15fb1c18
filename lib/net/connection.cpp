#include "net/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/assert.h"
#include "base/log.h"
#include "base/strings.h"
#include "net/http_parser.h"
#include "net/http_server.h"
#include "net/socket.h"

namespace ais::net {
namespace {

// Requests handled in one go for a client that pipelines, before other connections have their turn.
constexpr unsigned kRequestsPerTurn = 64;
// Free buffer that a chunked body's framing is received into.
constexpr size_t kChunkRoom = 4096;

constexpr size_t kDiscardPieceBytes = 1 << 20;
constexpr uint64_t kDiscardTurnBytes = 8 << 20;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Where bytes go that nobody looks at again.
std::span<char> trash() {
  static thread_local char bytes[16 * 1024];
  return bytes;
}

}  // namespace

Connection::~Connection() {
  if (state_) home_.give_state(std::move(state_));
  home_.unlink(this);
}

void Connection::begin(bool refuse) {
  deadline_ns = home_.deadline_after(shared_->options.idle_timeout);
  if (refuse) {
    state_ = home_.take_state();
    rewind_for_next_request();
    state_->refusal = 503;
    run(this);
    return;
  }
  if (shared_->draining.load(std::memory_order_relaxed)) interrupt(Interrupt::kClosed);
}

void Connection::on_unawaited_event() {
  if (running_) return;  // remembered in the flags; the handler will look when it wants to
  if (interrupted() == Interrupt::kTimeout && state_) return on_head_timeout();
  Head head = interrupted() == Interrupt::kNone ? advance_head() : Head::kGone;
  if (head == Head::kReady) {
    run(this);
  } else if (head == Head::kGone) {
    delete this;
  } else if (state_ && state_->input.size() == 0) {
    go_idle();
  }
}

// Bytes until a whole head is there (or one that is refused), the socket is empty, or the peer has left.
Connection::Head Connection::advance_head() {
  if (!state_) {
    if (!has_input()) return Head::kWait;
    state_ = home_.take_state();
    rewind_for_next_request();
  }
  while (true) {
    if (state_->input.size() > 0 && parse_head()) return Head::kReady;
    bool may_have_more = state_->input.size() > 0 ? readable() : has_input();
    if (!may_have_more) return Head::kWait;
    if (!make_room_for_head()) {
      state_->refusal = state_->scanner.in_first_line() ? 414 : 431;
      return Head::kReady;
    }
    bool is_first = state_->input.size() == 0;
    ssize_t n = receive(state_->input.free_begin(), state_->input.free_size());
    if (n == 0 || (n < 0 && errno != EAGAIN)) return Head::kGone;
    if (n < 0) return Head::kWait;
    state_->input.added(static_cast<size_t>(n));
    if (is_first) deadline_ns = home_.deadline_after(shared_->options.head_timeout);
  }
}

// True when the head is complete or refused (state_->refusal).
bool Connection::parse_head() {
  const HttpLimits& limits = shared_->options.limits;
  ExchangeState& state = *state_;
  std::string_view data(state.input.begin(), state.input.size());
  HeadScanner::State found = state.scanner.scan(data);
  if (found == HeadScanner::State::kBad) {
    state.refusal = 400;
    return true;
  }
  if (found == HeadScanner::State::kNeedMore) {
    bool line_too_long = state.scanner.in_first_line() && data.size() > limits.target_bytes_max + 64;
    if (line_too_long) state.refusal = 414;
    return line_too_long;
  }
  size_t end = state.scanner.end();
  if (end > limits.head_bytes_max) {
    state.refusal = 431;
    return true;
  }
  // Before any view is made: a body's framing needs room after the head.
  if (state.input.free_size() + (data.size() - end) < kChunkRoom) state.input.reserve_free(kChunkRoom);
  std::string_view head(state.input.begin() + state.scanner.begin(), end - state.scanner.begin());
  state.refusal = parse_request_head(head, limits, state.request);
  state.input.consumed(end);
  return true;
}

bool Connection::make_room_for_head() {
  if (state_->input.free_size() > 0) return true;
  if (state_->input.size() >= shared_->options.limits.head_bytes_max) return false;
  state_->input.reserve_free(state_->input.size());
  return true;
}

void Connection::on_head_timeout() {
  clear_timeout();
  ServerLoop::bump(home_.timeouts);
  state_->refusal = 408;
  run(this);
}

void Connection::rewind_for_next_request() {
  ExchangeState& state = *state_;
  state.input.move_to(0);
  state.scanner.reset();
  state.out.clear();
  state.status = 0;
  state.refusal = 0;
  state.answer = ExchangeState::Answer::kNone;
  state.body_left = 0;
  state.body_done = true;
  state.body_failed = false;
  state.continue_sent = false;
  state.answer_chunked = false;
  state.answer_has_body = true;
  state.keep_alive = true;
}

void Connection::go_idle() {
  home_.give_state(std::move(state_));
  deadline_ns = home_.deadline_after(shared_->options.idle_timeout);
}

Connection::Head Connection::next_head() {
  rewind_for_next_request();
  if (interrupted() != Interrupt::kNone) return Head::kGone;
  if (state_->input.size() > 0) deadline_ns = home_.deadline_after(shared_->options.head_timeout);
  return advance_head();
}

async::Detached Connection::run(Connection* self) {
  self->running_ = true;
  Head head = Head::kReady;
  for (unsigned served = 1; head == Head::kReady; ++served) {
    self->deadline_ns = kNever;
    if (self->state_->refusal) {
      co_await self->refuse_request();
      break;
    }
    ServerLoop::bump(self->home_.requests);
    self->begin_body();
    {
      HttpExchange exchange(self);
      co_await self->shared_->handler(exchange);
    }
    bool keep = self->exchange_is_clean();
    if (!keep) keep = co_await self->finish_exchange();
    if (!keep) break;
    if (served % kRequestsPerTurn == 0) co_await async::yield();
    head = self->next_head();
    if (head == Head::kWait) {
      self->running_ = false;
      if (self->state_->input.size() == 0) self->go_idle();
      co_return;
    }
  }
  delete self;
}

bool Connection::exchange_is_clean() const {
  return state_->answer == ExchangeState::Answer::kDone && state_->body_done && state_->keep_alive;
}

// What is left to do after a handler that did not end the plain way. False: close.
async::Task<bool> Connection::finish_exchange() {
  using Answer = ExchangeState::Answer;
  ExchangeState& state = *state_;
  if (state.answer == Answer::kNone || state.answer == Answer::kStarted) {
    start_answer(500);
    HttpExchange exchange(this);
    Status sent = co_await exchange.send("");
    if (!sent.ok()) AIS_DEBUG("net", "no answer: %s", sent.to_string().c_str());
  }
  if (state.answer != Answer::kDone) {
    // The peer must not take what it has for the whole answer.
    set_reset_on_close(fd());
    co_return false;
  }
  bool waits_for_continue = state_->request.expect_continue && !state.continue_sent && state.input.size() == 0;
  if (state.keep_alive && !state.body_done && !state.body_failed && !waits_for_continue) {
    bool discarded = co_await discard_body();
    if (discarded) co_return true;
  }
  bool clean_end = state.body_done && state.input.size() == 0 && !has_input();
  if (!clean_end) co_await linger();
  co_return false;
}

async::Task<void> Connection::refuse_request() {
  int status = state_->refusal;
  if (status == 503) ServerLoop::bump(home_.refused);
  else if (status != 408) ServerLoop::bump(home_.bad_requests);
  state_->keep_alive = false;
  state_->request.method = Method::kOther;
  start_answer(status);
  if (status == 503) state_->out += "Retry-After: 1\r\n";
  state_->out += "Content-Type: text/plain; charset=utf-8\r\n";
  std::string text = std::to_string(status) + " " + std::string(reason_phrase(status)) + "\n";
  HttpExchange exchange(this);
  Status sent = co_await exchange.send(text);
  if (sent.ok()) co_await linger();
}

// --- the request's body ----------------------------------------------------------------------------------------------------------

void Connection::begin_body() {
  ExchangeState& state = *state_;
  state.body_done = !state.request.has_body();
  state.body_left = state.request.content_length.value_or(0);
  state.body_offset = state.input.begin_offset();
  if (state.request.chunked) state.chunks.reset();
}

Status Connection::body_failed(Code code, const char* what) {
  state_->body_failed = true;
  state_->keep_alive = false;
  return make_status(code, "%s", what);
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

// --- the answer ------------------------------------------------------------------------------------------------------------------

bool Connection::may_keep_alive() const {
  const ExchangeState& state = *state_;
  if (!state.keep_alive || !state.request.keep_alive || state.body_failed) return false;
  if (shared_->draining.load(std::memory_order_relaxed)) return false;
  if (state.body_done) return true;
  // A client that waits for "100 Continue" may or may not send its body now: nobody could tell it from the next request.
  if (state.request.expect_continue && !state.continue_sent && state.input.size() == 0) return false;
  return state.body_left <= shared_->options.discard_bytes_max;
}

Status Connection::answer_failed(Code code, const char* what) {
  state_->answer = ExchangeState::Answer::kBroken;
  state_->keep_alive = false;
  return make_status(code, "%s", what);
}

async::Task<Status> Connection::wait_writable() {
  deadline_ns = home_.deadline_after(shared_->options.stall_timeout);
  co_await wait(kWrite);
  deadline_ns = kNever;
  if (interrupted() == Interrupt::kNone) co_return Status();
  if (interrupted() == Interrupt::kTimeout) ServerLoop::bump(home_.timeouts);
  co_return answer_failed(Code::kConnectionClosed, "the client stopped reading its answer, or the server is closing");
}

// Sends all of it, waiting where the peer is slow.
async::Task<Status> Connection::send_rest(Gather gather, int flags) {
  while (true) {
    Sent sent = send_gather(gather, flags);
    if (sent == Sent::kAll) co_return Status();
    if (sent == Sent::kFailed) co_return answer_failed(Code::kConnectionClosed, "the client left before it had its answer");
    Status writable = co_await wait_writable();
    if (!writable.ok()) co_return writable;
  }
}

}  // namespace ais::net
