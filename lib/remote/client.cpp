#include "remote/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>

#include "async/cancel.h"
#include "base/log.h"
#include "base/strings.h"
#include "remote/engine.h"
#include "remote/transfer.h"
#include "remote/url.h"

namespace ais::remote {
namespace {

constexpr std::string_view kTokenBytes = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_token(std::string_view text) { return !text.empty() && text.find_first_not_of(kTokenBytes) == std::string_view::npos; }

// A request is made of the caller's strings: none of them may end a line, or frame the message.
Status check(const Request& request) {
  if (!is_token(request.method) || request.method == "CONNECT") return make_status(Code::kInvalid, "request: a method that cannot be sent");
  for (const auto& [name, value] : request.headers.all()) {
    if (!is_token(name) || has_control_bytes(value))
      return make_status(Code::kInvalid, "request: the header \"%s\" cannot be sent", is_token(name) ? name.c_str() : "?");
    if (equals_ignore_case(name, "Content-Length") || equals_ignore_case(name, "Transfer-Encoding"))
      return make_status(Code::kInvalid, "request: %s follows from the body", name.c_str());
  }
  if (request.source && !request.body.empty()) return make_status(Code::kInvalid, "request: two bodies");
  const bool is_backwards = request.range && request.range->last && *request.range->last < request.range->first;
  return is_backwards ? make_status(Code::kInvalid, "request: a range that ends before it begins") : Status();
}

bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

bool is_repeated_status(int status) {
  constexpr std::array kStatuses{408, 429, 500, 502, 503, 504};
  return std::find(kStatuses.begin(), kStatuses.end(), status) != kStatuses.end();
}

bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 5> kMethods{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

// A server that another one leads to learns nothing but this: what carries credentials has too many names to list them.
void keep_harmless(Headers& headers) {
  Headers kept;
  for (const auto& [name, value] : headers.all()) {
    const std::string lower = to_lower(name);
    const bool harmless = lower.starts_with("accept") || lower.starts_with("content-") || lower.starts_with("if-") || lower == "range" ||
                          lower == "user-agent";
    if (harmless) kept.add(name, value);
  }
  headers = std::move(kept);
}

void drop_body(Request& request) {
  Headers kept;
  for (const auto& [name, value] : request.headers.all())
    if (!to_lower(name).starts_with("content-")) kept.add(name, value);
  request.headers = std::move(kept);
  request.body = {};
  request.source = nullptr;
}

// The source stands at its first byte again, if it was touched.
bool can_send_again(const Request& request, const Transfer& transfer) {
  return !request.source || !transfer.has_body_begun() || request.source->rewind();
}

// Makes `request` and `url` those of the next hop.
Status follow(const Transfer& answer, Request& request, Url& url) {
  const auto location = answer.headers().get("Location");
  const auto refused = [&](std::string_view why) {
    return make_status(Code::kUnexpectedStatus, "%s: redirect (%d): %.*s", url.authority().c_str(), answer.status(),
                       static_cast<int>(why.size()), why.data());
  };
  if (!location) return refused("it does not say where to");
  Result<Url> next = url.resolve(*location);
  if (!next.ok()) return refused(next.status().message());
  if (url.is_https() && !next->is_https()) return refused("from https to http, which is not followed: " + next->authority());
  const int status = answer.status();
  const bool becomes_get = (status == 303 && request.method != "HEAD") || ((status == 301 || status == 302) && request.method == "POST");
  if (becomes_get) {
    request.method = "GET";
    drop_body(request);
  } else if (!can_send_again(request, answer)) {
    return refused("the body had begun and cannot be sent again");
  }
  if (!next->is_same_origin(url)) keep_harmless(request.headers);
  url = std::move(*next);
  return {};
}

}  // namespace

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [own, value] : lines_)
    if (equals_ignore_case(own, name)) return value;
  return std::nullopt;
}

Response::Response(std::unique_ptr<Transfer> transfer) : transfer_(std::move(transfer)) {}
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;
Response::~Response() = default;
int Response::status() const { return transfer_->status(); }
const Headers& Response::headers() const { return transfer_->headers(); }
std::optional<uint64_t> Response::content_length() const { return transfer_->content_length(); }
async::Task<Result<size_t>> Response::read(std::span<char> buffer) { return transfer_->read(buffer); }
async::Task<Result<std::string>> Response::read_all(size_t limit) { return transfer_->read_all(limit); }

struct Client::Impl {
  Impl(std::shared_ptr<Engine> shared, sys::Random seeded, sys::Clock& time)
      : engine(std::move(shared)), random(std::move(seeded)), clock(time) {}

  static async::Task<Result<std::unique_ptr<Transfer>>> send(std::shared_ptr<Impl> impl, Request request);
  /// How long to wait before the request is sent again; nothing: what came is the caller's.
  std::optional<Nanoseconds> delay_before_retry(const Request& request, const Transfer& transfer, const Status& done, int attempt);
  std::optional<Nanoseconds> retry_after(const Transfer& transfer) const;
  void end() {
    ended.cancel();
    engine->end();
  }

