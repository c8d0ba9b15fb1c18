#include "api/message.h"

#include <atomic>
#include <chrono>

#include "api/names.h"
#include "async/loop.h"
#include "base/assert.h"
#include "base/log.h"
#include "base/strings.h"
#include "codec/msgpack.h"
#include "codec/utf8.h"

namespace ais::api {
namespace {

// For people who look with a browser.
constexpr int kIndent = 4;

Status write_indented(codec::JsonView in, codec::JsonWriter& out) {
  if (in.is_object()) {
    out.begin_object();
    AIS_RETURN_IF_ERROR(in.for_each([&](std::string_view key, codec::JsonView value) {
      out.key(key);
      return write_indented(value, out);
    }));
    out.end_object();
  } else if (in.is_array()) {
    out.begin_array();
    AIS_RETURN_IF_ERROR(in.for_each([&](std::string_view, codec::JsonView value) { return write_indented(value, out); }));
    out.end_array();
  } else if (in.is_null()) {
    out.null();
  } else {
    out.raw(in.to_text());
  }
  return {};
}

std::string indented(std::string json) {
  const auto document = codec::JsonDocument::parse(json);
  if (!document.ok()) return json;
  codec::JsonWriter out(kIndent);
  if (!write_indented(document->root(), out).ok()) return json;
  return out.take();
}

// XML has no way to write most control bytes.
std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c < ' ' || c > '~' ? '?' : c;
  }
  return out;
}

// The message of kMethodNotAllowed is the list of methods; anything else must not end up in Allow.
bool is_method_list(std::string_view text) {
  return !text.empty() && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ, ") == std::string_view::npos;
}

}  // namespace

namespace {

Result<ActionMessage> message_of(codec::JsonDocument document) {
  const codec::JsonView root = document.root();
  if (!root.is_object() && !root.is_null()) return Status(Code::kInvalid, "expected an object with an action");
  AIS_TRY(auto action, root["action"].get_string("action"));
  AIS_TRY(auto name, root["name"].get_string("name"));
  const codec::JsonView value = root["value"];
  return ActionMessage{action.value_or(""), name.value_or(""), value, std::move(document)};
}

bool is_msgpack(std::string_view media_type) {
  return equals_ignore_case(trim(media_type.substr(0, media_type.find(';'))), kMsgpackContentType);
}

}  // namespace

Result<ActionMessage> ActionMessage::parse(std::string_view body) {
  AIS_TRY(auto document, codec::JsonDocument::parse(body));
  return message_of(std::move(document));
}

Result<ActionMessage> ActionMessage::read(const net::HttpRequest& request, std::string_view body) {
  if (!sends_msgpack(request)) return parse(body);
  AIS_TRY(auto document, codec::JsonDocument::parse_msgpack(body));
  return message_of(std::move(document));
}

Status ActionMessage::check_utf8() const {
  if (document.is_utf8()) return {};
  return Status(Code::kInvalid, "action \"" + codec::printable(action) + "\": a text is not UTF-8");
}

std::string action_message(std::string_view action, std::string_view name, std::string_view value_json) {
  codec::JsonWriter out;
  out.begin_object().field("action", action).field("name", name).key("value").raw(value_json).end_object();
  return out.take();
}

MessageBody action_body(std::string_view action, std::string_view name, std::string_view packed_value) {
  std::string packed;
  codec::MsgpackWriter out(packed);
  out.map(3);
  out.string("action");
  out.string(action);
  out.string("name");
  out.string(name);
  out.string("value");
  out.raw(packed_value);
  const auto document = codec::JsonDocument::parse_msgpack(packed);
  AIS_ASSERT_MSG(document.ok(), "the value of a message is no MessagePack");
  if (document->is_utf8()) return {kJsonContentType, document->root().to_text()};
  return {kMsgpackContentType, std::move(packed)};
}

