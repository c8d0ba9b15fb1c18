// Heads of answers and addresses of redirects as a peer may send them.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/head_scanner.h"
#include "net/http_parser.h"

namespace {
void check(bool holds) {
  if (!holds) abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ais::net;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  HeadScanner scanner;
  if (scanner.scan(bytes) != HeadScanner::State::kComplete) return 0;
  check(scanner.end() <= bytes.size());
  std::string head = bytes.substr(scanner.begin(), scanner.end() - scanner.begin());
  ParsedResponse response;
  if (!parse_response_head(head, HttpLimits(), response)) return 0;
  check(response.status >= 100 && response.status <= 999);
  check(!(response.chunked && response.content_length));
  for (const Header& header : response.headers.all()) {
    check(!header.name.empty());
    check(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
  auto url = Url::parse(response.headers.get_or_empty("Location"));
  if (!url.ok()) return 0;
  check(!url->host.empty() && url->port != 0);
  check(url->host.find_first_of("\r\n /@") == std::string::npos);
  check(url->target.starts_with('/') && url->target.find_first_of("\r\n #") == std::string::npos);
  return 0;
}
