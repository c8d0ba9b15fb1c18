// What the server does over time and under pressure: timeouts, clients that leave, limits, draining, memory.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <map>
#include <thread>
#include <vector>

#include "async/event.h"
#include "unit/net/server_fixture.h"

namespace ais::net::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ServerLifetime : public ServerTest {};

TEST_F(ServerLifetime, TimeoutsCloseQuietClients) {
  options.idle_timeout = milliseconds(60);
  options.head_timeout = milliseconds(60);
  options.stall_timeout = milliseconds(60);
  start(echo_body);
  RawSocket idle(server->port());
  EXPECT_TRUE(idle.is_closed());
  RawSocket slow_head(server->port());
  slow_head.send("GET / HTT");
  EXPECT_EQ(status_of(slow_head.read_to_end()), 408);
  RawSocket slow_body(server->port());
  slow_body.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\npart");
  EXPECT_EQ(status_of(slow_body.read_to_end()), 408);
  RawSocket after_one(server->port());
  after_one.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(after_one.read_answer()), 200);
  EXPECT_TRUE(after_one.is_closed());
  EXPECT_EQ(server->counters().timeouts, 2u);
}

TEST_F(ServerLifetime, StalledReaderIsDropped) {
  options.stall_timeout = milliseconds(60);
  std::atomic<bool> failed{false};
  start([&](HttpExchange& exchange) -> async::Task<void> {
    std::string large(64 << 20, 'x');
    exchange.start(200);
    Status sent = co_await exchange.send(large);
    failed = sent.code() == Code::kConnectionClosed;
  });
  RawSocket socket(server->port());
  socket.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (server->counters().connections_accepted == 0 || server->counters().connections_open > 0) std::this_thread::yield();
  EXPECT_TRUE(failed);
}

