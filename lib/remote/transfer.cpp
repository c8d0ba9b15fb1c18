#include "remote/transfer.h"

#include <curl/curl.h>
#include <string.h>

#include <algorithm>

#include "base/strings.h"

namespace ais::remote {
namespace {

constexpr size_t kDrainBytesMax = 64 * 1024;
constexpr long kReceiveBytes = 64 * 1024;  // for one recv()
constexpr int kExpectationFailed = 417;

static_assert(CURL_ERROR_SIZE == 256, "the size of Transfer::error_text_");

long to_milliseconds(Nanoseconds time) { return std::max<long>(1, static_cast<long>((time.count() + 999'999) / 1'000'000)); }

bool is_idempotent(std::string_view method) { return method != "POST" && method != "PATCH"; }

}  // namespace

// The one who waits for a change of the transfer.
struct Transfer::Change : private async::Resumption {
  explicit Change(Transfer& owner) : transfer(owner) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    suspend(handle);
    transfer.waiting_ = this;
  }
  void await_resume() const noexcept {}
  using async::Resumption::resume_later;
  Transfer& transfer;
};

void Transfer::wake() {
  if (waiting_) std::exchange(waiting_, nullptr)->resume_later();
}

// ---------------------------------------------------------------- what libcurl calls

struct Transfer::Callbacks {
  static size_t header(char* data, size_t, size_t size, Transfer* self) { return self->on_header({data, size}); }
  static size_t body(char* data, size_t, size_t size, Transfer* self) { return self->on_body({data, size}); }
  static size_t send(char* room, size_t unit, size_t count, Transfer* self) { return self->on_send({room, unit * count}); }
  static int begin(Transfer* self, char*, char*, int, int) {
    // On a kept connection that the server closes just now libcurl sends the request again by itself.
    if (std::exchange(self->begun_, true) && !self->is_repeatable_) {
      self->failure_ = make_status(Code::kConnectionClosed, "closed the connection without an answer, and it is not asked twice");
      return CURL_PREREQFUNC_ABORT;
    }
    self->moved_at_ = self->engine_->loop().now();
    return CURL_PREREQFUNC_OK;
  }
  // For what libcurl sends again by itself, as above and after 417.
  static int rewind(Transfer* self, curl_off_t offset, int origin) {
    if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_FAIL;
    if (!self->body_begun_) return CURL_SEEKFUNC_OK;
    if (self->source_) return CURL_SEEKFUNC_FAIL;
    self->piece_ = self->text_;
    self->body_ended_ = self->text_.empty();
    return CURL_SEEKFUNC_OK;
  }
};

size_t Transfer::on_header(std::string_view line) {
  if (head_done_) return line.size();  // a trailer
  head_bytes_ += line.size();
  if (head_bytes_ > engine_->options().head_bytes_max) {
    failure_ = make_status(Code::kHeadersTooLarge, "the answer's head is longer than %zu bytes", engine_->options().head_bytes_max);
    return 0;
  }
  take_header(line);
  return line.size();
}

void Transfer::take_header(std::string_view line) {
  const std::string_view text = trim(line);
  if (text.starts_with("HTTP/")) {  // the first line of a head; one of 1xx may have come before
    headers_.clear();
    status_ = 0;
    const size_t blank = text.find(' ');
    if (blank != std::string_view::npos) status_ = static_cast<int>(parse_uint(text.substr(blank + 1, 3)).value_or(0));
  } else if (text.empty()) {
    // After 417 libcurl may send the request again without "Expect", then there is another head.
    if (status_ >= 200 && status_ != kExpectationFailed) end_head();
  } else if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    headers_.add(text.substr(0, colon), trim(text.substr(colon + 1)));
  }
}

void Transfer::end_head() {
  if (std::exchange(head_done_, true)) return;
  wake();
}

size_t Transfer::on_body(std::string_view bytes) {
  const size_t size = bytes.size();
  end_head();
  if (discarding_) {
    discarded_ += size;
    return discarded_ > kDrainBytesMax ? 0 : size;
  }
  const size_t direct = unread() > 0 ? 0 : std::min(size, reader_.size() - filled_);
  const size_t kept = size - direct;
  if (unread() > 0 && unread() + kept > engine_->options().buffer_bytes) {
    receiving_paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  if (direct > 0) {
    memcpy(reader_.data() + filled_, bytes.data(), direct);
    filled_ += direct;
  }
  if (read_offset_ > 0 && read_offset_ >= unread()) {
    received_.erase(0, read_offset_);
    read_offset_ = 0;
  }
  received_.append(bytes.substr(direct));
  wake();
  return size;
}

size_t Transfer::on_send(std::span<char> room) {
  if (!sends_body_) return CURL_READFUNC_ABORT;
  if (piece_.empty() && !body_ended_) {
    body_wanted_ = true;
    wake();
    return CURL_READFUNC_PAUSE;
  }
  const size_t size = std::min(room.size(), piece_.size());
  memcpy(room.data(), piece_.data(), size);
  piece_.remove_prefix(size);
  if (size > 0) body_begun_ = true;
  if (!source_ && piece_.empty()) body_ended_ = true;
  if (body_ended_) wake();
  return size;
}

// ---------------------------------------------------------------- options

Transfer::Transfer(std::shared_ptr<Engine> engine, const Request& request, const Url& url, Nanoseconds until)
    : engine_(std::move(engine)), easy_(curl_easy_init()), authority_(url.authority()), stall_timeout_(request.timeouts.stall) {
  if (!easy_) return;
  curl_easy_setopt(easy_, CURLOPT_URL, url.text().c_str());
  set_options(request, until);
  set_method(request);
  set_tls();
}

Transfer::~Transfer() {
  if (stall_timer_) engine_->loop().cancel_timer(stall_timer_);
  if (!easy_) return;
  engine_->remove(*this, easy_);
  curl_easy_cleanup(easy_);
  curl_slist_free_all(header_lines_);
}

void Transfer::set_options(const Request& request, Nanoseconds until) {
  const Options& options = engine_->options();
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  // Whoever gives up while a name is being resolved would otherwise wait for the resolver's thread, and the loop with it.
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, kReceiveBytes);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, options.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy_, CURLOPT_PIPEWAIT, options.http2 ? 1L : 0L);
  if (options.proxy == "none") curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  else if (!options.proxy.empty()) curl_easy_setopt(easy_, CURLOPT_PROXY, options.proxy.c_str());
  if (!options.proxy.empty()) curl_easy_setopt(easy_, CURLOPT_NOPROXY, "");
  // What a proxy answers to CONNECT is not the answer.
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, to_milliseconds(request.timeouts.connect));
  if (until != kNever) curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, to_milliseconds(until - engine_->loop().now()));
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Callbacks::header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Callbacks::body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Callbacks::send);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  curl_easy_setopt(easy_, CURLOPT_SEEKFUNCTION, &Callbacks::rewind);
  curl_easy_setopt(easy_, CURLOPT_SEEKDATA, this);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &Callbacks::begin);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
}

