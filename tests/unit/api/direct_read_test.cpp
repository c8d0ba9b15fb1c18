// Reads that go to the owner itself, and what happens when the client's cluster map is older than the cluster.
#include <gtest/gtest.h>

#include <atomic>

#include "api/cluster_client.h"
#include "net/http_server.h"

namespace ais::api {
namespace {

/// A node that answers every request with the same status and body, and counts them.
class Responder {
 public:
  Responder(int status, std::string body) : status_(status), body_(std::move(body)) {
    loops_ = std::move(net::LoopGroup::start("node", 1)).value();
    net::HttpServerOptions options;
    options.bind_address = "127.0.0.1";
    auto handler = [this](net::HttpExchange& exchange) { return serve(exchange); };
    server_ = std::move(net::HttpServer::start(*loops_, options, handler)).value();
  }
  ~Responder() { server_->drain(std::chrono::seconds(1)); }
  uint16_t port() const { return server_->port(); }
  int requests() const { return requests_.load(); }

 private:
  async::Task<void> serve(net::HttpExchange& exchange) {
    requests_.fetch_add(1);
    exchange.start(status_);
    Status sent = co_await exchange.send(body_);
    static_cast<void>(sent.ok());
  }

  const int status_;
  const std::string body_;
  std::atomic<int> requests_{0};
  std::unique_ptr<net::LoopGroup> loops_;
  std::unique_ptr<net::HttpServer> server_;
};

class DirectReadTest : public testing::Test {
 protected:
  DirectReadTest()
      : loop_(std::move(net::EventLoop::create("client")).value()),
        http_(*loop_, net::HttpClientOptions{}),
        client_(std::move(ClusterClient::create(http_, "127.0.0.1:" + std::to_string(gateway_.port()))).value()) {}

  /// A map whose only target listens on `port`.
  void read_from(uint16_t port) {
    meta::ClusterMap map;
    map.version = 1;
    meta::Node node;
    node.id = "t1test00";
    node.public_net = {"127.0.0.1", port};
    map.targets["t1test00"] = node;
    client_.read_directly(std::make_shared<const meta::ClusterMap>(std::move(map)));
  }
  /// Body of the object, or the error's name.
  std::string get() {
    auto read = [](ClusterClient& client) -> async::Task<std::string> {
      meta::Bucket bucket;
      bucket.name = "b";
      Result<ObjectBody> object = co_await client.get(bucket, "o", "");
      if (!object.ok()) co_return std::string(code_name(object.code()));
      Result<std::string> body = co_await object->response.read_all(1000);
      co_return body.ok() ? *body : std::string("no body");
    };
    return net::run_task(*loop_, read(client_));
  }

  Responder gateway_{200, "of the gateway"};
  std::unique_ptr<net::EventLoop> loop_;
  net::HttpClient http_;
  ClusterClient client_;
};

TEST_F(DirectReadTest, AsksTheOwnerOnly) {
  Responder target(200, "of the target");
  read_from(target.port());
  EXPECT_EQ(get(), "of the target");
  EXPECT_EQ(get(), "of the target");
  EXPECT_EQ(gateway_.requests(), 0);
}

TEST_F(DirectReadTest, GivesTheMapUpWhenTheGatewayKnowsBetter) {
  Responder target(404, "");
  read_from(target.port());
  EXPECT_EQ(get(), "of the gateway");
  EXPECT_EQ(get(), "of the gateway");
  EXPECT_EQ(target.requests(), 1);
}

TEST_F(DirectReadTest, AsksTheGatewayWhenTheOwnerIsGone) {
  uint16_t port = 0;
  {
    Responder target(200, "");
    port = target.port();
  }
  read_from(port);
  EXPECT_EQ(get(), "of the gateway");
}

TEST_F(DirectReadTest, GivesTheMapOfAGoneOwnerUpThoughTheGatewayHasNothing) {
  uint16_t port = 0;
  {
    Responder gone(200, "");
    port = gone.port();
  }
  Responder gateway(404, "");
  Result<ClusterClient> client = ClusterClient::create(http_, "127.0.0.1:" + std::to_string(gateway.port()));
  ASSERT_TRUE(client.ok());
  client_ = std::move(client).value();
  read_from(port);
  EXPECT_NE(get(), "");
  EXPECT_NE(get(), "");
  EXPECT_EQ(gateway.requests(), 2);
  EXPECT_FALSE(client_.reads_directly());
}

TEST_F(DirectReadTest, AsksTheGatewayWhenTheOwnerCannotServe) {
  Responder target(503, "");
  read_from(target.port());
  EXPECT_EQ(get(), "of the gateway");
}

TEST_F(DirectReadTest, DoesNotBurdenABusyNodeTwice) {
  Responder target(429, "");
  read_from(target.port());
  EXPECT_EQ(get(), code_name(Code::kTooManyRequests));
  EXPECT_EQ(gateway_.requests(), 0);
}

}  // namespace
}  // namespace ais::api
