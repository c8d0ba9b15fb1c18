#include "net/client_connection.h"

#include <errno.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/strings.h"

namespace ais::net {
namespace {

constexpr size_t kCopyBodyBytes = 2048;
constexpr size_t kChunkRoom = 4096;
constexpr unsigned kInterimHeadsMax = 16;
constexpr uint64_t kFilePieceBytes = 2 << 20;
constexpr Nanoseconds kContinueWait = std::chrono::seconds(1);

bool is_plain_body(const ClientRequest& request) { return request.body_fd < 0 && !request.body_source && !request.expect_continue; }
// Errors of sendfile() that are not the socket's: no answer will come.
bool is_of_the_file(int error) {
  return error == EIO || error == ENOMEM || error == EINVAL || error == EOVERFLOW || error == ESTALE || error == EBADF || error == EUCLEAN;
}
uint64_t body_bytes(const ClientRequest& request) { return request.body_fd >= 0 ? request.body_length : request.body.size(); }

}  // namespace

ClientConnection::ClientConnection(std::shared_ptr<ClientPool> pool, ClientPeer& peer)
    : SocketStream(pool->loop), pool_(std::move(pool)), home_(*pool_), peer_(peer) {
  home_.link(this);
}

ClientConnection::~ClientConnection() {
  input_.release(home_.buffers);
  home_.unlink(this);
}

void ClientConnection::on_unawaited_event() {
  if (is_idle_ && (interrupted() != Interrupt::kNone || check_input())) home_.remove_idle(this);
}

void ClientConnection::finish(std::unique_ptr<ClientConnection> connection) {
  if (!connection->is_reusable()) return;
  ClientPool& pool = connection->home_;
  pool.give_back(std::move(connection));
}

bool ClientConnection::is_reusable() const {
  return head_done_ && body_done_ && request_sent_ && !broken_ && response_.keep_alive && !peer_closed() &&
         interrupted() == Interrupt::kNone && input_.size() == 0;
}

Status ClientConnection::fail(Code code, std::string_view why) {
  broken_ = true;
  return Status(code, peer_.name + ": " + std::string(why));
}

async::Task<Status> ClientConnection::wait_for(unsigned mask, Nanoseconds patience) {
  deadline_ns = std::min(until_, home_.deadline_after(patience));
  co_await wait(mask);
  deadline_ns = kNever;
  if (interrupted() == Interrupt::kNone) co_return Status();
  co_return interruption_failed();
}

Status ClientConnection::interruption_failed() {
  if (interrupted() == Interrupt::kClosed) return fail(Code::kUnavailable, "no more waiting: this program is about to stop");
  return fail(Code::kTimeout, "no answer in time");
}

async::Task<Status> ClientConnection::connect(std::vector<SocketAddress> addresses, int64_t until) {
  Status last = make_status(Code::kConnectionFailed, "no address to connect to");
  home_.became_busy();
  until_ = std::min(until, home_.deadline_after(home_.options.connect_timeout));
  for (const SocketAddress& address : addresses) {
    Result<int> started = start_connect(address);
    if (!started.ok()) {
      last = started.status();
      continue;
    }
    Status attached = attach(*started);
    if (!attached.ok()) co_return attached;
    Status waited = co_await wait_for(kWrite);
    if (!waited.ok()) co_return make_status(Code::kTimeout, "connecting took too long");
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0) co_return Status();
    last = make_status(Code::kConnectionFailed, "connect: %s", strerror(error));
    detach();
  }
  co_return last;
}

void ClientConnection::begin_exchange(const ClientRequest& request, int64_t until) {
  if (!input_.allocated()) input_.allocate(home_.buffers);
  home_.became_busy();
  scanner_.reset();
  until_ = until;
  file_sent_ = 0;
  interim_heads_ = 0;
  head_request_ = request.method == Method::kHead;
  head_done_ = head_bad_ = continue_seen_ = request_sent_ = body_done_ = broken_ = failed_before_answer_ = false;
  pending_ = Gather();
  make_head(request);
}

void ClientConnection::make_head(const ClientRequest& request) {
  out_.clear();
  out_ += method_name(request.method);
  out_ += ' ';
  out_ += request.target;
  out_ += " HTTP/1.1\r\nHost: ";
  if (!request.unix_path.empty()) {
    out_ += "localhost";
  } else {
    bool is_v6 = request.host.find(':') != std::string::npos;
    if (is_v6) out_ += '[';
    out_ += request.host;
    if (is_v6) out_ += ']';
    out_ += ':';
    append_decimal(out_, request.port);
  }
  out_ += "\r\n";
  out_ += request.headers;
  if (request.body_source) {
    out_ += "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
    return;
  }
  uint64_t body = body_bytes(request);
  if (body > 0 || request.method == Method::kPut || request.method == Method::kPost || request.method == Method::kPatch) {
    out_ += "Content-Length: ";
    append_decimal(out_, body);
    out_ += "\r\n";
  }
  if (request.expect_continue && body > 0) out_ += "Expect: 100-continue\r\n";
  out_ += "\r\n";
}