void Transfer::set_method(const Request& request) {
  const std::string& method = request.method;
  is_repeatable_ = is_idempotent(method);
  source_ = request.source;
  if (!source_) piece_ = text_ = request.body;
  body_left_ = source_ ? source_->length() : std::optional<uint64_t>(request.body.size());
  sends_body_ = source_ || !piece_.empty() || method == "PUT" || method == "POST" || method == "PATCH";
  body_ended_ = body_left_ == 0u;
  if (method == "HEAD") curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  else curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (sends_body_) {
    curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, body_left_ ? static_cast<curl_off_t>(*body_left_) : curl_off_t{-1});
  }
  for (const auto& [name, value] : request.headers.all()) {
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    header_lines_ = curl_slist_append(header_lines_, line.c_str());
  }
  if (request.range) {
    std::string line = "Range: bytes=" + std::to_string(request.range->first) + "-";
    if (request.range->last) line += std::to_string(*request.range->last);
    header_lines_ = curl_slist_append(header_lines_, line.c_str());
  }
  if (header_lines_) curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, header_lines_);
}

void Transfer::set_tls() {
  const TlsOptions& tls = engine_->options().tls;
  curl_easy_setopt(easy_, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  curl_easy_setopt(easy_, CURLOPT_PROXY_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_PROXY_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  if (!tls.ca_file.empty() || !tls.ca_directory.empty()) {
    const char* file = tls.ca_file.empty() ? nullptr : tls.ca_file.c_str();
    const char* directory = tls.ca_directory.empty() ? nullptr : tls.ca_directory.c_str();
    // Both each time: what is not said must not be the system's.
    curl_easy_setopt(easy_, CURLOPT_CAINFO, file);
    curl_easy_setopt(easy_, CURLOPT_CAPATH, directory);
    curl_easy_setopt(easy_, CURLOPT_PROXY_CAINFO, file);
    curl_easy_setopt(easy_, CURLOPT_PROXY_CAPATH, directory);
  }
  if (!tls.client_certificate.empty()) curl_easy_setopt(easy_, CURLOPT_SSLCERT, tls.client_certificate.c_str());
  if (!tls.client_key.empty()) curl_easy_setopt(easy_, CURLOPT_SSLKEY, tls.client_key.c_str());
}

// ---------------------------------------------------------------- the end of it

Status Transfer::failure_of(int code) {
  const char* text = error_text_[0] ? error_text_.data() : curl_easy_strerror(static_cast<CURLcode>(code));
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH: failure_is_final_ = true; return make_status(Code::kConnectionFailed, "TLS: %s", text);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED: return make_status(Code::kConnectionFailed, "TLS: %s", text);
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT: return make_status(Code::kInvalid, "%s", text);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY: return make_status(Code::kConnectionFailed, "%s", text);
    case CURLE_OPERATION_TIMEDOUT: return make_status(Code::kTimeout, "%s", text);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return make_status(Code::kBadRequest, "the answer is not HTTP: %s", text);
    case CURLE_OUT_OF_MEMORY: return make_status(Code::kOutOfMemory, "%s", text);
    case CURLE_SEND_FAIL_REWIND: return make_status(Code::kConnectionClosed, "closed the connection, and the body cannot be sent again");
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      // Before the request began, this was a proxy that refused or a handshake that broke.
      return make_status(begun_ ? Code::kConnectionClosed : Code::kConnectionFailed, "%s", text);
    default: return make_status(Code::kInternal, "libcurl: %s", text);
  }
}

void Transfer::finished(int code) {
  if (code != CURLE_OK && failure_.ok()) failure_ = failure_of(code);
  if (code == CURLE_OK) end_head();
  fail(failure_);
}

void Transfer::fail(Status why) {
  if (done_) return;
  done_ = true;
  failure_ = why.with_context(authority_);
  receiving_paused_ = false;
  engine_->remove(*this, easy_);
  wake();
}

// ---------------------------------------------------------------- waiting

uint64_t Transfer::bytes_moved() const {
  curl_off_t sent = 0, received = 0;
  curl_easy_getinfo(easy_, CURLINFO_SIZE_UPLOAD_T, &sent);
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &received);
  return static_cast<uint64_t>(sent) + static_cast<uint64_t>(received) + head_bytes_;
}

