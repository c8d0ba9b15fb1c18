#include "net/http_types.h"

#include <array>

#include "base/strings.h"

namespace ais::net {
namespace {

struct Reason {
  int status;
  std::string_view phrase;
};

constexpr Reason kReasons[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Payload Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Entity"},
    {423, "Locked"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

bool is_host_byte(char c) {
  unsigned char byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7f && c != '/' && c != '?' && c != '#' && c != '@' && c != '[' && c != ']' && c != '\\' && c != ':';
}

Status bad_url(std::string_view text, const char* why) {
  return make_status(Code::kInvalid, "URL \"%.*s\": %s", static_cast<int>(std::min<size_t>(text.size(), 200)), text.data(), why);
}

// Splits "host", "host:port", "[v6]" or "[v6]:port".
bool split_authority(std::string_view authority, std::string_view& host, std::string_view& port) {
  if (authority.starts_with('[')) {
    size_t close = authority.find(']');
    if (close == std::string_view::npos) return false;
    host = authority.substr(1, close - 1);
    std::string_view rest = authority.substr(close + 1);
    if (host.find_first_not_of("0123456789abcdefABCDEF:.%") != std::string_view::npos) return false;
    if (rest.empty()) return true;
    port = rest.substr(1);
    return rest.front() == ':' && !port.empty();
  }
  size_t colon = authority.find(':');
  host = authority.substr(0, colon);
  for (char c : host)
    if (!is_host_byte(c)) return false;
  if (colon == std::string_view::npos) return true;
  port = authority.substr(colon + 1);
  return !port.empty();
}

}  // namespace

std::string_view method_name(Method method) {
  constexpr std::array<std::string_view, 8> kNames = {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", ""};
  return kNames[static_cast<size_t>(method)];
}

std::optional<std::string_view> HeaderList::get(std::string_view name) const {
  for (const Header& header : headers_)
    if (equals_ignore_case(header.name, name)) return header.value;
  return std::nullopt;
}

std::string_view HeaderList::get_or_empty(std::string_view name) const { return get(name).value_or(std::string_view()); }

std::string Url::authority() const {
  bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Url> Url::parse(std::string_view text) {
  size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return bad_url(text, "expected http://host[:port][/path]");
  std::string_view scheme = text.substr(0, scheme_end);
  if (equals_ignore_case(scheme, "https")) return make_status(Code::kUnsupported, "https is not supported");
  if (!equals_ignore_case(scheme, "http")) return bad_url(text, "the scheme is not http");
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  size_t authority_end = rest.find_first_of("/?");
  std::string_view host, port;
  if (!split_authority(rest.substr(0, authority_end), host, port) || host.empty()) return bad_url(text, "bad host or port");
  Url url;
  url.host = host;
  if (!port.empty()) {
    auto number = parse_uint(port);
    if (!number || *number == 0 || *number > 65535) return bad_url(text, "bad port");
    url.port = static_cast<uint16_t>(*number);
  }
  if (authority_end != std::string_view::npos) {
    std::string_view target = rest.substr(authority_end);
    for (char c : target)
      if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return bad_url(text, "blank or control character");
    url.target = target.front() == '?' ? "/" + std::string(target) : std::string(target);
  }
  return url;
}

std::string_view reason_phrase(int status) {
  if (status == 200) return "OK";
  for (const Reason& reason : kReasons)
    if (reason.status == status) return reason.phrase;
  return {};
}

}  // namespace ais::net
