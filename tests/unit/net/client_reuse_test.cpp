// HttpClient: which connections serve another request, and which requests are sent again.
#include <poll.h>

#include <cstdlib>

#include "unit/net/client_fixture.h"

namespace ais::net::test {
namespace {

// Answers with as many bytes as "/<kind>/<bytes>" says, framed as the kind says.
async::Task<void> sized_answer(HttpExchange& exchange) {
  const std::string path(exchange.request().path);
  const size_t size = std::strtoul(path.c_str() + path.rfind('/') + 1, nullptr, 10);
  const std::string body(size, 's');
  const std::string_view all(body);
  if (path.starts_with("/chunked/")) {
    exchange.start(200);
    Status sent = co_await exchange.begin_stream();
    for (size_t at = 0; sent.ok() && at < size; at += 16384) {
      std::string_view piece = all.substr(at, 16384);
      sent = co_await exchange.write_stream(piece);
    }
    if (sent.ok()) sent = co_await exchange.end_stream();
    co_return;
  }
  const int status = path.starts_with("/moved/") ? 307 : path.starts_with("/304/") ? 304 : path.starts_with("/204/") ? 204 : 200;
  ResponseHead head = exchange.start(status);
  if (status == 307) head.add("Location", "/length/" + std::to_string(size));
  std::string_view sent_body = all;
  if (status == 204 || status == 304) sent_body = {};
  Status sent = co_await exchange.send(sent_body);
  (void)sent.ok();
}

// The answer's body by reads of `piece` bytes; 0: thrown away. The number of its bytes, or -1.
async::Task<int64_t> fetch(HttpClient& client, ClientRequest request, size_t piece) {
  Result<ClientResponse> response = co_await client.send_following(std::move(request));
  if (!response.ok()) co_return -1;
  if (piece == 0) {
    Result<uint64_t> discarded = co_await response->discard();
    co_return discarded.ok() ? static_cast<int64_t>(*discarded) : -1;
  }
  std::string buffer(piece, ' ');
  std::span<char> room(buffer);
  int64_t total = 0;
  while (true) {
    Result<size_t> n = co_await response->read(room);
    if (!n.ok()) co_return -1;
    if (*n == 0) co_return total;
    total += static_cast<int64_t>(*n);
  }
}

TEST_F(Client, OneConnectionServesAnswersOfEverySizeAndFraming) {
  start(sized_answer);
  std::vector<size_t> sizes = {1, 100, 4096, 9000, 32768, 65536, 65537, 262144, 1 << 20};
  // Where head and body together fill the buffer that the head is received into, whatever the head's length is.
  for (size_t size = 16384 - 400; size <= 16384 + 1; ++size) sizes.push_back(size);
  for (const char* kind : {"/length/", "/chunked/", "/moved/", "/304/", "/204/"}) {
    bool is_bodiless = kind[1] == '3' || kind[1] == '2';
    for (size_t size : sizes) {
      if (kind[1] == 'm' && size > 65536) continue;  // not read to its end: a redirect needs no such body
      for (size_t piece : {size_t{0}, size_t{4096}, size_t{1} << 20}) {
        ClientRequest request;
        request.host = "127.0.0.1";
        request.port = server->port();
        request.target = kind + std::to_string(size);
        request.method = piece == 4096 && size % 2 == 1 ? Method::kHead : Method::kGet;
        int64_t expected = request.method == Method::kHead || is_bodiless ? 0 : static_cast<int64_t>(size);
        ASSERT_EQ(run_task(*loop_, fetch(client(), request, piece)), expected) << request.target << " by " << piece;
      }
    }
  }
  EXPECT_EQ(server->counters().connections_accepted, 1u);
}

TEST_F(Client, BytesBeyondAnAnswerEndTheConnection) {
  // More than the client's buffer for heads, so that the end of the body is read on its own.
  const std::string body(40000, 'b');
  auto talkative = answers("HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + body + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
  ScriptedPeer peer({talkative, talkative, answers("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood")});
  EXPECT_EQ(ask_port(peer.port()).body, body);
  ClientRequest request;
  request.host = "127.0.0.1";
  request.port = peer.port();
  EXPECT_EQ(run_task(*loop_, fetch(client(), request, 0)), 40000);
  EXPECT_EQ(ask_port(peer.port()).body, "good");
}

TEST_F(Client, RepeatsOnceOnAStaleConnection) {
  // Answers one request, takes a second one and closes without a word: what a peer does whose idle timeout strikes right then.
  auto once = [](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
    receive_until(fd, "\r\n\r\n");
  };
  ScriptedPeer peer({once, answers("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo"), once, once});
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  EXPECT_EQ(ask_port(peer.port()).body, "two");
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  EXPECT_EQ(ask_port(peer.port()).body, "one");
}

TEST_F(Client, OnlyWhatMayBeRepeatedIsRepeated) {
  for (Method method : {Method::kGet, Method::kHead, Method::kPut, Method::kDelete, Method::kPost, Method::kPatch}) {
    ScriptedPeer peer({one_and_then(""), answers(kAnswerTwo)});
    EXPECT_EQ(ask_port(peer.port()).body, "one");
    ClientRequest request;
    request.method = method;
    bool is_repeated = method != Method::kPost && method != Method::kPatch;
    EXPECT_EQ(ask_port(peer.port(), request).code, is_repeated ? Code::kOk : Code::kConnectionClosed) << method_name(method);
    EXPECT_EQ(peer.accepted(), is_repeated ? 2 : 1) << method_name(method);
  }
  // An interim answer is a part of an answer: the peer was at work.
  ScriptedPeer peer({one_and_then("HTTP/1.1 102 Processing\r\n\r\n"), answers(kAnswerTwo)});
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  EXPECT_EQ(ask_port(peer.port()).code, Code::kConnectionClosed);
  EXPECT_EQ(peer.accepted(), 1);
}

TEST_F(Client, WhatMayNotBeRepeatedIsNotSentToAPeerThatHasClosed) {
  ScriptedPeer peer({answers(kAnswerOne), answers(kAnswerTwo)});
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  peer.wait_for_closed(1);  // the loop does not run meanwhile and has seen nothing of it
  ClientRequest request;
  request.method = Method::kPost;
  EXPECT_EQ(ask_port(peer.port(), request).body, "two");
}

// Says nothing for so long, as a peer that works on its answer.
void stay_silent(int fd, int milliseconds_max) {
  pollfd more{fd, POLLIN, 0};
  EXPECT_EQ(poll(&more, 1, milliseconds_max), 0) << "the client said more, or left";
}

TEST_F(Client, TheIdleLimitIsNothingToTheNextRequest) {
  client_options_.idle_timeout = milliseconds(30);
  auto slow = [](int fd) {
    for (int i = 0; i < 2; ++i) {
      if (receive_until(fd, "\r\n\r\n").empty()) return;
      if (i == 1) stay_silent(fd, 150);  // five times the idle limit
      say(fd, kAnswerOne);
    }
    receive_until(fd, "\r\n\r\n");
  };
  ScriptedPeer peer({slow, slow});
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  EXPECT_EQ(peer.accepted(), 1);
  // The limit has passed, but the loop did not run to see it.
  auto passed = std::chrono::steady_clock::now() + milliseconds(60);
  while (std::chrono::steady_clock::now() < passed) std::this_thread::yield();
  EXPECT_EQ(ask_port(peer.port()).body, "one");
}

TEST_F(Client, ASilentPeerIsWaitedForOnce) {
  client_options_.stall_timeout = milliseconds(50);
  auto once = [](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, kAnswerOne);
    receive_until(fd, "never");
  };
  ScriptedPeer peer({once, once});
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  EXPECT_EQ(ask_port(peer.port()).code, Code::kTimeout);
  EXPECT_EQ(peer.accepted(), 1);
}

}  // namespace
}  // namespace ais::net::test