async::Task<Status> ClientConnection::exchange(const ClientRequest& request, int64_t until) {
  begin_exchange(request, until);
  bool is_plain = is_plain_body(request);
  if (is_plain) {  // the common case: one call sends it all
    bool copies = request.body.size() <= kCopyBodyBytes;
    if (copies) out_ += request.body;
    pending_.add(out_);
    if (!copies) pending_.add(request.body);
    request_sent_ = send_gather(pending_, 0) == Sent::kAll;
    if (request_sent_) expect_answer();
  }
  if (!request_sent_) {
    Status sent = co_await send_request(request);
    if (!sent.ok()) co_return sent;
  }
  const bool has_patience = request.answer_timeout.count() > 0 && request_sent_;
  const Nanoseconds patience = has_patience ? request.answer_timeout : home_.options.stall_timeout;
  while (!head_done_) {
    Progress progress = advance_head();
    if (progress == Progress::kDone) break;
    if (progress == Progress::kFailed) co_return head_failed();
    Status waited = co_await wait_for(kRead, patience);
    if (!waited.ok()) co_return waited;
  }
  begin_response_body();
  co_return Status();
}

Status ClientConnection::head_failed() {
  if (head_bad_) return fail(Code::kBadRequest, "the answer is not valid HTTP");
  failed_before_answer_ = input_.size() == 0 && interim_heads_ == 0;
  return fail(Code::kConnectionClosed, "closed the connection before its answer");
}

// The long way: what did not fit into the socket, files, and bodies that wait for "100 Continue". An answer that comes
// meanwhile ends the sending: then head_done_ is set and request_sent_ is not, so that the connection is not used again.
async::Task<Status> ClientConnection::send_request(const ClientRequest& request) {
  bool has_body = body_bytes(request) > 0;
  if (!is_plain_body(request)) {
    pending_.add(out_);
    if (request.body_source || (request.expect_continue && has_body)) {
      Status sent = co_await send_pending(0);
      if (!sent.ok() || head_done_) co_return sent;
      Status continued = co_await wait_for_continue(request);
      if (!continued.ok() || head_done_) co_return continued;
    }
    if (request.body_source) co_return co_await send_source_body(*request.body_source);
    if (request.body_fd < 0) pending_.add(request.body);
  }
  Status sent = co_await send_pending(request.body_fd >= 0 && has_body ? MSG_MORE : 0);
  if (!sent.ok() || head_done_) co_return sent;
  if (request.body_fd >= 0) {
    Status body_sent = co_await send_file_body(request);
    if (!body_sent.ok() || head_done_) co_return body_sent;
  }
  request_sent_ = true;
  co_return Status();
}

// After a failed or blocked send: an answer that is there counts more than what is left to send.
async::Task<Status> ClientConnection::look_for_answer(bool must_be_there) {
  while (true) {
    Progress progress = advance_head();
    if (progress == Progress::kDone) co_return Status();
    if (progress == Progress::kFailed) co_return head_failed();
    if (!must_be_there) break;
    Status waited = co_await wait_for(kRead);
    if (!waited.ok()) co_return waited;
  }
  Status waited = co_await wait_for(kRead | kWrite);
  co_return waited;
}

async::Task<Status> ClientConnection::send_pending(int flags) {
  while (!pending_.done()) {
    Sent sent = send_gather(pending_, flags);
    if (sent == Sent::kAll) break;
    Status looked = co_await look_for_answer(sent == Sent::kFailed);
    if (!looked.ok() || head_done_) co_return looked;
  }
  co_return Status();
}

async::Task<Status> ClientConnection::wait_for_continue(const ClientRequest& request) {
  bool is_needed = request.body_source != nullptr;  // without it the body would be lost to a redirect
  int64_t give_up = home_.deadline_after(is_needed ? home_.options.stall_timeout : kContinueWait);
  while (!continue_seen_) {
    Progress progress = advance_head();
    if (progress == Progress::kDone || continue_seen_) co_return Status();
    if (progress == Progress::kFailed) co_return head_failed();
    deadline_ns = std::min(give_up, until_);
    co_await wait(kRead);
    deadline_ns = kNever;
    if (interrupted() == Interrupt::kNone) continue;
    if (is_needed || interrupted() == Interrupt::kClosed || home_.tick_now() >= until_) co_return interruption_failed();
    clear_timeout();  // a peer that does not know the expectation: send the body
    co_return Status();
  }
  co_return Status();
}

