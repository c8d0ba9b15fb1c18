// What the server does with bytes: strictness, limits, pipelining, timeouts, closing.
#include <sys/socket.h>

#include <thread>
#include <vector>

#include "unit/net/server_fixture.h"

namespace ais::net::test {
namespace {

using std::chrono::milliseconds;

class ServerWire : public ServerTest {};

struct BadRequest {
  const char* what;
  std::string head;
  int status;
};

std::vector<BadRequest> bad_requests() {
  const std::string get = "GET / HTTP/1.1\r\n", host = "Host: h\r\n", end = "\r\n";
  return {
      {"repeated content-length, equal", get + host + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"conflicting content-length", get + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
      {"content-length list", get + host + "Content-Length: 3, 3\r\n\r\nabc", 400},
      {"signed content-length", get + host + "Content-Length: +3\r\n\r\nabc", 400},
      {"negative content-length", get + host + "Content-Length: -3\r\n\r\nabc", 400},
      {"hex content-length", get + host + "Content-Length: 0x3\r\n\r\nabc", 400},
      {"empty content-length", get + host + "Content-Length: \r\n\r\n", 400},
      {"huge content-length", get + host + "Content-Length: 18446744073709551616\r\n\r\n", 400},
      {"content-length over 2^63", get + host + "Content-Length: 9223372036854775808\r\n\r\n", 400},
      {"content-length with transfer-encoding", get + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"the same the other way round", get + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
      {"repeated transfer-encoding", get + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"gzip, chunked", get + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunked, identity", get + host + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400},
      {"xchunked", get + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400},
      {"quoted chunked", get + host + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400},
      {"vertical tab before chunked",
       get + host +
           "Transfer-Encoding: \x0b"
           "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"PUT in HTTP/1.0 without a length", "PUT / HTTP/1.0\r\n" + host + "\r\nbody", 411},
      {"blank before the colon", get + host + "Content-Length : 3\r\n\r\nabc", 400},
      {"blank in a name", get + host + "Bad Name: 3\r\n\r\n", 400},
      {"no colon", get + host + "Nothing\r\n\r\n", 400},
      {"empty name", get + host + ": x\r\n\r\n", 400},
      {"obs-fold", get + host + "A: b\r\n c\r\n\r\n", 400},
      {"obs-fold of transfer-encoding", get + host + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
      {"bare LF after a header", get + host + "A: b\nC: d\r\n\r\n", 400},
      {"bare LF everywhere", "GET / HTTP/1.1\nHost: h\n\n", 400},
      {"bare CR", get + host + "A: b\rC: d\r\n\r\n", 400},
      {"NUL in a value", get + host + std::string("A: b\0c\r\n\r\n", 10), 400},
      {"control byte in a value", get + host + "A: b\x01\r\n\r\n", 400},
      {"DEL in a value", get + host + "A: b\x7f\r\n\r\n", 400},
      {"missing host", get + end, 400},
      {"repeated host", get + host + host + end, 400},
      {"bad host", get + "Host: a b\r\n\r\n", 400},
      {"host list", get + "Host: a, b\r\n\r\n", 400},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"HTTP/2.0", "GET / HTTP/2.0\r\n" + host + end, 505},
      {"HTTP/1.9", "GET / HTTP/1.9\r\n" + host + end, 505},
      {"lower-case version", "GET / http/1.1\r\n" + host + end, 400},
      {"two blanks", "GET  / HTTP/1.1\r\n" + host + end, 400},
      {"blank in the target", "GET /a b HTTP/1.1\r\n" + host + end, 400},
      {"relative target", "GET a HTTP/1.1\r\n" + host + end, 400},
      {"CONNECT", "CONNECT h:80 HTTP/1.1\r\n" + host + end, 501},
      {"bad method", "G@T / HTTP/1.1\r\n" + host + end, 400},
      {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01", 6), 400},
      {"unknown expectation", get + host + "Expect: 200-ok\r\n\r\n", 417},
      {"long target", "GET /" + std::string(17000, 'a') + " HTTP/1.1\r\n" + host + end, 414},
      {"endless first line", "GET /" + std::string(70000, 'a'), 414},
      {"endless headers", get + host + "A: " + std::string(70000, 'a'), 431},
      {"many headers",
       get + host +
           [] {
             std::string many;
             for (int i = 0; i < 200; ++i) many += "A: b\r\n";
             return many;
           }() +
           end,
       431},
  };
}

TEST_F(ServerWire, RefusesAmbiguousAndOversizedHeads) {
  start(echo_target);
  for (const BadRequest& bad : bad_requests()) {
    // The second request must never be answered: where the first one ends is not known.
    std::string answer = exchange(bad.head + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(status_of(answer), bad.status) << bad.what << "\n" << answer;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << bad.what << "\n" << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << bad.what;
  }
  EXPECT_EQ(server->counters().bad_requests, bad_requests().size());
}

TEST_F(ServerWire, AMethodThatNobodyKnowsIsTheHandlersBusiness) {
  start(echo_target);
  RawSocket socket(server->port());
  socket.send("SMUGGLE /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(body_of(socket.read_answer()), "SMUGGLE /a");
  EXPECT_EQ(body_of(socket.read_answer()), "GET /b");
  EXPECT_EQ(server->counters().bad_requests, 0u);
}

TEST_F(ServerWire, AnswersPipelinedRequestsInOrder) {
  start(echo_target);
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  RawSocket socket(server->port());
  std::thread sender([&] { socket.send(requests); });
  for (int i = 0; i < 500; ++i) ASSERT_EQ(body_of(socket.read_answer()), "GET /" + std::to_string(i));
  sender.join();
  EXPECT_EQ(server->counters().requests, 500u);
}

TEST_F(ServerWire, AnswersPipelinedRequestsWithBodies) {
  start(echo_body);
  RawSocket socket(server->port());
  ASSERT_TRUE(socket.send(
      "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhelloPUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(body_of(socket.read_answer()), "hello");
  EXPECT_EQ(body_of(socket.read_answer()), "abc");
  EXPECT_EQ(body_of(socket.read_answer()), "");
}

TEST_F(ServerWire, ReadsAHeadThatComesByteByByte) {
  start(echo_body);
  RawSocket socket(server->port());
  for (char c : std::string_view("POST /slow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: x\r\n\r\n"))
    ASSERT_TRUE(socket.send(std::string_view(&c, 1)));
  EXPECT_EQ(body_of(socket.read_answer()), "hello");
}

TEST_F(ServerWire, ReadsHeadsLargerThanABuffer) {
  start(echo_target);
  RawSocket socket(server->port());
  std::string padding;
  for (int i = 0; i < 100; ++i) padding += "Header-" + std::to_string(i) + ": " + std::string(500, 'x') + "\r\n";
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(socket.send("GET /large HTTP/1.1\r\nHost: h\r\n" + padding + "\r\n"));
    EXPECT_EQ(body_of(socket.read_answer()), "GET /large");
  }
}

TEST_F(ServerWire, MalformedChunksAreRefusedAndClosed) {
  start(echo_body);
  for (const char* body : {"x\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\nabc\n0\n\n", "fffffffffffffffff\r\n"}) {
    std::string answer = exchange("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body));
    EXPECT_EQ(status_of(answer), 400) << body;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  }
}

TEST_F(ServerWire, BodyLimitsHoldForBothFramings) {
  start([](HttpExchange& exchange) -> async::Task<void> {
    Result<std::string> body = co_await exchange.read_whole_body(10);
    exchange.start(body.ok() ? 200 : body.status().http_status());
    Status sent = co_await exchange.send("");
    EXPECT_TRUE(sent.ok());
  });
  RawSocket socket(server->port());
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789");
  EXPECT_EQ(status_of(socket.read_answer()), 200);
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n01234567890");
  EXPECT_EQ(status_of(socket.read_answer()), 413);
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(socket.read_answer()), 413);
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(socket.read_answer()), 200);
}

TEST_F(ServerWire, UnreadLargeBodyDoesNotKeepTheClientFromItsAnswer) {
  start([](HttpExchange& exchange) -> async::Task<void> {
    exchange.start(307).add("Location", "http://elsewhere/");
    Status sent = co_await exchange.send("");
    EXPECT_TRUE(sent.ok());
  });
  RawSocket socket(server->port());
  std::string body(1 << 20, 'b');
  for (int i = 0; i < 3; ++i) {  // the connection goes on
    ASSERT_TRUE(socket.send("PUT /o HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n"));
    ASSERT_TRUE(socket.send(body));
    std::string answer = socket.read_answer();
    EXPECT_EQ(status_of(answer), 307);
    EXPECT_EQ(answer.find("Connection: close"), std::string::npos);
  }
  ASSERT_TRUE(socket.send("PUT /o HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(socket.send("10000\r\n" + std::string(65536, 'c') + "\r\n"));
  ASSERT_TRUE(socket.send("0\r\n\r\n"));
  EXPECT_EQ(status_of(socket.read_answer()), 307);
  ASSERT_TRUE(socket.send("GET /o HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(status_of(socket.read_answer()), 307);
}

TEST_F(ServerWire, UnreadBodyBeyondTheBoundIsAnsweredThenClosed) {
  options.discard_bytes_max = 100000;
  start(echo_target);
  RawSocket socket(server->port());
  ASSERT_TRUE(socket.send("PUT /big HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n"));
  socket.send(std::string(50000, 'x'));
  std::string answer = socket.read_to_end();
  EXPECT_EQ(body_of(answer), "PUT /big");
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST_F(ServerWire, BodyThatNeverComesEndsWithTheDiscardTimeout) {
  options.discard_timeout = milliseconds(50);
  start(echo_target);
  std::string answer = exchange("PUT /never HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\npart");
  EXPECT_EQ(body_of(answer), "PUT /never");
}

TEST_F(ServerWire, ContinueIsSentWhenTheBodyIsWanted) {
  start(echo_body);
  RawSocket socket(server->port());
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.send("hello");
  EXPECT_EQ(body_of(socket.read_answer()), "hello");
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");  // did not wait
  EXPECT_EQ(body_of(socket.read_answer()), "hello");
}

TEST_F(ServerWire, FinalAnswerInsteadOfContinueCloses) {
  start(echo_target);
  RawSocket socket(server->port());
  socket.send("PUT /refused HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  std::string answer = socket.read_answer();
  EXPECT_EQ(body_of(answer), "PUT /refused");
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(socket.is_closed());
}

TEST_F(ServerWire, KeepAliveAndClose) {
  start(echo_target);
  EXPECT_EQ(body_of(exchange("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")), "GET /a");
  std::string old = exchange("GET /b HTTP/1.0\r\n\r\n");
  EXPECT_EQ(body_of(old), "GET /b");
  EXPECT_NE(old.find("Connection: close"), std::string::npos);
  RawSocket socket(server->port());
  socket.send("GET /c HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(socket.read_answer().find("Connection: keep-alive"), std::string::npos);
  socket.send("GET /d HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(body_of(socket.read_answer()), "GET /d");
  socket.shutdown_write();
  EXPECT_TRUE(socket.is_closed());
}

TEST_F(ServerWire, HalfClosedClientStillGetsItsAnswer) {
  start(echo_body);
  RawSocket socket(server->port());
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  socket.shutdown_write();
  EXPECT_EQ(body_of(socket.read_to_end()), "hello");
}

TEST_F(ServerWire, HeadIsAnsweredWithTheLengthAlone) {
  start([](HttpExchange& exchange) -> async::Task<void> {
    if (exchange.request().path == "/only") {
      exchange.start(200).add("X", "y");
      Status sent = co_await exchange.send_head_only(12345678901);
      EXPECT_TRUE(sent.ok());
      co_return;
    }
    exchange.start(exchange.request().path == "/none" ? 204 : 200);
    Status sent = co_await exchange.send("body");
    EXPECT_TRUE(sent.ok());
  });
  RawSocket socket(server->port());
  socket.send(
      "HEAD / HTTP/1.1\r\nHost: h\r\n\r\nHEAD /only HTTP/1.1\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: h\r\n\r\nGET / "
      "HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(socket.read_until("\r\n\r\n").find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_NE(socket.read_until("\r\n\r\n").find("Content-Length: 12345678901\r\n"), std::string::npos);
  std::string none = socket.read_until("\r\n\r\n");
  EXPECT_EQ(status_of(none), 204);
  EXPECT_EQ(none.find("Content-Length"), std::string::npos);
  EXPECT_EQ(body_of(socket.read_answer()), "body");
}

TEST_F(ServerWire, HeaderValuesCannotSplitAnAnswer) {
  start([](HttpExchange& exchange) -> async::Task<void> {
    exchange.start(200).add("X", std::string_view("a\r\nEvil: 1\n\0b", 13)).add("N", uint64_t{7}).add_block("B: c\r\n");
    Status sent = co_await exchange.send("");
    EXPECT_TRUE(sent.ok());
  });
  std::string answer = exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("X: a  Evil: 1  b\r\nN: 7\r\nB: c\r\n"), std::string::npos) << answer;
}

TEST_F(ServerWire, HandlerWithoutAnswerIsA500) {
  start([](HttpExchange& exchange) -> async::Task<void> {
    if (exchange.request().path == "/started") exchange.start(200).add("X", "y");
    co_return;
  });
  RawSocket socket(server->port());
  socket.send("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /started HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(socket.read_answer()), 500);
}

TEST_F(ServerWire, StreamsAreChunked) {
  start([](HttpExchange& exchange) -> async::Task<void> {
    exchange.start(200);
    Status status = co_await exchange.begin_stream();
    for (int i = 0; status.ok() && i < 3; ++i) status = co_await exchange.write_stream(i == 1 ? "" : "part");
    if (exchange.request().path == "/cut") co_return;
    if (status.ok()) status = co_await exchange.end_stream();
    EXPECT_TRUE(status.ok());
  });
  RawSocket socket(server->port());
  socket.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(socket.read_until("\r\n\r\n").find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(socket.read_until("0\r\n\r\n"), "4\r\npart\r\n4\r\npart\r\n0\r\n\r\n");
  socket.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\nGET /cut HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(socket.read_until("\r\n\r\n")), 200);
  EXPECT_EQ(body_of(socket.read_to_end()).find("0\r\n\r\n"), std::string::npos);
  EXPECT_EQ(body_of(exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")), "partpart");
}

TEST_F(ServerWire, StreamsWaitForSlowReaders) {
  constexpr size_t kPieces = 512, kPiece = 65536;
  std::atomic<size_t> written{0};
  start([&](HttpExchange& exchange) -> async::Task<void> {
    std::string piece(kPiece, 's');
    exchange.start(200);
    Status status = co_await exchange.begin_stream();
    for (size_t i = 0; status.ok() && i < kPieces; ++i) {
      status = co_await exchange.write_stream(piece);
      ++written;
    }
    if (status.ok()) status = co_await exchange.end_stream();
    EXPECT_TRUE(status.ok());
  });
  RawSocket socket(server->port());
  int small = 65536;
  setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
  socket.send("GET / HTTP/1.0\r\n\r\n");
  socket.read_until("\r\n\r\n");
  // The server cannot be done while nobody reads: the socket buffers hold a fraction of the 32 MiB.
  size_t before = written.load();
  EXPECT_LT(before, kPieces);
  EXPECT_EQ(socket.read_to_end().size(), kPieces * kPiece);
  server.reset();  // before what its handler counts in
}

}  // namespace
}  // namespace ais::net::test
