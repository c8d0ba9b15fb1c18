// The error body of answers: both directions (rest-api 0.4).
#include <array>

#include "api/message.h"
#include "base/strings.h"
#include "codec/utf8.h"
#include "net/http_types.h"

namespace ais::api {
namespace {

struct TypeRow {
  Code code;
  std::string_view type_name;
};
constexpr TypeRow kTypes[] = {
#define AIS_CODE(name, number, status, type_name, retryable) {Code::k##name, type_name},
#include "base/codes.def"
#undef AIS_CODE
};

Code code_of_http_status(int status) {
  switch (status) {
    case 400: return Code::kBadRequest;
    case 401: return Code::kUnauthorized;
    case 403: return Code::kPermissionDenied;
    case 404: return Code::kNotFound;
    case 405: return Code::kMethodNotAllowed;
    case 406: return Code::kNotAcceptable;
    case 408: return Code::kRequestTimeout;
    case 409: return Code::kAlreadyExists;
    case 411: return Code::kLengthRequired;
    case 412: return Code::kPreconditionFailed;
    case 413: return Code::kPayloadTooLarge;
    case 416: return Code::kRangeNotSatisfiable;
    case 429: return Code::kTooManyRequests;
    case 431: return Code::kHeadersTooLarge;
    case 500: return Code::kInternal;
    case 501: return Code::kUnsupported;
    case 502: return Code::kConnectionFailed;
    case 503: return Code::kUnavailable;
    case 504: return Code::kTimeout;
    case 507: return Code::kCapacityExceeded;
    default: return Code::kUnexpectedStatus;
  }
}

Code code_of(std::string_view type_name, int status) {
  // Two codes share this name; on the wire it is about objects.
  if (type_name == aistore_type_name(Code::kObjectNotFound)) return Code::kObjectNotFound;
  if (!type_name.empty()) {
    for (const TypeRow& row : kTypes) {
      if (row.type_name == type_name) return row.code;
    }
  }
  return code_of_http_status(status);
}

}  // namespace

std::string error_json(const Status& error, int http_status, std::string_view method, std::string_view url_path,
                       std::string_view remote_address, std::string_view caller, std::string_view node) {
  codec::JsonWriter out;
  out.begin_object();
  if (const auto type_name = aistore_type_name(error.code()); !type_name.empty()) out.field("tcode", type_name);
  // The text goes into a header too, and to people: names in it may be any bytes.
  out.field("message", codec::printable(error.message())).field("method", method).field("url_path", codec::printable(url_path));
  out.field("remote_addr", remote_address).field("caller", codec::printable(caller)).field("node", node).field("status", http_status);
  out.end_object();
  return out.take().append("\n");
}

Status status_from_error(int http_status, std::string_view body) {
  std::string type_name;
  std::string message;
  if (const auto document = codec::JsonDocument::parse(trim(body)); document.ok() && document->root().is_object()) {
    type_name = document->root()["tcode"].string_or("");
    message = document->root()["message"].string_or("");
  } else {
    constexpr size_t kTextMax = 1024;  // an answer that is not ours, e.g. a proxy's page
    message = std::string(trim(body).substr(0, kTextMax));
  }
  if (message.empty()) message = "HTTP status " + std::to_string(http_status) + " " + std::string(net::reason_phrase(http_status));
  return Status(code_of(type_name, http_status), std::move(message)).with_http_status(http_status);
}

Status status_from_relayed_error(int http_status, std::string_view body, std::string_view node_id) {
  if (http_status != 502 || !body.empty()) return status_from_error(http_status, body);
  return Status(Code::kUnavailable, "the gateway cannot reach " + std::string(node_id)).with_http_status(http_status);
}

}  // namespace ais::api
