// HttpClient against our server and against peers that misbehave.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>

#include "net/http_client.h"
#include "net/socket.h"
#include "unit/net/server_fixture.h"

namespace ais::net::test {
namespace {

using std::chrono::milliseconds;

// A peer whose every connection is handled by a script, one after the other.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(std::vector<std::function<void(int)>> scripts) {
    listen_fd_ = *listen_on("127.0.0.1", 0, 16);
    fcntl(listen_fd_, F_SETFL, 0);
    thread_ = std::thread([this, scripts = std::move(scripts)] {
      for (auto& script : scripts) {
        int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        ++accepted_;
        connection_ = fd;
        script(fd);
        connection_ = -1;
        close(fd);
        ++closed_;
      }
    });
  }
  ~ScriptedPeer() {
    shutdown(listen_fd_, SHUT_RDWR);
    int connection = connection_;
    if (connection >= 0) shutdown(connection, SHUT_RDWR);  // a script may wait for a request that nobody will send
    thread_.join();
    close(listen_fd_);
  }
  uint16_t port() const { return local_port(listen_fd_); }
  int accepted() const { return accepted_; }
  void wait_for_closed(int count) const {
    while (closed_ < count) std::this_thread::yield();
  }

 private:
  int listen_fd_ = -1;
  std::atomic<int> accepted_{0}, closed_{0};
  std::atomic<int> connection_{-1};
  std::thread thread_;
};

std::string receive_until(int fd, std::string_view end) {
  std::string text;
  char c;
  while (!text.ends_with(end) && recv(fd, &c, 1, 0) == 1) text += c;
  return text;
}

void say(int fd, std::string_view text) {
  ASSERT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

std::function<void(int)> answers(std::string answer) {
  return [answer](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, answer);
  };
}

constexpr const char* kAnswerOne = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
constexpr const char* kAnswerTwo = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo";

// Answers one request, takes a second one, says `last` and closes.
std::function<void(int)> one_and_then(std::string last) {
  return [last](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, kAnswerOne);
    receive_until(fd, "\r\n\r\n");
    say(fd, last);
  };
}

struct Answer {
  Code code = Code::kOk;
  int status = 0;
  std::string body;
  std::string header;  // "X"
};

Task<Answer> ask(HttpClient& client, ClientRequest request, int redirects) {
  Answer answer;
  Result<ClientResponse> response = co_await client.send_following(std::move(request), redirects);
  answer.code = response.code();
  if (!response.ok()) co_return answer;
  answer.status = response->status();
  answer.header = response->headers().get_or_empty("X");
  Result<std::string> body = co_await response->read_all(64 << 20);
  answer.code = body.code();
  if (body.ok()) answer.body = *body;
  co_return answer;
}

class Client : public ServerTest {
 protected:
  void SetUp() override { loop_ = *EventLoop::create("client"); }
  void TearDown() override {
    client_.reset();
    ServerTest::TearDown();
  }
  HttpClient& client() {
    if (!client_) client_ = std::make_unique<HttpClient>(*loop_, client_options_);
    return *client_;
  }
  Answer ask_port(uint16_t port, ClientRequest request = {}, int redirects = 0) {
    request.host = "127.0.0.1";
    request.port = port;
    return run_task(*loop_, ask(client(), std::move(request), redirects));
  }
  Answer ask_server(ClientRequest request = {}, int redirects = 0) { return ask_port(server->port(), std::move(request), redirects); }

  HttpClientOptions client_options_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<HttpClient> client_;
};

Task<void> echo(HttpExchange& exchange) {
  Result<std::string> body = co_await exchange.read_whole_body(64 << 20);
  exchange.start(body.ok() ? 200 : 400).add("X", exchange.request().target);
  std::string text = std::string(exchange.request().method_text) + ":" + (body.ok() ? *body : "");
  Status sent = co_await exchange.send(text);
  (void)sent.ok();
}

TEST_F(Client, SendsAndReusesItsConnection) {
  start(echo);
  for (int i = 0; i < 20; ++i) {
    ClientRequest request;
    request.method = i % 2 ? Method::kPut : Method::kGet;
    request.target = "/a?b=" + std::to_string(i);
    request.body = i % 2 ? "body" : "";
    request.add_header("A", "b\r\nEvil: x");
    Answer answer = ask_server(std::move(request));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header, "/a?b=" + std::to_string(i));
    EXPECT_EQ(answer.body, i % 2 ? "PUT:body" : "GET:");
  }
  EXPECT_EQ(server->counters().connections_accepted, 1u);
}

