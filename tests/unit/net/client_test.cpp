// HttpClient against our server and against peers that misbehave.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>

#include "net/http_client.h"
#include "net/socket.h"
#include "unit/net/client_fixture.h"

namespace ais::net::test {
namespace {

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

TEST_F(Client, NamesAPeerAsItIsWritten) {
  const int listening = *listen_on("127.0.0.1", 0, 1);
  const uint16_t port = local_port(listening);
  close(listening);  // nobody is there any more
  for (const auto& [host, name] : {std::pair("::1", "[::1]:"), std::pair("127.0.0.1", "127.0.0.1:")}) {
    ClientRequest request;
    request.host = host;
    request.port = port;
    const auto refused = run_task(*loop_, client().send(std::move(request)));
    EXPECT_TRUE(refused.status().message().starts_with(name + std::to_string(port))) << refused.status().message();
  }
}

TEST_F(Client, EndsExchangesWithAPeerThatIsSilent) {
  for (const std::string_view begun : {"", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\no"}) {
    client_.reset();
    ScriptedPeer peer({[&](int fd) {
      receive_until(fd, "\r\n\r\n");
      say(fd, begun);
      loop_->post([this] { loop_->add_timer(milliseconds(20), [this] { client().end_exchanges(); }); });
      receive_until(fd, "never");
    }});
    EXPECT_EQ(ask_port(peer.port()).code, Code::kUnavailable);
    EXPECT_EQ(ask_port(peer.port()).code, Code::kUnavailable) << "a later one";
    EXPECT_EQ(peer.accepted(), 1);
  }
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

TEST_F(Client, FollowsRedirectsAndStopsSendingWhenAnswered) {
  start([](HttpExchange& exchange) -> async::Task<void> {
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
  start([&](HttpExchange& exchange) -> async::Task<void> {
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

TEST_F(Client, APeerThatHasTheRequestMayBeGivenMoreTime) {
  client_options_.stall_timeout = milliseconds(50);
  const auto late = [](int fd) {
    receive_until(fd, "whole");
    // Silent for longer than the stall timeout: that the client has not left by then is what is tested.
    pollfd left{.fd = fd, .events = POLLIN | POLLRDHUP, .revents = 0};
    if (poll(&left, 1, 500) == 0) say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
  };
  ScriptedPeer peer({late, late});
  ClientRequest request;
  request.method = Method::kPut;
  request.body = "whole";
  EXPECT_EQ(ask_port(peer.port(), request).code, Code::kTimeout);
  request.answer_timeout = std::chrono::seconds(60);
  EXPECT_EQ(ask_port(peer.port(), request).body, "one");
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
  start([&](HttpExchange& exchange) -> async::Task<void> {
    exchange.start(200);
    Status sent = co_await exchange.send(large);
    (void)sent.ok();
  });
  auto task = [](HttpClient& client, uint16_t port) -> async::Task<uint64_t> {
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
  auto started = HttpServer::start(*loops, unix_options, [](HttpExchange& exchange) -> async::Task<void> {
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
