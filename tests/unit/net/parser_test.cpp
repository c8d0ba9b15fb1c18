#include "net/http_parser.h"

#include <gtest/gtest.h>

#include <list>

#include "net/chunk_decoder.h"
#include "net/head_scanner.h"

namespace ais::net {
namespace {

using State = HeadScanner::State;

// What was parsed points into the head: heads live until the program ends.
const std::string& keep(const std::string& head) {
  static std::list<std::string> heads;
  return heads.emplace_back(head);
}

int parse(const std::string& text, HttpRequest& request, const HttpLimits& limits = {}) {
  const std::string& head = keep(text);
  HeadScanner scanner;
  State state = scanner.scan(head);
  if (state == State::kBad) return 400;
  EXPECT_EQ(state, State::kComplete) << head;
  return parse_request_head(std::string_view(head).substr(scanner.begin(), scanner.end() - scanner.begin()), limits, request);
}

int parse(const std::string& head) {
  HttpRequest request;
  return parse(head, request);
}

TEST(HeadScanner, FindsTheEndByteByByte) {
  std::string head = "\r\nGET / HTTP/1.1\r\nHost: a\r\nTabbed: a\tb\r\n\r\n";
  HeadScanner scanner;
  for (size_t i = 1; i < head.size(); ++i) ASSERT_EQ(scanner.scan(head.substr(0, i)), State::kNeedMore) << i;
  EXPECT_EQ(scanner.scan(head + "rest"), State::kComplete);
  EXPECT_EQ(scanner.begin(), 2u);
  EXPECT_EQ(scanner.end(), head.size());
}

TEST(HeadScanner, RefusesEveryControlByteAtEveryOffset) {
  std::string head = "GET /0123456789 HTTP/1.1\r\nHost: 0123456789abcdef\r\n\r\n";
  for (size_t at = 0; at < head.size(); ++at) {
    if (head[at] == '\r' || head[at] == '\n') continue;
    for (int c = 0; c < 256; ++c) {
      if (!((c < 0x20 && c != '\t') || c == 0x7f)) continue;
      std::string bad = head;
      bad[at] = static_cast<char>(c);
      HeadScanner scanner;
      ASSERT_EQ(scanner.scan(bad), State::kBad) << at << " " << c;
    }
  }
}

TEST(HeadScanner, RefusesFoldedLinesAndTooManyEmptyOnes) {
  for (const char* head : {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\r\n\tA: b\r\n\r\n", " GET / HTTP/1.1\r\n\r\n",
                           "\r\n\r\n\r\n\r\n\r\n", "GET / HTTP/1.1\n\n", "GET / HTTP/1.1\r\nA: b\n\r\n", "GET / HTTP/1.1\r\r\n\r\n"}) {
    HeadScanner scanner;
    EXPECT_EQ(scanner.scan(head), State::kBad) << head;
  }
}

TEST(RequestParser, ReadsThePlainRequest) {
  HttpRequest request;
  std::string head = "PUT /v1/objects/b/a%20b?x=1&y HTTP/1.1\r\nHost: h:80\r\nContent-Length: 12\r\nX-Empty:\r\nX-Pad: \t v w \t\r\n\r\n";
  ASSERT_EQ(parse(head, request), 0);
  EXPECT_EQ(request.method, Method::kPut);
  EXPECT_EQ(request.path, "/v1/objects/b/a%20b");
  EXPECT_EQ(request.query, "x=1&y");
  EXPECT_EQ(request.target, "/v1/objects/b/a%20b?x=1&y");
  EXPECT_EQ(request.content_length, 12u);
  EXPECT_TRUE(request.has_body());
  EXPECT_TRUE(request.keep_alive);
  EXPECT_EQ(request.headers.all().size(), 4u);
  EXPECT_EQ(request.headers.get("x-empty"), "");
  EXPECT_EQ(request.headers.get("x-pad"), "v w");
  EXPECT_EQ(request.headers.get("none"), std::nullopt);
}

TEST(RequestParser, TargetForms) {
  HttpRequest request;
  ASSERT_EQ(parse("GET http://host:8080/p/q?r=s HTTP/1.1\r\nHost: host\r\n\r\n", request), 0);
  EXPECT_EQ(request.target, "/p/q?r=s");
  ASSERT_EQ(parse("GET http://host HTTP/1.1\r\nHost: host\r\n\r\n", request), 0);
  EXPECT_EQ(request.path, "/");
  ASSERT_EQ(parse("GET http://host?x HTTP/1.1\r\nHost: host\r\n\r\n", request), 0);
  EXPECT_EQ(request.path, "/");
  EXPECT_EQ(request.query, "x");
  ASSERT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: host\r\n\r\n", request), 0);
  EXPECT_EQ(request.method, Method::kOptions);
  for (const char* target : {"*", "host:80", "https://host/", "ftp://h/", "http:///x", "http://u@h/", "/a#b", "p"})
    EXPECT_EQ(parse("GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n"), 400) << target;
}

TEST(RequestParser, ConnectionAndVersions) {
  HttpRequest request;
  ASSERT_EQ(parse("GET / HTTP/1.0\r\n\r\n", request), 0);
  EXPECT_FALSE(request.keep_alive);
  EXPECT_TRUE(request.http10);
  ASSERT_EQ(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", request), 0);
  EXPECT_TRUE(request.keep_alive);
  ASSERT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, CLOSE\r\n\r\n", request), 0);
  EXPECT_FALSE(request.keep_alive);
  ASSERT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", request), 0);
  EXPECT_EQ(parse("GET / HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(parse("PRI * HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(parse("GET / HTTP/1.2\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(parse("GET / HTTP/0.9\r\n\r\n"), 505);
  ASSERT_EQ(parse("BREW /pot HTTP/1.1\r\nHost: h\r\nA: b\r\nContent-Length: 3\r\n\r\n", request), 0);
  EXPECT_EQ(request.method, Method::kOther);
  EXPECT_EQ(request.method_text, "BREW");
  EXPECT_EQ(request.path, "/pot");
  EXPECT_EQ(request.headers.get_or_empty("a"), "b");
  EXPECT_EQ(request.content_length, 3u);
  EXPECT_EQ(parse("BREW / HTTP/1.1\r\nHost: h\r\nA b\r\n\r\n"), 400);
  EXPECT_EQ(parse("BREW pot HTTP/1.1\r\nHost: h\r\n\r\n"), 501);
  ASSERT_EQ(parse("PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n", request), 0);
  EXPECT_EQ(request.method, Method::kOther);
}

TEST(RequestParser, Limits) {
  HttpLimits limits;
  limits.headers_max = 3;
  limits.target_bytes_max = 10;
  HttpRequest request;
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\n\r\n", request, limits), 0);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", request, limits), 431);
  EXPECT_EQ(parse("GET /123456789 HTTP/1.1\r\nHost: h\r\n\r\n", request, limits), 0);
  EXPECT_EQ(parse("GET /1234567890 HTTP/1.1\r\nHost: h\r\n\r\n", request, limits), 414);
}

TEST(RequestParser, RequestIsReusable) {
  HttpRequest request;
  ASSERT_EQ(parse("PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n", request), 0);
  EXPECT_TRUE(request.chunked);
  EXPECT_TRUE(request.expect_continue);
  ASSERT_EQ(parse("GET /b HTTP/1.1\r\nHost: h\r\n\r\n", request), 0);
  EXPECT_FALSE(request.chunked);
  EXPECT_FALSE(request.expect_continue);
  EXPECT_EQ(request.headers.all().size(), 1u);
  EXPECT_FALSE(request.content_length.has_value());
}

bool parse_response(const std::string& text, ParsedResponse& response) {
  const std::string& head = keep(text);
  HeadScanner scanner;
  if (scanner.scan(head) != State::kComplete) return false;
  return parse_response_head(std::string_view(head).substr(scanner.begin(), scanner.end() - scanner.begin()), {}, response);
}

TEST(ResponseParser, ReadsAndRefuses) {
  ParsedResponse response;
  ASSERT_TRUE(parse_response("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nX: y\r\n\r\n", response));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_length, 3u);
  EXPECT_TRUE(response.keep_alive);
  ASSERT_TRUE(parse_response("HTTP/1.0 200\r\n\r\n", response));
  EXPECT_FALSE(response.keep_alive);
  for (const char* bad : {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
                          "ICY 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"})
    EXPECT_FALSE(parse_response(bad, response)) << bad;
}

// Decodes with pieces of `step` bytes; nullopt when malformed or unfinished.
std::optional<std::string> decode(std::string_view wire, size_t step) {
  ChunkDecoder decoder;
  std::string body;
  for (size_t at = 0; at < wire.size() && !decoder.done();) {
    std::string_view piece = wire.substr(at, step);
    size_t used = 0;
    if (uint64_t left = decoder.payload_left()) {
      used = std::min<size_t>(left, piece.size());
      body += piece.substr(0, used);
      decoder.skip_payload(used);
    } else {
      used = decoder.skip_framing(piece);
    }
    if (decoder.bad()) return std::nullopt;
    at += used;
  }
  if (!decoder.done()) return std::nullopt;
  return body;
}

TEST(ChunkDecoder, DecodesInPiecesOfAnySize) {
  std::string_view wire = "5\r\nhello\r\n1;ext=\"q\"\r\n \r\n00a\r\n0123456789\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n";
  for (size_t step = 1; step <= wire.size(); ++step) EXPECT_EQ(decode(wire, step), "hello 0123456789") << step;
}

TEST(ChunkDecoder, RefusesMalformedFraming) {
  for (std::string_view wire :
       {"\r\n", "g\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "-1\r\n", "+5\r\nhello", "0x5\r\nhello", " 5\r\nhello",
        "5 \r\nhello", "5\rhello", "ffffffffffffffff\r\n", "0000000000000005\r\nhello", "5;a\nb\r\nhello", "5\r\nhello\r0\r\n\r\n",
        "0\r\n folded\r\n\r\n", "0\r\nA: \x01\r\n\r\n", "0\r\n\n", "0\r\nA: b\n\r\n"})
    EXPECT_EQ(decode(wire, wire.size()), std::nullopt) << wire;
  EXPECT_EQ(decode("1;" + std::string(2000, 'x') + "\r\na\r\n0\r\n\r\n", 4096), std::nullopt);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 1000; ++i) trailers += "Trailer: xxxxxx\r\n";
  EXPECT_EQ(decode(trailers + "\r\n", 65536), std::nullopt);
}

TEST(Url, ParsesAndRefuses) {
  auto url = Url::parse("http://Host.example:8080/a/b?c=d#frag");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->host, "Host.example");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->target, "/a/b?c=d");
  EXPECT_EQ(url->authority(), "Host.example:8080");
  url = Url::parse("HTTP://[::1]:81");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->target, "/");
  EXPECT_EQ(url->authority(), "[::1]:81");
  url = Url::parse("http://h?q");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->target, "/?q");
  EXPECT_EQ(url->port, 80);
  for (const char* bad : {"", "h:80", "http://", "http:///x", "http://h:0", "http://h:65536", "http://h:x", "http://h:", "http://u@h/",
                          "http://a b/", "http://h/a b", "http://h/\r\nX: y", "http://[::1", "http://[g]/", "http://a:1:2/", "ftp://h/"})
    EXPECT_FALSE(Url::parse(bad).ok()) << bad;
  EXPECT_EQ(Url::parse("https://h/").code(), Code::kUnsupported);
}

TEST(HttpTypes, Names) {
  EXPECT_EQ(reason_phrase(307), "Temporary Redirect");
  EXPECT_EQ(reason_phrase(299), "");
  EXPECT_EQ(method_name(Method::kDelete), "DELETE");
}

}  // namespace
}  // namespace ais::net
