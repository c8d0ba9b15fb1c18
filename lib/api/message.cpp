#include "api/message.h"

#include "api/names.h"
#include "base/log.h"
#include "base/strings.h"

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

Result<ActionMessage> ActionMessage::parse(std::string_view body) {
  AIS_TRY(auto document, codec::JsonDocument::parse(body));
  const codec::JsonView root = document.root();
  if (!root.is_object() && !root.is_null()) return Status(Code::kInvalid, "expected a JSON object with an action");
  AIS_TRY(auto action, root["action"].get_string("action"));
  AIS_TRY(auto name, root["name"].get_string("name"));
  const codec::JsonView value = root["value"];
  return ActionMessage{action.value_or(""), name.value_or(""), value, std::move(document)};
}

std::string action_message(std::string_view action, std::string_view name, std::string_view value_json) {
  codec::JsonWriter out;
  out.begin_object().field("action", action).field("name", name).key("value").raw(value_json).end_object();
  return out.take();
}

net::Task<Status> respond_error(net::HttpExchange& exchange, const Status& error, const std::string& node) {
  const net::HttpRequest& request = exchange.request();
  if (error.code() == Code::kMethodNotAllowed) {
    const std::string allow = is_method_list(error.message()) ? error.message() : std::string();
    co_return co_await respond_method(exchange, allow);
  }
  const int status = error.http_status() >= 400 ? error.http_status() : 500;
  std::string body = error_json(error, status, request.method_text, request.path, exchange.peer_address(),
                                request.headers.get_or_empty(header::kCallerName), node);
  if (status >= 500) {
    AIS_WARN("http", "%.*s %.*s: %d %s", static_cast<int>(request.method_text.size()), request.method_text.data(),
             static_cast<int>(request.path.size()), request.path.data(), status, error.to_string().c_str());
  }
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

net::Task<Status> respond_s3_error(net::HttpExchange& exchange, const Status& error, std::string_view code) {
  const net::HttpRequest& request = exchange.request();
  std::string body = R"(<?xml version="1.0" encoding="UTF-8"?>)";
  body.append("\n<Error><Code>").append(code).append("</Code><Message>").append(xml_text(error.message()));
  body.append("</Message><Resource>").append(xml_text(request.path)).append("</Resource><RequestId></RequestId></Error>");
  exchange.start(error.http_status()).add("Content-Type", "application/xml");
  if (request.method == net::Method::kHead) co_return co_await exchange.send_head_only(std::nullopt);
  co_return co_await exchange.send(body);
}

net::Task<Status> respond_method(net::HttpExchange& exchange, std::string_view allow) {
  const bool options = exchange.request().method == net::Method::kOptions;
  auto head = exchange.start(options ? 200 : 405);
  if (!allow.empty()) head.add("Allow", allow);
  if (!options) head.add("Content-Type", "text/plain; charset=utf-8").add("X-Content-Type-Options", "nosniff");
  const std::string_view body = options ? "" : "Method Not Allowed";
  co_return co_await exchange.send(body);
}

net::Task<Status> respond_json(net::HttpExchange& exchange, std::string json) {
  const bool browser = exchange.request().headers.get_or_empty("User-Agent").starts_with("Mozilla/");
  if (browser) json = indented(std::move(json));
  json += '\n';
  auto head = exchange.start(200);
  head.add("Content-Type", kJsonContentType);
  if (browser) head.add("Strict-Transport-Security", "max-age=31536000");
  co_return co_await exchange.send(json);
}

net::Task<Status> respond_text(net::HttpExchange& exchange, std::string text) {
  auto head = exchange.start(200);
  if (!text.empty()) head.add("Content-Type", "text/plain; charset=utf-8");
  co_return co_await exchange.send(text);
}

bool accepts_msgpack(const net::HttpRequest& request) {
  for (const net::Header& field : request.headers.all()) {
    if (!equals_ignore_case(field.name, "Accept")) continue;
    for (std::string_view item : split(field.value, ',')) {
      if (equals_ignore_case(trim(item.substr(0, item.find(';'))), kMsgpackContentType)) return true;
    }
  }
  return false;
}

}  // namespace ais::api