// libcurl has a limit of its own for slow transfers, in whole seconds, which takes a source that has nothing for a stall.
void Transfer::watch_progress() {
  if (stall_timeout_.count() <= 0) return;
  stall_timer_ = engine_->loop().add_timer(stall_timeout_ / 4, [this] {
    stall_timer_ = 0;
    if (done_) return;
    const uint64_t bytes = bytes_moved();
    const bool waits_for_us = receiving_paused_ || body_wanted_ || !begun_;
    if (waits_for_us || bytes != bytes_seen_moved_) moved_at_ = engine_->loop().now();
    bytes_seen_moved_ = bytes;
    if (engine_->loop().now() - moved_at_ < stall_timeout_) return watch_progress();
    fail(make_status(Code::kTimeout, "no byte moved for %.3g s", static_cast<double>(stall_timeout_.count()) / 1e9));
  });
}

void Transfer::set_pauses(bool receiving, bool sending) {
  receiving_paused_ = receiving;
  body_wanted_ = sending;
  if (!done_) curl_easy_pause(easy_, (receiving ? CURLPAUSE_RECV : 0) | (sending ? CURLPAUSE_SEND : 0));
}

void Transfer::resume_receiving() {
  if (receiving_paused_ && unread() <= engine_->options().buffer_bytes / 2) set_pauses(false, body_wanted_);
}