  const std::shared_ptr<Engine> engine;
  sys::Random random;
  sys::Clock& clock;
  async::CancelSource ended;
};

std::optional<Nanoseconds> Client::Impl::retry_after(const Transfer& transfer) const {
  const auto text = transfer.headers().get("Retry-After");
  if (!text) return std::nullopt;
  if (const auto seconds = parse_uint(*text)) return std::chrono::seconds(std::min<uint64_t>(*seconds, 1'000'000'000));
  const time_t date = curl_getdate(std::string(*text).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return std::max(Nanoseconds(0), std::chrono::seconds(date) - Nanoseconds(clock.wall_ns()));
}

std::optional<Nanoseconds> Client::Impl::delay_before_retry(const Request& request, const Transfer& transfer, const Status& done,
                                                            int attempt) {
  const Retries& retries = request.retries;
  if (attempt >= retries.attempts || engine->is_ending()) return std::nullopt;
  const bool may_be_sent_twice = is_idempotent(request.method) || !transfer.has_begun();
  if (!may_be_sent_twice) return std::nullopt;
  if (done.ok() && !is_repeated_status(transfer.status())) return std::nullopt;
  const Code code = done.code();
  const bool may_pass = code == Code::kConnectionFailed || code == Code::kConnectionClosed || code == Code::kTimeout;
  if (!done.ok() && (!may_pass || transfer.is_failure_final())) return std::nullopt;
  if (const auto asked = done.ok() ? retry_after(transfer) : std::nullopt) return *asked <= retries.retry_after_max ? asked : std::nullopt;
  const int doublings = std::min(attempt - 1, 20);
  const Nanoseconds whole = std::min(retries.first_delay * (int64_t{1} << doublings), retries.delay_max);
  const auto half = static_cast<uint64_t>(std::max<int64_t>(whole.count() / 2, 0));
  return Nanoseconds(static_cast<int64_t>(half + random.below(half + 1)));
}

async::Task<Result<std::unique_ptr<Transfer>>> Client::Impl::send(std::shared_ptr<Impl> impl, Request request) {
  AIS_CO_RETURN_IF_ERROR(check(request));
  AIS_CO_TRY(Url url, Url::parse(request.url));
  const async::Loop& loop = impl->engine->loop();
  const Nanoseconds whole = request.timeouts.whole;
  const Nanoseconds until = whole.count() > 0 ? loop.now() + whole : Transfer::kNever;
  int redirects = 0;
  int attempt = 1;
  while (!impl->engine->is_ending()) {
    auto transfer = std::make_unique<Transfer>(impl->engine, request, url, until);
    Status done = co_await transfer->exchange();
    if (done.ok() && is_redirect(transfer->status()) && request.redirects_max > 0) {
      if (++redirects > request.redirects_max)
        co_return make_status(Code::kUnexpectedStatus, "%s: more than %d redirects", url.authority().c_str(), request.redirects_max);
      AIS_CO_RETURN_IF_ERROR(follow(*transfer, request, url));
      co_await transfer->drain();
      continue;
    }
    const std::optional<Nanoseconds> delay = impl->delay_before_retry(request, *transfer, done, attempt);
    const bool has_time = delay && (until == Transfer::kNever || *delay < until - loop.now());
    if (!has_time || !can_send_again(request, *transfer)) {
      if (!done.ok()) co_return done;
      co_return transfer;
    }
    const std::string why = done.ok() ? url.authority() + ": status " + std::to_string(transfer->status()) : done.to_string();
    AIS_DEBUG("remote", "%s; again in %lld ms", why.c_str(), static_cast<long long>(delay->count() / 1'000'000));
    if (done.ok()) co_await transfer->drain();
    transfer.reset();
    ++attempt;
    if (!co_await async::sleep_for(*delay, impl->ended.token())) break;
  }
  co_return make_status(Code::kUnavailable, "%s: not asked: this program is about to stop", url.authority().c_str());
}

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() { impl_->end(); }

Result<std::unique_ptr<Client>> Client::create(async::Loop& loop, Options options, sys::Random random, sys::Clock& clock) {
  AIS_TRY(auto engine, Engine::create(loop, std::move(options)));
  return std::unique_ptr<Client>(new Client(std::make_shared<Impl>(std::move(engine), std::move(random), clock)));
}

void Client::end_exchanges() { impl_->end(); }
uint64_t Client::connections_made() const { return impl_->engine->connections_made(); }

async::Task<Result<Response>> Client::send(Request request) {
  const std::shared_ptr<Impl> impl = impl_;
  Result<std::unique_ptr<Transfer>> transfer = co_await Impl::send(impl, std::move(request));
  if (!transfer.ok()) co_return transfer.status();
  co_return Response(std::move(*transfer));
}

}  // namespace ais::remote