TEST_F(ServerLifetime, SurvivesClientsThatLeaveAnywhere) {
  std::atomic<int> closed{0};
  start([&](HttpExchange& exchange) -> async::Task<void> {
    Result<std::string> body = co_await exchange.read_whole_body(1 << 20);
    if (body.code() == Code::kConnectionClosed) ++closed;
    std::string large(4 << 20, 'x');
    exchange.start(200);
    Status sent = co_await exchange.send(large);
    (void)sent.ok();
  });
  std::string request = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n01234567890123456789";
  for (size_t cut = 0; cut <= request.size(); ++cut) {
    RawSocket socket(server->port());
    socket.send(request.substr(0, cut));
    if (cut % 2) {
      linger reset{1, 0};
      setsockopt(socket.fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    }
  }
  while (server->counters().connections_accepted < request.size() + 1 || server->counters().connections_open > 0) std::this_thread::yield();
  EXPECT_GT(closed, 0);
}

TEST_F(ServerLifetime, ConnectionsBeyondTheLimitAreToldSo) {
  options.connections_max = 2;
  start(echo_target);
  RawSocket first(server->port()), second(server->port());
  first.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
  second.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(body_of(first.read_answer()), "GET /1");
  EXPECT_EQ(body_of(second.read_answer()), "GET /2");
  std::string refused = exchange("GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(status_of(refused), 503);
  EXPECT_NE(refused.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(server->counters().connections_refused, 1u);
}

TEST_F(ServerLifetime, BufferedBodyNeedsNoWaiting) {
  start([](HttpExchange& exchange) -> async::Task<void> {
    auto body = exchange.whole_body_if_buffered();
    std::string text = body ? "[" + std::string(*body) + "]" : "no";
    exchange.start(200);
    Status sent = co_await exchange.send(text);
    EXPECT_TRUE(sent.ok());
  });
  RawSocket socket(server->port());
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(body_of(socket.read_answer()), "[abc]");
  EXPECT_EQ(body_of(socket.read_answer()), "[]");
  socket.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(socket.read_answer()), "no");
}

TEST_F(ServerLifetime, DrainLetsRequestsEndAndClosesTheRest) {
  std::atomic<bool> entered{false};
  start([&](HttpExchange& exchange) -> async::Task<void> {
    entered = true;
    co_await async::sleep_for(milliseconds(50));
    exchange.start(200);
    Status sent = co_await exchange.send("late");
    EXPECT_TRUE(sent.ok());
  });
  RawSocket idle(server->port()), busy(server->port());
  busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (!entered) std::this_thread::yield();
  server->drain(seconds(10));
  EXPECT_TRUE(idle.is_closed());
  std::string answer = busy.read_to_end();
  EXPECT_EQ(body_of(answer), "late");
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_EQ(server->counters().connections_open, 0u);
}

TEST_F(ServerLifetime, DrainWithoutGraceInterruptsReadsOfTheBody) {
  std::atomic<bool> entered{false};
  start([&](HttpExchange& exchange) -> async::Task<void> {
    entered = true;
    Result<std::string> body = co_await exchange.read_whole_body(1000);
    EXPECT_EQ(body.code(), Code::kConnectionClosed);
  });
  RawSocket busy(server->port());
  busy.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");
  while (!entered) std::this_thread::yield();
  server->drain(Nanoseconds(0));
  EXPECT_EQ(server->counters().connections_open, 0u);
}

// A request that heeds nothing is waited for once: the destructor must not do it again.
TEST_F(ServerLifetime, ARequestThatDoesNotEndIsWaitedForOnce) {
  async::Event released;
  std::atomic<bool> entered{false};
  options.close_grace = milliseconds(300);
  start([&](HttpExchange& exchange) -> async::Task<void> {
    entered = true;
    co_await released.wait();
    exchange.start(200);
    (void)co_await exchange.send("");
  });
  RawSocket busy(server->port());
  busy.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  while (!entered) std::this_thread::yield();
  const auto begun = std::chrono::steady_clock::now();
  server->drain(Nanoseconds(0));
  const auto drained = std::chrono::steady_clock::now();
  EXPECT_GE(drained - begun, milliseconds(300));
  server->drain(seconds(100));
  EXPECT_LT(std::chrono::steady_clock::now() - drained, seconds(50));
  released.set();
  EXPECT_TRUE(server->wait_drained(seconds(10)));
}

TEST_F(ServerLifetime, ConnectionsSpreadOverLoops) {
  start(
      [](HttpExchange& exchange) -> async::Task<void> {
        exchange.start(200);
        Status sent = co_await exchange.send(exchange.loop().name());
        EXPECT_TRUE(sent.ok());
      },
      3);
  std::vector<std::unique_ptr<RawSocket>> sockets;
  std::map<std::string, int> seen;
  for (int i = 0; i < 9; ++i) {
    sockets.push_back(std::make_unique<RawSocket>(server->port()));
    sockets.back()->send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    ++seen[body_of(sockets.back()->read_answer())];
  }
  EXPECT_EQ(seen, (std::map<std::string, int>{{"test/0", 3}, {"test/1", 3}, {"test/2", 3}}));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_F(ServerLifetime, IdleConnectionIsSmall) {
  constexpr size_t kConnections = 1000;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < 3 * kConnections) GTEST_SKIP() << "too few descriptors";
  start(echo_target);
  auto ask = [&](RawSocket& socket) {
    socket.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    ASSERT_EQ(body_of(socket.read_answer()), "GET /x");
  };
  std::vector<std::unique_ptr<RawSocket>> sockets;
  sockets.reserve(kConnections);
  size_t before = 0;
  for (size_t i = 0; i < kConnections + 8; ++i) {
    if (i == 8) before = mallinfo2().uordblks;  // the loop's own buffers exist by then
    sockets.push_back(std::make_unique<RawSocket>(server->port()));
    ask(*sockets.back());
  }
  size_t per_connection = (mallinfo2().uordblks - before) / kConnections;  // the test's own sockets included
  RecordProperty("bytes_per_idle_connection", static_cast<int>(per_connection));
  EXPECT_LT(per_connection, 1024u);
}
#endif

TEST(ServerStart, ReportsWhatItCannotBind) {
  auto loops = LoopGroup::start("test", 1);
  ASSERT_TRUE(loops.ok());
  HttpServerOptions options;
  options.bind_address = "not-an-address";
  EXPECT_EQ(HttpServer::start(**loops, options, echo_target).code(), Code::kInvalid);
  options.bind_address = "127.0.0.1";
  auto first = HttpServer::start(**loops, options, echo_target);
  ASSERT_TRUE(first.ok());
  options.port = (*first)->port();
  EXPECT_FALSE(HttpServer::start(**loops, options, echo_target).ok());
}

}  // namespace
}  // namespace ais::net::test
