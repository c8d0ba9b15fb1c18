// The action envelope of requests and the error body of answers (rest-api 0.2, 0.3, 0.4).
//
// Action messages are JSON. Ours may be MessagePack too (Content-Type application/msgpack, the same keys), because names are bytes and JSON
// carries text only: a message goes as JSON where all of its texts are UTF-8, else as MessagePack.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "codec/json.h"
#include "net/http_server.h"

namespace ais::api {

/// {"action", "name", "value"}: keys in any order and case, unknown ones ignored. Keeps the document alive that `value` views.
struct ActionMessage {
  std::string action;
  std::string name;
  codec::JsonView value;  // null when absent
  codec::JsonDocument document;
  static Result<ActionMessage> parse(std::string_view body);
  /// As the request's Content-Type says: MessagePack or, for every other type, JSON.
  static Result<ActionMessage> read(const net::HttpRequest& request, std::string_view body);
  /// kInvalid when a text is no UTF-8: for actions whose texts become part of documents, which are JSON.
  Status check_utf8() const;
};
/// Serialises an envelope; `value_json` is JSON text ("null" when there is none). For texts that are known to be UTF-8.
std::string action_message(std::string_view action, std::string_view name, std::string_view value_json = "null");

/// The body of a request and its type.
struct MessageBody {
  std::string_view content_type;
  std::string bytes;
};
/// An envelope whose name and value may have any bytes: JSON if it can be, else MessagePack. `packed_value` is MessagePack, nil when there
/// is none.
MessageBody action_body(std::string_view action, std::string_view name, std::string_view packed_value = "\xc0");

/// Bytes of a control request's body that are read at most.
constexpr size_t kControlBodyMax = 1 << 20;

/// The error JSON of 0.4, with trailing newline.
std::string error_json(const Status& error, int http_status, std::string_view method, std::string_view url_path,
                       std::string_view remote_address, std::string_view caller, std::string_view node);
/// What a client reads back out of it: tcode, message, status. Falls back to the text itself.
Status status_from_error(int http_status, std::string_view body);
/// The same for an answer of a node that a gateway passes on: the gateway's own 502 has no text, and means that the node is away.
Status status_from_relayed_error(int http_status, std::string_view body, std::string_view node_id);

/// Answers with the error in the protocol's form: JSON body, or Hdr-Error for HEAD; 405 as plain text with Allow; Retry-After
/// with 429 and 503. `node` is "p[id]" or "t[id]". Logs 5xx.
async::Task<Status> respond_error(net::HttpExchange& exchange, const Status& error, const std::string& node);
/// The error in S3's form: XML with its `code` ("NotImplemented"), status as respond_error; no body for HEAD.
async::Task<Status> respond_s3_error(net::HttpExchange& exchange, const Status& error, std::string_view code);
/// 405 "Method Not Allowed" with `allow`, or 200 with Allow for OPTIONS.
async::Task<Status> respond_method(net::HttpExchange& exchange, std::string_view allow);
/// 200 with JSON and a trailing newline; indented (and with an HSTS header) for browser user agents.
async::Task<Status> respond_json(net::HttpExchange& exchange, std::string json);
/// 200 with bare text, e.g. an id; or with no body for "".
async::Task<Status> respond_text(net::HttpExchange& exchange, std::string text);
/// 200 with one MessagePack value.
async::Task<Status> respond_msgpack(net::HttpExchange& exchange, std::string bytes);
/// True when the body of the request is MessagePack.
bool sends_msgpack(const net::HttpRequest& request);
/// True when the request's Accept list contains application/msgpack.
bool accepts_msgpack(const net::HttpRequest& request);

}  // namespace ais::api
