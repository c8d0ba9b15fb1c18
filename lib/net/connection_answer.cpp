// The answer: head, small bodies, streams. Files are in connection_file.cpp.
#include <sys/socket.h>

#include "base/assert.h"
#include "base/strings.h"
#include "net/connection.h"
#include "net/socket.h"

namespace ais::net {
namespace {

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

}  // namespace

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

bool Connection::body_is_suppressed() const { return request().method == Method::kHead || !status_has_body(state_->status); }

bool Connection::may_keep_alive() const {
  const ExchangeState& state = *state_;
  if (!state.keep_alive || !state.request.keep_alive || state.body_failed) return false;
  if (shared_->draining.load(std::memory_order_relaxed)) return false;
  if (state.body_done) return true;
  // A client that waits for "100 Continue" may or may not send its body now: nobody could tell it from the next request.
  if (state.request.expect_continue && !state.continue_sent && state.input.size() == 0) return false;
  return state.body_left <= shared_->options.discard_bytes_max;
}

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

Status Connection::answer_failed(Code code, const char* what) {
  state_->answer = ExchangeState::Answer::kBroken;
  state_->keep_alive = false;
  return make_status(code, "%s", what);
}

Status Connection::finish_answer() {
  state_->answer = ExchangeState::Answer::kDone;
  return {};
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

async::Task<Status> Connection::send(std::string_view body) {
  finish_head(body.size(), false);
  Gather gather;
  if (body_is_suppressed()) body = {};
  bool copies = body.size() <= kCopyBodyBytes;
  if (copies) state_->out += body;
  gather.add(state_->out);
  if (!copies) gather.add(body);
  if (send_gather(gather, 0) != Sent::kAll) {
    Status sent = co_await send_rest(gather, 0);
    if (!sent.ok()) co_return sent;
  }
  co_return finish_answer();
}

async::Task<Status> Connection::send_head_only(std::optional<uint64_t> length) {
  finish_head(length, false);
  Gather gather;
  gather.add(state_->out);
  Status sent = co_await send_rest(gather, 0);
  if (!sent.ok()) co_return sent;
  co_return finish_answer();
}

async::Task<Status> Connection::begin_stream() {
  ExchangeState& state = *state_;
  state.answer_has_body = !body_is_suppressed();
  state.answer_chunked = state.answer_has_body && !state.request.http10;
  // Without chunks the end of the connection is the end of the body.
  if (state.answer_has_body && !state.answer_chunked) state.keep_alive = false;
  finish_head(std::nullopt, state.answer_chunked || (request().method == Method::kHead && !state.request.http10));
  state.answer = ExchangeState::Answer::kStreaming;
  Gather gather;
  gather.add(state.out);
  co_return co_await send_rest(gather, 0);
}

async::Task<Status> Connection::write_stream(std::string_view bytes) {
  ExchangeState& state = *state_;
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
  if (send_gather(gather, 0) == Sent::kAll) co_return Status();
  co_return co_await send_rest(gather, 0);
}

async::Task<Status> Connection::end_stream() {
  ExchangeState& state = *state_;
  if (state.answer != ExchangeState::Answer::kStreaming) co_return make_status(Code::kConnectionClosed, "the answer was cut off");
  if (state.answer_chunked) {
    Gather gather;
    gather.add("0\r\n\r\n");
    Status sent = co_await send_rest(gather, 0);
    if (!sent.ok()) co_return sent;
  }
  co_return finish_answer();
}

}  // namespace ais::net
