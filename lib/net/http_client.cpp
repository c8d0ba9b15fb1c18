#include "net/http_client.h"

#include <algorithm>

#include "async/offload.h"
#include "base/log.h"
#include "net/client_connection.h"

namespace ais::net {
namespace {

constexpr uint64_t kRedirectBodyMax = 64 * kKiB;

struct Resolve {
  std::string host;
  uint16_t port;
  Result<std::vector<SocketAddress>> operator()() const { return resolve(host, port); }
};

// A request is made of the caller's strings: none of them may end a line of its own.
Status check_request(const ClientRequest& request) {
  for (char c : request.target)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f)
      return make_status(Code::kInvalid, "request target with a blank or control byte");
  if (request.target.empty() || request.method == Method::kOther) return make_status(Code::kInvalid, "request without method or target");
  if (request.host.find_first_of(std::string_view("\r\n\0 /", 5)) != std::string::npos) return make_status(Code::kInvalid, "bad host name");
  if (!request.headers.empty() && !request.headers.ends_with("\r\n"))
    return make_status(Code::kInvalid, "request headers without line end");
  return {};
}

async::Task<Result<std::vector<SocketAddress>>> addresses_of(ClientPool& pool, const ClientRequest& request) {
  std::vector<SocketAddress> immediate = immediate_addresses(request.host, request.port, request.unix_path);
  if (!immediate.empty()) co_return immediate;
  if (!request.unix_path.empty()) co_return make_status(Code::kInvalid, "socket path is too long: %s", request.unix_path.c_str());
  Resolve job{request.host, request.port};
  async::OffloadAwaiter<Resolve> resolving(pool.resolver, std::move(job));
  co_return co_await resolving;
}

// The absolute URL of a redirect: `location` as it is, or relative to what was asked.
Status apply_location(std::string_view location, ClientRequest& request) {
  if (location.find("://") != std::string_view::npos) {
    AIS_TRY(Url url, Url::parse(location));
    request.set_url(url);
    request.unix_path.clear();
    return {};
  }
  if (location.starts_with("//")) {
    AIS_TRY(Url url, Url::parse("http:" + std::string(location)));
    request.set_url(url);
    request.unix_path.clear();
    return {};
  }
  location = location.substr(0, location.find('#'));
  std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  std::string target;
  if (location.starts_with('/')) {
    target = location;
  } else if (location.starts_with('?')) {
    target = std::string(path) + std::string(location);
  } else {
    target = std::string(path.substr(0, path.rfind('/') + 1)) + std::string(location);
  }
  request.target = std::move(target);
  return check_request(request);
}

bool is_followed(int status) { return status == 301 || status == 302 || status == 307 || status == 308; }
// What a peer may be asked twice without doing more than it was asked once.
bool is_idempotent(Method method) { return method != Method::kPost && method != Method::kPatch && method != Method::kOther; }
bool is_success(int status) { return status >= 200 && status <= 299; }

// The body of a request, taken out of it for a while.
struct HeldBody {
  std::string_view text;
  int fd = -1;
  uint64_t length = 0;
  bool is_held = false;

  void take(ClientRequest& request) {
    is_held = true;
    text = std::exchange(request.body, {});
    fd = std::exchange(request.body_fd, -1);
    length = std::exchange(request.body_length, 0);
  }
  void give_back(ClientRequest& request) {
    is_held = false;
    request.body = text;
    request.body_fd = fd;
    request.body_length = length;
  }
};

}  // namespace

void ClientRequest::set_url(const Url& url) {
  host = url.host;
  port = url.port;
  target = url.target;
}

void ClientRequest::add_header(std::string_view name, std::string_view value) {
  headers += name;
  headers += ": ";
  for (char c : value) headers += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  headers += "\r\n";
}

ClientResponse::ClientResponse() = default;
ClientResponse::ClientResponse(ClientResponse&&) noexcept = default;
ClientResponse& ClientResponse::operator=(ClientResponse&& other) noexcept {
  if (this == &other) return *this;
  if (connection_) ClientConnection::finish(std::move(connection_));
  connection_ = std::move(other.connection_);
  return *this;
}
ClientResponse::~ClientResponse() {
  if (connection_) ClientConnection::finish(std::move(connection_));
}

int ClientResponse::status() const { return connection_->response().status; }
const HeaderList& ClientResponse::headers() const { return connection_->response().headers; }
std::optional<uint64_t> ClientResponse::content_length() const { return connection_->response().content_length; }
async::Task<Result<size_t>> ClientResponse::read(std::span<char> buffer) { return connection_->read(buffer); }
async::Task<Result<std::string>> ClientResponse::read_all(size_t limit) { return connection_->read_all(limit); }
async::Task<Result<uint64_t>> ClientResponse::discard() { return connection_->discard(); }