// Answers with as many bytes as "/<kind>/<bytes>" says, framed as the kind says.
Task<void> sized_answer(HttpExchange& exchange) {
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
Task<int64_t> fetch(HttpClient& client, ClientRequest request, size_t piece) {
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

TEST_F(Client, SendsLargeBodiesFromMemoryAndFiles) {
  start(echo);
  std::string large(5 << 20, 'l');
  ClientRequest request;
  request.method = Method::kPut;
  request.body = large;
  EXPECT_TRUE(ask_server(request).body == "PUT:" + large);
  char name[] = "/tmp/ais-net-XXXXXX";
  int fd = mkstemp(name);
  unlink(name);
  ASSERT_EQ(write(fd, large.data(), large.size()), static_cast<ssize_t>(large.size()));
  request.body = {};
  request.body_fd = fd;
  request.body_offset = 5;
  request.body_length = (4 << 20) + 1;
  request.expect_continue = true;
  EXPECT_TRUE(ask_server(request).body == "PUT:" + large.substr(0, (4 << 20) + 1));
  request.body_offset = (5 << 20) - 10;
  request.body_length = 20;
  EXPECT_EQ(ask_server(request).code, Code::kInputOutput);
  close(fd);
}

// Pieces of a body, and then its end or an error.
class Pieces final : public BodySource {
 public:
  Pieces(std::vector<std::string> pieces, Status end = {}) : pieces_(std::move(pieces)), end_(std::move(end)) {}
  Task<Result<std::string_view>> next() override {
    if (next_ < pieces_.size()) co_return std::string_view(pieces_[next_++]);
    if (!end_.ok()) co_return end_;
    co_return std::string_view();
  }

 private:
  const std::vector<std::string> pieces_;
  const Status end_;
  size_t next_ = 0;
};

// A gateway that redirects everything, once it was "slow", to a store that keeps it.
Task<void> gateway_and_store(HttpExchange& exchange) {
  std::string_view path = exchange.request().path;
  if (path == "/store") {
    co_await echo(exchange);
    co_return;
  }
  if (path == "/full") {
    exchange.start(507);
    Status sent = co_await exchange.send("full");
    (void)sent.ok();
    co_return;
  }
  if (path == "/late") (void)(co_await exchange.read_whole_body(1 << 20)).ok();
  exchange.start(307).add("Location", "/store");
  Status sent = co_await exchange.send("");
  (void)sent.ok();
}

TEST_F(Client, StreamsABodyOfUnknownLength) {
  start(gateway_and_store);
  ClientRequest request;
  request.method = Method::kPut;
  for (const std::vector<std::string>& texts : {std::vector<std::string>{}, {"one"}, {"one", std::string(3 << 20, 'x'), "end"}}) {
    std::string all;
    for (const std::string& text : texts) all += text;
    Pieces body(texts);
    request.target = "/gateway";
    request.body_source = &body;
    Answer answer = ask_server(request, 3);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == "PUT:" + all) << all.size();
    EXPECT_TRUE(body.begun);
  }
  Pieces refused({"one"});
  request.target = "/full";
  request.body_source = &refused;
  EXPECT_EQ(ask_server(request, 3).status, 507);
  EXPECT_FALSE(refused.begun);
  Pieces lost({"one"});
  request.target = "/late";
  request.body_source = &lost;
  EXPECT_EQ(ask_server(request, 3).code, Code::kUnexpectedStatus);
  Pieces broken({"one"}, Status(Code::kInputOutput, "no more"));
  request.target = "/store";
  request.body_source = &broken;
  EXPECT_EQ(ask_server(request, 3).code, Code::kInputOutput);
  Pieces whole({"after"});
  request.body_source = &whole;
  EXPECT_EQ(ask_server(request, 3).body, "PUT:after");
}

TEST_F(Client, AStreamIsSentOnceAndOnlyWhenItIsWanted) {
  client_options_.stall_timeout = milliseconds(100);
  ScriptedPeer peer({one_and_then(""), [](int fd) { receive_until(fd, "never"); },
                     [](int fd) {
                       receive_until(fd, "\r\n\r\n");
                       say(fd, "HTTP/1.1 100 Continue\r\n\r\n");
                       receive_until(fd, "one");
                     }});
  Pieces body({"one"});
  ClientRequest request;
  request.method = Method::kPut;
  request.body_source = &body;
  EXPECT_EQ(ask_port(peer.port()).body, "one");
  // A kept connection that was closed: on to a fresh one, whose peer says nothing.
  EXPECT_EQ(ask_port(peer.port(), request).code, Code::kTimeout);
  EXPECT_FALSE(body.begun);
  EXPECT_EQ(ask_port(peer.port(), request).code, Code::kConnectionClosed);
  EXPECT_TRUE(body.begun);
  EXPECT_EQ(peer.accepted(), 3);
}

TEST_F(Client, FollowsRedirectsAndStopsSendingWhenAnswered) {
  start([](HttpExchange& exchange) -> Task<void> {
    std::string_view path = exchange.request().path;
    if (path == "/stay") {
      co_await echo(exchange);
      co_return;
    }
    std::string location = "http://" + exchange.local_address() + "/stay";
    if (path == "/a/relative") location = "../stay";
    if (path == "/a/absolute") location = "/stay";
    if (path == "/loop") location = "/loop";
    if (path == "/sibling") location = "stay?q";
    exchange.start(path == "/see-other" ? 303 : 307).add("Location", path == "/bad" ? "ftp://x/" : location);
    Status sent = co_await exchange.send("moved");
    (void)sent.ok();
  });
  std::string large(3 << 20, 'm');
  for (const char* target : {"/full", "/a/absolute", "/sibling"}) {
    ClientRequest request;
    request.method = Method::kPut;
    request.target = target;
    request.body = large;
    Answer answer = ask_server(request, 3);
    EXPECT_EQ(answer.status, 200) << target;
    EXPECT_TRUE(answer.body == "PUT:" + large) << target;
    request.expect_continue = true;
    EXPECT_EQ(ask_server(request, 3).status, 200) << target;
  }
  ClientRequest request;
  request.target = "/loop";
  EXPECT_EQ(ask_server(request, 2).status, 307);
  request.target = "/see-other";
  EXPECT_EQ(ask_server(request, 2).status, 303);
  request.target = "/bad";
  EXPECT_EQ(ask_server(request, 2).code, Code::kInvalid);
}

TEST_F(Client, ReadsEveryFraming) {
  ScriptedPeer peer(
      {answers("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
       answers("HTTP/1.0 200 OK\r\n\r\nuntil close"), answers("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
       answers("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nConnection: close\r\n\r\n"),
       answers("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n")});
  // The first peer closes after its answer although it said it would not: the next request must get a new connection.
  EXPECT_EQ(ask_port(peer.port()).body, "abcde");
  EXPECT_EQ(ask_port(peer.port()).body, "until close");
  EXPECT_EQ(ask_port(peer.port()).status, 204);
  EXPECT_EQ(ask_port(peer.port()).status, 304);
  ClientRequest head;
  head.method = Method::kHead;
  Answer answer = ask_port(peer.port(), head);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
}

TEST_F(Client, ReportsBrokenPeers) {
  ScriptedPeer peer({answers("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"), answers("nonsense\r\n\r\n"),
                     answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
                     answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), answers(""),
                     answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx")});
  Code expected[] = {Code::kConnectionClosed, Code::kBadRequest,       Code::kBadRequest,
                     Code::kConnectionClosed, Code::kConnectionClosed, Code::kBadRequest};
  for (Code code : expected) EXPECT_EQ(ask_port(peer.port()).code, code);
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

TEST_F(Client, TheIdleLimitIsNothingToTheNextRequest) {
  client_options_.idle_timeout = milliseconds(30);
  auto slow = [](int fd) {
    for (int i = 0; i < 2; ++i) {
      if (receive_until(fd, "\r\n\r\n").empty()) return;
      if (i == 1) std::this_thread::sleep_for(milliseconds(150));  // five times the idle limit
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

TEST_F(Client, EarlyAnswerEndsTheSending) {
  ScriptedPeer peer({[](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    shutdown(fd, SHUT_WR);
    char c;
    while (recv(fd, &c, 1, 0) > 0) {  // slowly: most of the body is never taken
    }
  }});
  std::string large(64 << 20, 'x');
  ClientRequest request;
  request.method = Method::kPut;
  request.body = large;
  Answer answer = ask_port(peer.port(), request);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, "no");
}

// What a peer got: the size of each body, in order.
struct Uploads {
  std::mutex mutex;
  std::vector<size_t> sizes;
  void add(size_t size) {
    std::lock_guard guard(mutex);
    sizes.push_back(size);
  }
  std::vector<size_t> take() {
    std::lock_guard guard(mutex);
    return std::exchange(sizes, {});
  }
};

TEST_F(Client, BodyWaitsForTheRedirectOfAPeerThatIsKnownToRedirect) {
  Uploads stored, asked;
  std::atomic<int> status{307};
  start([&](HttpExchange& exchange) -> Task<void> {
    bool stores = exchange.request().path == "/store";
    std::string location = "http://localhost:" + std::to_string(server->port()) + "/store";
    Result<std::string> body = co_await exchange.read_whole_body(1 << 20);
    (stores ? stored : asked).add(body.ok() ? body->size() : SIZE_MAX);
    exchange.start(stores ? 200 : status.load()).add("Location", location);
    Status sent = co_await exchange.send("");
    (void)sent.ok();
  });
  ClientRequest put;
  put.method = Method::kPut;
  put.body = "12345";
  put.body_after_redirect = true;
  auto put_once = [&] { return ask_server(put, 3).status; };
  EXPECT_EQ(put_once(), 200);
  EXPECT_EQ(put_once(), 200);
  EXPECT_EQ(asked.take(), (std::vector<size_t>{5, 0}));  // it might have stored the first one
  EXPECT_EQ(stored.take(), (std::vector<size_t>{5, 5}));
  status = 503;
  EXPECT_EQ(put_once(), 503);
  status = 307;
  EXPECT_EQ(put_once(), 200);  // refusals are not taken for storing
  EXPECT_EQ(asked.take(), (std::vector<size_t>{0, 0}));
  status = 200;
  EXPECT_EQ(put_once(), 200);  // stores by itself from now on
  EXPECT_EQ(put_once(), 200);
  EXPECT_EQ(asked.take(), (std::vector<size_t>{0, 5, 5}));
  EXPECT_EQ(stored.take(), (std::vector<size_t>{5}));
}

// Waiting for an answer goes by edges: every order in which they may come, with the stall timeout far above what the test may take.
TEST_F(Client, NoOrderOfEventsLosesTheAnswer) {
  constexpr int kRounds = 300;
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
  std::vector<std::function<void(int)>> scripts;
  auto answer_some = [ok](int fd, int count) {
    for (int i = 0; i < count; ++i) {
      if (receive_until(fd, "\r\n\r\n").empty()) return;
      say(fd, ok);
    }
  };
  for (int round = 0; round < kRounds; ++round) {
    switch (round % 6) {
      case 0: scripts.push_back([=](int fd) { answer_some(fd, 1); }); break;  // answer, then FIN behind it or before the next request
      case 1: scripts.push_back([=](int fd) { answer_some(fd, 3); }); break;
      case 2:  // answer and FIN in one packet
        scripts.push_back([ok](int fd) {
          receive_until(fd, "\r\n\r\n");
          int on = 1;
          setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
          say(fd, ok);
          shutdown(fd, SHUT_WR);
        });
        break;
      case 3:  // two packets for each answer, cut in the head and in the body
        scripts.push_back([ok, round](int fd) {
          for (size_t cut : {size_t{20}, ok.size() - 1}) {
            if (receive_until(fd, "\r\n\r\n").empty()) return;
            say(fd, ok.substr(0, cut));
            if (round % 12 == 3) std::this_thread::yield();
            say(fd, ok.substr(cut));
          }
        });
        break;
      case 4:  // a reset behind the answer
        scripts.push_back([=](int fd) {
          answer_some(fd, 1);
          linger hard{1, 0};
          setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
        });
        break;
      case 5:  // more than was asked for
        scripts.push_back([ok](int fd) {
          receive_until(fd, "\r\n\r\n");
          say(fd, ok + "HTTP/1.1 500 Wrong\r\nContent-Length: 0\r\n\r\n");
        });
        break;
    }
  }
  auto begun = std::chrono::steady_clock::now();
  {
    ScriptedPeer peer(std::move(scripts));
    for (int i = 0; i < kRounds; ++i) {
      Answer answer = ask_port(peer.port());
      ASSERT_EQ(answer.status, 200) << i << " " << static_cast<int>(answer.code);
      ASSERT_EQ(answer.body, "one") << i;
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));  // half of the stall timeout
}

// The answer is there before the request is sent, in every way that a request takes.
TEST_F(Client, EarlyAnswersAreSeenHoweverTheRequestIsSent) {
  constexpr int kRounds = 60;
  std::vector<std::function<void(int)>> scripts;
  for (int i = 0; i < kRounds; ++i) {
    scripts.push_back([i](int fd) {
      if (i % 3 == 0) receive_until(fd, "\r\n\r\n");  // else the answer comes as soon as the connection is there
      if (i % 3 == 2) say(fd, "HTTP/1.1 100 Continue\r\n\r\n");
      say(fd, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
      shutdown(fd, SHUT_WR);
      char room[65536];
      while (recv(fd, room, sizeof(room), 0) > 0) {
      }
    });
  }
  ScriptedPeer peer(std::move(scripts));
  const std::string large(4 << 20, 'x');
  for (int i = 0; i < kRounds; ++i) {
    ClientRequest request;
    request.method = Method::kPut;
    request.body = i % 4 < 2 ? std::string_view(large) : "small";
    request.expect_continue = i % 2 == 1;
    Answer answer = ask_port(peer.port(), request);
    ASSERT_EQ(answer.status, 403) << i << " " << static_cast<int>(answer.code);
    ASSERT_EQ(answer.body, "no") << i;
  }
}

TEST_F(Client, TimesOut) {
  client_options_.stall_timeout = milliseconds(50);
  auto silent = [](int fd) { receive_until(fd, "never"); };
  ScriptedPeer peer({silent, silent, [](int fd) {
                       receive_until(fd, "\r\n\r\n");
                       say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart");
                       receive_until(fd, "never");
                     }});
  EXPECT_EQ(ask_port(peer.port()).code, Code::kTimeout);
  ClientRequest request;
  request.timeout = milliseconds(20);
  EXPECT_EQ(ask_port(peer.port(), request).code, Code::kTimeout);
  EXPECT_EQ(ask_port(peer.port()).code, Code::kTimeout);
}

TEST_F(Client, ConnectFailuresAndBadRequests) {
  int fd = *listen_on("127.0.0.1", 0, 1);
  uint16_t port = local_port(fd);
  close(fd);
  EXPECT_EQ(ask_port(port).code, Code::kConnectionFailed);
  ClientRequest request;
  request.target = "/a b";
  EXPECT_EQ(ask_port(port, request).code, Code::kInvalid);
  request.target = "/\r\nEvil: x";
  EXPECT_EQ(ask_port(port, request).code, Code::kInvalid);
}

TEST_F(Client, DiscardsAndLeavesInTheMiddle) {
  std::string large(4 << 20, 'd');
  start([&](HttpExchange& exchange) -> Task<void> {
    exchange.start(200);
    Status sent = co_await exchange.send(large);
    (void)sent.ok();
  });
  auto task = [](HttpClient& client, uint16_t port) -> Task<uint64_t> {
    ClientRequest request;
    request.host = "localhost";
    request.port = port;
    Result<ClientResponse> response = co_await client.send(request);
    if (!response.ok()) co_return 0;
    char some[100];
    std::span<char> room(some);
    Result<size_t> first = co_await response->read(room);
    Result<ClientResponse> second = co_await client.send(request);
    if (!second.ok()) co_return 0;
    Result<uint64_t> rest = co_await second->discard();
    co_return first.value_or(0) + rest.value_or(0);
  };
  EXPECT_EQ(run_task(*loop_, task(client(), server->port())), 100 + large.size());
  server.reset();  // before the body that it sends
}

TEST_F(Client, SpeaksOverUnixSockets) {
  std::string path = "/tmp/ais-net-" + std::to_string(getpid()) + ".sock";
  loops = *LoopGroup::start("unix", 1);
  HttpServerOptions unix_options;
  unix_options.bind_address = "unix:" + path;
  auto started = HttpServer::start(*loops, unix_options, [](HttpExchange& exchange) -> Task<void> {
    exchange.start(200).add("X", exchange.peer_address());
    Status sent = co_await exchange.send("local");
    (void)sent.ok();
  });
  ASSERT_TRUE(started.ok()) << started.status().to_string();
  server = std::move(*started);
  std::string unread(300000, 'u');
  for (int i = 0; i < 3; ++i) {
    ClientRequest request;
    request.unix_path = path;
    request.method = Method::kPost;
    request.body = unread;
    Answer answer = run_task(*loop_, ask(client(), request, 0));
    EXPECT_EQ(answer.body, "local");
    EXPECT_EQ(answer.header, "unix");
  }
  server.reset();
  EXPECT_NE(access(path.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace ais::net::test