void Transfer::release_body() {
  piece_ = text_ = {};
  source_ = nullptr;
  sends_body_ = false;
}

async::Task<Status> Transfer::next_piece() {
  body_begun_ = true;
  Result<std::string_view> next = co_await source_->next();
  if (!next.ok()) co_return next.status();
  piece_ = *next;
  if (body_left_) {
    if (piece_.size() > *body_left_ || (piece_.empty() && *body_left_ > 0))
      co_return make_status(Code::kInvalid, "the body is %s than its source said", piece_.empty() ? "shorter" : "longer");
    *body_left_ -= piece_.size();
  }
  body_ended_ = piece_.empty() || body_left_ == 0u;
  if (body_wanted_) set_pauses(receiving_paused_, false);
  co_return Status();
}

async::Task<Status> Transfer::exchange() {
  if (!easy_) co_return make_status(Code::kOutOfMemory, "libcurl: no handle");
  AIS_CO_RETURN_IF_ERROR(engine_->add(*this, easy_));
  watch_progress();
  while (!done_ && !(head_done_ && (is_body_sent() || status_ >= 300))) {
    if (body_wanted_ && source_) {
      Status supplied = co_await next_piece();
      if (supplied.ok()) continue;
      fail(std::move(supplied));
      failure_is_final_ = true;
    } else {
      co_await Change(*this);
    }
  }
  release_body();
  if (done_ && !failure_.ok() && (!head_done_ || status_ < 300)) co_return failure_;
  co_return Status();
}

async::Task<void> Transfer::drain() {
  discarding_ = true;
  received_.clear();
  read_offset_ = 0;
  if (receiving_paused_) set_pauses(false, false);
  while (!done_) co_await Change(*this);
}

std::optional<uint64_t> Transfer::content_length() const {
  const auto text = headers_.get("Content-Length");
  return text ? parse_uint(*text) : std::nullopt;
}

size_t Transfer::take_unread(std::span<char> buffer) {
  const size_t size = std::min(unread(), buffer.size());
  memcpy(buffer.data(), received_.data() + read_offset_, size);
  read_offset_ += size;
  if (unread() == 0) {
    received_.clear();
    read_offset_ = 0;
  }
  return size;
}

async::Task<Result<size_t>> Transfer::read(std::span<char> buffer) {
  if (buffer.empty()) co_return size_t{0};
  if (unread() == 0 && !done_) {
    reader_ = buffer;
    filled_ = 0;
    resume_receiving();
    while (filled_ == 0 && !done_) co_await Change(*this);
    reader_ = {};
    if (const size_t size = std::exchange(filled_, 0)) co_return size;
  }
  if (unread() > 0) {
    const size_t size = take_unread(buffer);
    resume_receiving();
    co_return size;
  }
  if (!failure_.ok()) co_return failure_;
  co_return size_t{0};
}

async::Task<Result<std::string>> Transfer::read_all(size_t limit) {
  constexpr size_t kPiece = 64 * 1024;
  std::string body;
  const uint64_t announced = content_length().value_or(0);
  if (announced > limit) co_return make_status(Code::kPayloadTooLarge, "%s: a body of more than %zu bytes", authority_.c_str(), limit);
  while (true) {
    const size_t size = body.size();
    body.resize(std::min(size + kPiece, limit + 1));
    Result<size_t> got = co_await read(std::span(body).subspan(size));
    if (!got.ok()) co_return got.status();
    body.resize(size + *got);
    if (body.size() > limit) co_return make_status(Code::kPayloadTooLarge, "%s: a body of more than %zu bytes", authority_.c_str(), limit);
    if (*got == 0) co_return body;
  }
}

}  // namespace ais::remote