struct HttpClient::Impl : ClientPool {
  using ClientPool::ClientPool;
  /// A refusal says nothing about what the peer does with the requests that it takes.
  void learn_from(const ClientRequest& request, int status) {
    if (is_followed(status) || is_success(status)) peer_of(request).redirects = is_followed(status);
  }
  static async::Task<Result<ClientResponse>> send(std::shared_ptr<Impl> impl, const ClientRequest& request, int64_t until);
};

HttpClient::HttpClient(EventLoop& loop, HttpClientOptions options) : impl_(std::make_shared<Impl>(loop, std::move(options))) {
  ignore_sigpipe();
}

HttpClient::~HttpClient() { impl_->shut_down(); }
void HttpClient::end_exchanges() { impl_->end_exchanges(); }
EventLoop& HttpClient::loop() { return impl_->loop; }
const HttpClientOptions& HttpClient::options() const { return impl_->options; }

async::Task<Result<ClientResponse>> HttpClient::Impl::send(std::shared_ptr<Impl> impl, const ClientRequest& request, int64_t until) {
  Status valid = check_request(request);
  if (!valid.ok()) co_return valid;
  ClientPeer& peer = impl->peer_of(request);
  // What must not be repeated is worth a look at the connection first.
  bool is_repeatable = is_idempotent(request.method);
  using Freshness = ClientPool::Freshness;
  std::unique_ptr<ClientConnection> connection = impl->take_idle(peer, is_repeatable ? Freshness::kAsSeen : Freshness::kAsked);
  bool may_retry = connection != nullptr;
  while (true) {
    if (impl->is_ending()) co_return make_status(Code::kUnavailable, "%s: not asked: this program is about to stop", peer.name.c_str());
    if (!connection) {
      // Counted as one of the peer's before anything is awaited: the peer's entry stays.
      connection = std::make_unique<ClientConnection>(impl, peer);
      Result<std::vector<SocketAddress>> addresses = co_await addresses_of(*impl, request);
      if (!addresses.ok()) co_return addresses.status();
      const Nanoseconds begun = impl->loop.now();
      Status connected = co_await connection->connect(*addresses, until);
      if (request.connecting && connected.ok()) {
        request.connecting->took += impl->loop.now() - begun;
        ++request.connecting->made;
      }
      if (!connected.ok()) co_return connected.with_context(peer.name);
    }
    Status done = co_await connection->exchange(request, until);
    if (done.ok()) break;
    bool retries = may_retry && connection->failed_before_answer() && (is_repeatable || !connection->has_sent());
    connection.reset();
    if (!retries) co_return done;
    may_retry = false;
  }
  ClientResponse response;
  response.connection_ = std::move(connection);
  co_return response;
}

async::Task<Result<ClientResponse>> HttpClient::send(ClientRequest request) {
  std::shared_ptr<Impl> impl = impl_;
  int64_t until = request.timeout.count() > 0 ? (impl->loop.now() + request.timeout).count() : SocketStream::kNever;
  co_return co_await Impl::send(impl, request, until);
}

async::Task<Result<ClientResponse>> HttpClient::send_following(ClientRequest request, int redirects_max) {
  std::shared_ptr<Impl> impl = impl_;
  int64_t until = request.timeout.count() > 0 ? (impl->loop.now() + request.timeout).count() : SocketStream::kNever;
  HeldBody held;
  if (request.body_after_redirect && impl->peer_of(request).redirects) held.take(request);
  for (int redirects = 0;; ++redirects) {
    Result<ClientResponse> answer = co_await Impl::send(impl, request, until);
    if (request.body_after_redirect && answer.ok() && redirects == 0) impl->learn_from(request, answer->status());
    bool repeated = held.is_held && answer.ok() && is_success(answer->status());
    if (!answer.ok() || (!is_followed(answer->status()) && !repeated)) co_return answer;
    if (request.body_source && request.body_source->begun && !repeated)
      co_return make_status(Code::kUnexpectedStatus, "a redirect after the body had begun, which cannot be sent again");
    auto location = answer->headers().get("Location");
    if (!repeated && (!location || redirects == redirects_max)) co_return answer;
    Status applied;
    if (!repeated) applied = apply_location(*location, request);
    if (!applied.ok()) co_return applied.with_context("redirect");
    if (held.is_held) held.give_back(request);
    // To its end, so that the connection can be used again; an answer that does not end soon is not worth it.
    if (answer->content_length().value_or(kRedirectBodyMax + 1) > kRedirectBodyMax) continue;
    Result<uint64_t> discarded = co_await answer->discard();
    if (!discarded.ok()) AIS_DEBUG("net", "redirect: %s", discarded.status().to_string().c_str());
  }
}

}  // namespace ais::net
