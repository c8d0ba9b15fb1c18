// HttpClient: bodies that are made while they are sent.
#include "unit/net/client_fixture.h"

namespace ais::net::test {
namespace {

// Pieces of a body, and then its end or an error.
class Pieces final : public StreamedBody {
 public:
  Pieces(std::vector<std::string> pieces, Status end = {}) : pieces_(std::move(pieces)), end_(std::move(end)) {}
  async::Task<Result<std::string_view>> next() override {
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
async::Task<void> gateway_and_store(HttpExchange& exchange) {
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

}  // namespace
}  // namespace ais::net::test
