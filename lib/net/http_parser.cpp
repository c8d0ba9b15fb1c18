#include "net/http_parser.h"

#include <llhttp/llhttp.h>

#include <array>

#include "base/strings.h"

namespace ais::net {
namespace {

constexpr uint64_t kContentLengthMax = (1ull << 63) - 1;

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) table[static_cast<size_t>(c)] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kTokenBytes = make_token_table();

bool is_token(std::string_view text) {
  for (char c : text)
    if (!kTokenBytes[static_cast<unsigned char>(c)]) return false;
  return !text.empty();
}

bool is_host_value(std::string_view value) {
  for (char c : value) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == '/' || c == '?' || c == '#' || c == '@' || c == ',' || c == '\\') return false;
  }
  return true;
}

struct Collector {
  HeaderList* headers;
  size_t headers_max;
  bool too_many = false;
};

// The whole head is in one piece, so a span is continued only where the parser changes state inside it.
int on_field(llhttp_t* parser, const char* at, size_t length) {
  auto* collector = static_cast<Collector*>(parser->data);
  auto& all = collector->headers->mutable_all();
  if (!all.empty() && all.back().name.data() + all.back().name.size() == at) {
    all.back().name = {all.back().name.data(), all.back().name.size() + length};
    return 0;
  }
  if (all.size() >= collector->headers_max) {
    collector->too_many = true;
    return HPE_USER;
  }
  all.push_back({std::string_view(at, length), std::string_view(at + length, 0)});
  return 0;
}

int on_value(llhttp_t* parser, const char* at, size_t length) {
  Header& header = static_cast<Collector*>(parser->data)->headers->mutable_all().back();
  if (header.value.empty()) header.value = {at, length};
  else header.value = {header.value.data(), static_cast<size_t>(at + length - header.value.data())};
  return 0;
}

const llhttp_settings_t* parser_settings() {
  static const llhttp_settings_t settings = [] {
    llhttp_settings_t result;
    llhttp_settings_init(&result);
    result.on_header_field = on_field;
    result.on_header_value = on_value;
    result.on_headers_complete = [](llhttp_t*) -> int { return HPE_PAUSED; };
    return result;
  }();
  return &settings;
}

// Runs llhttp over the head; 0 or a status to refuse with.
int collect_headers(std::string_view head, llhttp_type_t type, std::string_view unknown_method, size_t headers_max, HeaderList& headers,
                    llhttp_t& parser) {
  headers.clear();
  Collector collector{&headers, headers_max};
  llhttp_init(&parser, type, parser_settings());
  parser.data = &collector;
  if (!unknown_method.empty()) {
    // llhttp knows a list of methods. Which ones there are at a path is not its business, so it sees one of them.
    constexpr std::string_view kStandIn = "GET";
    if (llhttp_execute(&parser, kStandIn.data(), kStandIn.size()) != HPE_OK) return 400;
    head.remove_prefix(unknown_method.size());
  }
  llhttp_errno_t error = llhttp_execute(&parser, head.data(), head.size());
  parser.data = nullptr;
  if (collector.too_many) return 431;
  return error == HPE_PAUSED ? 0 : 400;
}

// What the headers say about where the message ends and whether the connection goes on.
struct Framing {
  std::optional<uint64_t> content_length;
  unsigned hosts = 0;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
  bool expect_continue = false;
  bool expect_unknown = false;
};

void read_connection_options(std::string_view value, Framing& framing) {
  while (!value.empty()) {
    size_t comma = value.find(',');
    std::string_view option = trim(value.substr(0, comma));
    if (equals_ignore_case(option, "close")) framing.close = true;
    if (equals_ignore_case(option, "keep-alive")) framing.keep_alive = true;
    value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
  }
}

bool read_content_length(std::string_view value, Framing& framing) {
  if (framing.content_length) return false;  // repeated, even when equal
  for (char c : value)
    if (c < '0' || c > '9') return false;
  framing.content_length = parse_uint(value);
  return framing.content_length && *framing.content_length <= kContentLengthMax;
}

// False when the header makes the message ambiguous or malformed. Switched by length: most headers match none.
bool read_header(const Header& header, Framing& framing) {
  switch (header.name.size()) {
    case 4:
      if (!equals_ignore_case(header.name, "host")) return true;
      return ++framing.hosts == 1 && is_host_value(header.value);
    case 6:
      if (!equals_ignore_case(header.name, "expect")) return true;
      if (equals_ignore_case(header.value, "100-continue")) framing.expect_continue = true;
      else framing.expect_unknown = true;
      return true;
    case 10:
      if (equals_ignore_case(header.name, "connection")) read_connection_options(header.value, framing);
      return true;
    case 14: return !equals_ignore_case(header.name, "content-length") || read_content_length(header.value, framing);
    case 17:
      if (!equals_ignore_case(header.name, "transfer-encoding")) return true;
      if (framing.chunked || !equals_ignore_case(header.value, "chunked")) return false;
      framing.chunked = true;
      return true;
    default: return true;
  }
}