namespace {

// Clients repeat what fails: the first failures of each second are told, the others counted.
void log_failure(const net::HttpRequest& request, int status, const Status& error) {
  constexpr uint64_t kLinesEachSecond = 10;
  static std::atomic<int64_t> second{0};
  static std::atomic<uint64_t> failures{0};
  const int64_t now = std::chrono::floor<std::chrono::seconds>(async::Loop::current()->now()).count();
  uint64_t untold = 0;
  if (int64_t before = second.load(); before != now && second.compare_exchange_strong(before, now)) {
    const uint64_t told_and_not = failures.exchange(0);
    if (told_and_not > kLinesEachSecond) untold = told_and_not - kLinesEachSecond;
  }
  if (untold > 0) AIS_WARN("http", "%llu further requests failed", static_cast<unsigned long long>(untold));
  if (failures.fetch_add(1) >= kLinesEachSecond) return;
  AIS_WARN("http", "%.*s %.*s: %d %s", static_cast<int>(request.method_text.size()), request.method_text.data(),
           static_cast<int>(request.path.size()), request.path.data(), status, error.to_string().c_str());
}

}  // namespace

async::Task<Status> respond_error(net::HttpExchange& exchange, const Status& error, const std::string& node) {
  const net::HttpRequest& request = exchange.request();
  if (error.code() == Code::kMethodNotAllowed) {
    const std::string allow = is_method_list(error.message()) ? error.message() : std::string();
    co_return co_await respond_method(exchange, allow);
  }
  const int status = error.http_status() >= 400 ? error.http_status() : 500;
  std::string body = error_json(error, status, request.method_text, request.path, exchange.peer_address(),
                                request.headers.get_or_empty(header::kCallerName), node);
  if (status >= 500) log_failure(request, status, error);
  auto head = exchange.start(status);
  head.add("Content-Type", "application/json").add("X-Content-Type-Options", "nosniff");
  if (status == 429 || status == 503) head.add("Retry-After", uint64_t{1});
  if (request.method == net::Method::kHead) {
    body.pop_back();  // the newline
    head.add(header::kError, body);
    co_return co_await exchange.send_head_only(std::nullopt);
  }
  co_return co_await exchange.send(body);
}

async::Task<Status> respond_s3_error(net::HttpExchange& exchange, const Status& error, std::string_view code) {
  const net::HttpRequest& request = exchange.request();
  std::string body = R"(<?xml version="1.0" encoding="UTF-8"?>)";
  body.append("\n<Error><Code>").append(code).append("</Code><Message>").append(xml_text(error.message()));
  body.append("</Message><Resource>").append(xml_text(request.path)).append("</Resource><RequestId></RequestId></Error>");
  exchange.start(error.http_status()).add("Content-Type", "application/xml");
  if (request.method == net::Method::kHead) co_return co_await exchange.send_head_only(std::nullopt);
  co_return co_await exchange.send(body);
}

async::Task<Status> respond_method(net::HttpExchange& exchange, std::string_view allow) {
  const bool options = exchange.request().method == net::Method::kOptions;
  auto head = exchange.start(options ? 200 : 405);
  if (!allow.empty()) head.add("Allow", allow);
  if (!options) head.add("Content-Type", "text/plain; charset=utf-8").add("X-Content-Type-Options", "nosniff");
  const std::string_view body = options ? "" : "Method Not Allowed";
  co_return co_await exchange.send(body);
}

async::Task<Status> respond_json(net::HttpExchange& exchange, std::string json) {
  const bool browser = exchange.request().headers.get_or_empty("User-Agent").starts_with("Mozilla/");
  if (browser) json = indented(std::move(json));
  json += '\n';
  auto head = exchange.start(200);
  head.add("Content-Type", kJsonContentType);
  if (browser) head.add("Strict-Transport-Security", "max-age=31536000");
  co_return co_await exchange.send(json);
}

async::Task<Status> respond_text(net::HttpExchange& exchange, std::string text) {
  auto head = exchange.start(200);
  if (!text.empty()) head.add("Content-Type", "text/plain; charset=utf-8");
  co_return co_await exchange.send(text);
}

async::Task<Status> respond_msgpack(net::HttpExchange& exchange, std::string bytes) {
  exchange.start(200).add("Content-Type", kMsgpackContentType);
  co_return co_await exchange.send(bytes);
}

bool sends_msgpack(const net::HttpRequest& request) { return is_msgpack(request.headers.get_or_empty("Content-Type")); }

bool accepts_msgpack(const net::HttpRequest& request) {
  for (const net::Header& field : request.headers.all()) {
    if (!equals_ignore_case(field.name, "Accept")) continue;
    for (std::string_view item : split(field.value, ',')) {
      if (is_msgpack(item)) return true;
    }
  }
  return false;
}

}  // namespace ais::api