async::Task<Status> ClientConnection::send_source_body(StreamedBody& source) {
  source.begun = true;
  bool is_over = false;
  while (!is_over) {
    Result<std::string_view> piece = co_await source.next();
    if (!piece.ok()) {
      broken_ = true;
      co_return piece.status();
    }
    is_over = piece->empty();
    out_ = format("%zx\r\n", piece->size());
    pending_ = Gather();
    pending_.add(out_);
    pending_.add(*piece);
    pending_.add("\r\n");
    Status sent = co_await send_pending(0);
    if (!sent.ok() || head_done_) co_return sent;
    if (is_over || !readable()) continue;
    Progress progress = advance_head();  // a refusal that came meanwhile
    if (progress == Progress::kDone) co_return Status();
    if (progress == Progress::kFailed) co_return head_failed();
  }
  request_sent_ = true;
  co_return Status();
}

async::Task<Status> ClientConnection::send_file_body(const ClientRequest& request) {
  while (file_sent_ < request.body_length) {
    off_t position = static_cast<off_t>(request.body_offset + file_sent_);
    size_t wanted = static_cast<size_t>(std::min(request.body_length - file_sent_, kFilePieceBytes));
    expect_blocked_write();
    ssize_t n = sendfile(fd(), request.body_fd, &position, wanted);
    if (n > 0) {
      assume_writable();
      file_sent_ += static_cast<uint64_t>(n);
      if (request.body_sent) request.body_sent->store(file_sent_, std::memory_order_relaxed);
      // Between pieces others have their turn, and an early answer is seen.
      if (file_sent_ < request.body_length) co_await async::yield();
      if (!readable()) continue;
    } else if (n == 0) {
      broken_ = true;
      co_return make_status(Code::kInputOutput, "the file is shorter than the announced body");
    } else if (errno == EINTR) {
      continue;
    } else if (is_of_the_file(errno)) {
      broken_ = true;
      co_return Status::from_errno(errno, "sendfile");
    }
    bool failed = n < 0 && errno != EAGAIN;
    if (n > 0) {
      assume_writable();
      Progress progress = advance_head();
      if (progress == Progress::kDone) co_return Status();
      if (progress == Progress::kFailed) co_return head_failed();
      continue;
    }
    Status looked = co_await look_for_answer(failed);
    if (!looked.ok() || head_done_) co_return looked;
  }
  co_return Status();
}

ClientConnection::Progress ClientConnection::advance_head() {
  Progress parsed = parse_heads();
  if (parsed != Progress::kBlocked || !readable()) return parsed;
  if (input_.free_size() == 0) {
    if (input_.size() >= home_.options.limits.head_bytes_max) {
      head_bad_ = true;
      return Progress::kFailed;
    }
    input_.reserve_free(input_.size());
  }
  ssize_t n = receive(input_.free_begin(), input_.free_size());
  if (n < 0 && errno == EAGAIN) return Progress::kBlocked;
  if (n <= 0) return Progress::kFailed;
  input_.added(static_cast<size_t>(n));
  return parse_heads();
}

// Goes over interim answers (1xx) to the final one.
ClientConnection::Progress ClientConnection::parse_heads() {
  while (input_.size() > 0) {
    std::string_view data(input_.begin(), input_.size());
    HeadScanner::State state = scanner_.scan(data);
    if (state == HeadScanner::State::kNeedMore) return Progress::kBlocked;
    size_t end = scanner_.end();
    // Before any view is made: a chunked body's framing needs room after the head.
    if (input_.free_size() + (data.size() - end) < kChunkRoom && input_.reserve_free(kChunkRoom))
      data = std::string_view(input_.begin(), input_.size());
    std::string_view head = data.substr(scanner_.begin(), end - scanner_.begin());
    const HttpLimits& limits = home_.options.limits;
    if (state == HeadScanner::State::kBad || end > limits.head_bytes_max || !parse_response_head(head, limits, response_)) {
      head_bad_ = true;
      return Progress::kFailed;
    }
    input_.consumed(end);
    if (response_.status >= 200) {
      head_done_ = true;
      return Progress::kDone;
    }
    if (response_.status == 101 || ++interim_heads_ > kInterimHeadsMax) {
      head_bad_ = true;
      return Progress::kFailed;
    }
    if (response_.status == 100) continue_seen_ = true;
    input_.move_to(0);
    scanner_.reset();
  }
  return Progress::kBlocked;
}

}  // namespace ais::net