bool read_framing(HeaderList& headers, Framing& framing) {
  for (Header& header : headers.mutable_all()) {
    if (!is_token(header.name)) return false;
    header.value = trim(header.value);
    if (!read_header(header, framing)) return false;
  }
  return !(framing.chunked && framing.content_length);
}

Method method_of(std::string_view text) {
  for (int i = 0; i < static_cast<int>(Method::kOther); ++i)
    if (method_name(static_cast<Method>(i)) == text) return static_cast<Method>(i);
  return Method::kOther;
}

// "HTTP/1.1" -> 11; 0 when it is not of that form.
int version_of(std::string_view text) {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' || !is_digit(text[7])) return 0;
  int number = (text[5] - '0') * 10 + (text[7] - '0');
  return number == 0 ? -1 : number;
}

// Origin form, or what of an absolute form is the same; false for anything else.
bool set_target(std::string_view target, HttpRequest& request) {
  constexpr std::string_view kScheme = "http://";
  if (target.size() > kScheme.size() && equals_ignore_case(target.substr(0, kScheme.size()), kScheme)) {
    size_t slash = target.find_first_of("/?", kScheme.size());
    std::string_view authority = target.substr(kScheme.size(), slash == std::string_view::npos ? slash : slash - kScheme.size());
    if (authority.empty() || !is_host_value(authority)) return false;
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  bool is_asterisk = target == "*" && request.method == Method::kOptions;
  if (!is_asterisk && (target.empty() || (target.front() != '/' && target.front() != '?'))) return false;
  size_t mark = target.find('?');
  request.target = target;
  request.path = mark == 0 ? std::string_view("/") : target.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  return true;
}

// The request line, exactly "METHOD SP target SP HTTP/x.y". 0 or a status; `version` is 10 or 11.
int parse_request_line(std::string_view line, const HttpLimits& limits, HttpRequest& request, int& version) {
  size_t first = line.find(' ');
  size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return 400;
  std::string_view target = line.substr(first + 1, last - first - 1);
  version = version_of(line.substr(last + 1));
  request.method_text = line.substr(0, first);
  if (version == 0 || !is_token(request.method_text)) return 400;
  if (target.find_first_of(" \t#") != std::string_view::npos) return 400;
  if (version != 10 && version != 11) return 505;
  if (target.size() > limits.target_bytes_max) return 414;
  request.method = method_of(request.method_text);
  if (request.method_text.size() > 0 && request.method == Method::kOther && target.front() != '/') return 501;
  return set_target(target, request) ? 0 : 400;
}

}  // namespace

int parse_request_head(std::string_view head, const HttpLimits& limits, HttpRequest& request) {
  int version = 0;
  int refused = parse_request_line(head.substr(0, head.find('\r')), limits, request, version);
  if (refused) return refused;
  llhttp_t parser;
  const std::string_view unknown_method = request.method == Method::kOther ? request.method_text : std::string_view();
  refused = collect_headers(head, HTTP_REQUEST, unknown_method, limits.headers_max, request.headers, parser);
  if (refused) return refused;
  Framing framing;
  if (!read_framing(request.headers, framing)) return 400;
  if (version == 11 && framing.hosts != 1) return 400;
  if (version == 10 && framing.chunked) return 400;
  if (framing.expect_unknown) return 417;
  // In HTTP/1.0 a body without a length ends with the connection: taken for empty, what is sent would be lost.
  const bool sends = request.method == Method::kPut || request.method == Method::kPost || request.method == Method::kPatch;
  if (version == 10 && sends && !framing.content_length) return 411;
  request.content_length = framing.content_length;
  request.chunked = framing.chunked;
  request.expect_continue = framing.expect_continue && version == 11 && request.has_body();
  request.http10 = version == 10;
  request.keep_alive = !framing.close && (version == 11 || framing.keep_alive);
  return 0;
}

bool parse_response_head(std::string_view head, const HttpLimits& limits, ParsedResponse& response) {
  int version = version_of(head.substr(0, 8));
  if (version != 10 && version != 11) return false;
  llhttp_t parser;
  if (collect_headers(head, HTTP_RESPONSE, {}, limits.headers_max, response.headers, parser) != 0) return false;
  Framing framing;
  if (!read_framing(response.headers, framing)) return false;
  response.status = llhttp_get_status_code(&parser);
  if (response.status < 100 || response.status > 999) return false;
  response.content_length = framing.content_length;
  response.chunked = framing.chunked;
  response.keep_alive = !framing.close && (version == 11 || framing.keep_alive);
  return true;
}

}  // namespace ais::net
