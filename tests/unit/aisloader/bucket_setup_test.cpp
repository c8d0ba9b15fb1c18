// What the loader asks of the cluster before and behind a measurement, of a gateway that answers everything.
#include "aisloader/bucket_setup.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "net/http_server.h"

namespace ais::loader {
namespace {

class Gateway {
 public:
  Gateway() {
    loops_ = std::move(net::LoopGroup::start("gateway", 1)).value();
    net::HttpServerOptions options;
    options.bind_address = "127.0.0.1";
    server_ = std::move(net::HttpServer::start(*loops_, options, [](net::HttpExchange& exchange) { return serve(exchange); })).value();
  }
  ~Gateway() { server_->drain(std::chrono::seconds(1)); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  net::HttpServerCounters counters() const { return server_->counters(); }

 private:
  static async::Task<void> serve(net::HttpExchange& exchange) {
    exchange.start(200).add("Ais-Bucket-Props", "{}");
    Status sent = co_await exchange.send("{}");
    static_cast<void>(sent.ok());
  }
  std::unique_ptr<net::LoopGroup> loops_;
  std::unique_ptr<net::HttpServer> server_;
};

TEST(BucketSetup, AMeasurementMayTakeLongerThanAConnectionIsKept) {
  Gateway gateway;
  Options options;
  options.endpoint = gateway.url();
  options.bucket.name = "b";
  net::HttpClientOptions http;
  http.idle_timeout = std::chrono::milliseconds(20);
  http.stall_timeout = std::chrono::milliseconds(300);
  Result<std::unique_ptr<BucketSetup>> setup = BucketSetup::connect(options, http);
  ASSERT_TRUE(setup.ok());
  Result<bool> made = (*setup)->ensure_bucket(true);
  ASSERT_TRUE(made.ok()) << made.status().message();
  // The loop stands still meanwhile, as it does while the measurement goes on.
  const auto end = std::chrono::steady_clock::now() + 2 * http.stall_timeout;
  while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
  const Status destroyed = (*setup)->destroy_bucket();
  EXPECT_TRUE(destroyed.ok()) << destroyed.message();
}

}  // namespace
}  // namespace ais::loader
