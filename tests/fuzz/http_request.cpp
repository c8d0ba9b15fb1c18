// Request heads and chunked bodies as a client may send them. The first byte says in what pieces the rest arrives.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/chunk_decoder.h"
#include "net/head_scanner.h"
#include "net/http_parser.h"

namespace {

using namespace ais::net;

void check(bool holds) {
  if (!holds) abort();
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_request(const HttpRequest& request, std::string_view head, const HttpLimits& limits) {
  check(!(request.chunked && request.content_length));
  check(request.headers.all().size() <= limits.headers_max);
  check(request.target.size() <= limits.target_bytes_max);
  unsigned hosts = 0;
  for (const Header& header : request.headers.all()) {
    check(lies_in(header.name, head) && lies_in(header.value, head) && !header.name.empty());
    check(header.name.find_first_of(" \t\r\n:") == std::string_view::npos);
    check(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    std::string name(header.name);
    for (char& c : name) c = static_cast<char>(tolower(c));
    hosts += name == "host";
    if (name == "transfer-encoding") check(request.chunked);
    if (name == "content-length") check(request.content_length.has_value());
  }
  check(hosts <= 1 && (request.http10 || hosts == 1));
  check(!request.path.empty() && request.path.find_first_of(" ?#\r\n") == std::string_view::npos);
}

// However the bytes are cut, the body is the same.
std::string decode(std::string_view wire, size_t step, bool& bad, bool& done) {
  ChunkDecoder decoder;
  std::string body;
  while (!wire.empty() && !decoder.done() && !decoder.bad()) {
    std::string_view piece = wire.substr(0, step);
    size_t used;
    if (uint64_t left = decoder.payload_left()) {
      used = static_cast<size_t>(std::min<uint64_t>(left, piece.size()));
      body += piece.substr(0, used);
      decoder.skip_payload(used);
    } else {
      used = decoder.skip_framing(piece);
    }
    check(used <= piece.size());
    wire.remove_prefix(used);
  }
  bad = decoder.bad();
  done = decoder.done();
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  size_t step = data[0] % 64 + 1;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  HeadScanner in_pieces, at_once;
  HeadScanner::State state = HeadScanner::State::kNeedMore;
  for (size_t end = std::min(step, bytes.size()); state == HeadScanner::State::kNeedMore; end = std::min(end + step, bytes.size())) {
    state = in_pieces.scan(std::string_view(bytes).substr(0, end));
    if (end == bytes.size()) break;
  }
  check(at_once.scan(bytes) == state);
  if (state != HeadScanner::State::kComplete) return 0;
  check(in_pieces.end() == at_once.end() && at_once.end() <= bytes.size());
  std::string head = bytes.substr(at_once.begin(), at_once.end() - at_once.begin());
  HttpLimits limits;
  HttpRequest request;
  if (parse_request_head(head, limits, request) != 0) return 0;
  check_request(request, head, limits);
  if (!request.chunked) return 0;
  std::string_view rest = std::string_view(bytes).substr(at_once.end());
  bool bad[2], done[2];
  std::string whole = decode(rest, rest.size() + 1, bad[0], done[0]);
  std::string pieces = decode(rest, step, bad[1], done[1]);
  check(whole == pieces && bad[0] == bad[1] && done[0] == done[1]);
  return 0;
}
