// Commands against a small cluster of one process: a server that is gateway and target, and keeps objects in memory.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

#include "ais/cli.h"
#include "api/query.h"
#include "net/http_server.h"

namespace ais::cli {
namespace {
namespace fs = std::filesystem;

class SmallCluster {
 public:
  SmallCluster() {
    loops_ = std::move(net::LoopGroup::start("small", 1)).value();
    net::HttpServerOptions options;
    options.bind_address = "127.0.0.1";
    auto handler = [this](net::HttpExchange& exchange) { return serve(exchange); };
    server_ = std::move(net::HttpServer::start(*loops_, options, handler)).value();
  }
  ~SmallCluster() { server_->drain(std::chrono::seconds(1)); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  void put(const std::string& object, const std::string& body) {
    std::lock_guard guard(mutex_);
    objects_[object] = body;
  }
  std::string body_of(const std::string& object) {
    std::lock_guard guard(mutex_);
    return objects_.contains(object) ? objects_[object] : "(none)";
  }

 private:
  async::Task<void> serve(net::HttpExchange& exchange) {
    const net::HttpRequest& request = exchange.request();
    Status sent;
    if (exchange.request().method == net::Method::kHead && request.path.starts_with("/v1/buckets/")) {
      codec::JsonWriter props;
      meta::BucketProperties().write_json(props);
      exchange.start(200).add("Ais-Bucket-Props", props.take());
      sent = co_await exchange.send("");
    } else if (!request.path.starts_with("/v1/objects/")) {
      exchange.start(404);
      sent = co_await exchange.send("");
    } else if (request.query.find("pid=") == std::string_view::npos) {
      std::string location = url() + std::string(request.path) + "?pid=p1&utm=1";
      exchange.start(307).add("Location", location);
      sent = co_await exchange.send("");
    } else {
      std::string name(api::parse_object_path(request.path, "/v1/objects/")->object);
      sent = co_await serve_object(exchange, name);
    }
    static_cast<void>(sent.ok());
  }

  async::Task<Status> serve_object(net::HttpExchange& exchange, std::string name) {
    if (exchange.request().method == net::Method::kPut) {
      Result<std::string> body = co_await exchange.read_whole_body(1 << 24);
      if (!body.ok()) co_return body.status();
      put(name, *body);
      exchange.start(200);
      co_return co_await exchange.send("");
    }
    std::string body = body_of(name);
    codec::Checksum checksum = codec::checksum_of(codec::ChecksumType::kXxhash2, name == "damaged" ? "other" : body);
    net::ResponseHead head = exchange.start(body == "(none)" ? 404 : 200);
    head.add("Ais-Checksum-Type", "xxhash2").add("Ais-Checksum-Value", checksum.value);
    if (exchange.request().method == net::Method::kHead) {
      head.add("Content-Length", std::to_string(body.size()));
      co_return co_await exchange.send("");
    }
    if (name != "truncated") co_return co_await exchange.send(body);
    Status sent = co_await exchange.begin_stream();
    if (sent.ok()) sent = co_await exchange.write_stream(body);
    co_return sent;  // the stream never ends: the connection breaks instead
  }

  std::unique_ptr<net::LoopGroup> loops_;
  std::unique_ptr<net::HttpServer> server_;
  std::mutex mutex_;
  std::map<std::string, std::string> objects_;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    std::string path = testing::TempDir() + "/ais-gateway-XXXXXX";
    dir_ = mkdtemp(path.data());
  }
  ~GatewayTest() override { fs::remove_all(dir_); }
  std::string path(const std::string& name) const { return dir_ + "/" + name; }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name));
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  size_t entries() const { return static_cast<size_t>(std::distance(fs::directory_iterator(dir_), fs::directory_iterator())); }
  /// Runs a command; what it printed is in out_ and err_.
  int run(std::vector<std::string> words) {
    words.insert(words.end(), {"--endpoint", cluster_.url()});
    char* texts[2] = {};
    size_t sizes[2] = {};
    Terminal terminal;
    terminal.out = open_memstream(&texts[0], &sizes[0]);
    terminal.err = open_memstream(&texts[1], &sizes[1]);
    int status = run_cli(words, terminal);
    std::fclose(terminal.out);
    std::fclose(terminal.err);
    out_.assign(texts[0], sizes[0]);
    err_.assign(texts[1], sizes[1]);
    std::free(texts[0]);
    std::free(texts[1]);
    return status;
  }

  SmallCluster cluster_;
  std::string dir_, out_, err_;
};

TEST_F(GatewayTest, PutAndGetOneObject) {
  std::ofstream(path("in")) << "hello";
  EXPECT_EQ(run({"put", path("in"), "ais://b/dir/o"}), 0) << err_;
  EXPECT_EQ(out_, "uploaded 1 object, 5B\n");
  EXPECT_EQ(cluster_.body_of("dir/o"), "hello");
  EXPECT_EQ(run({"get", "ais://b/dir/o", path("out"), "--check"}), 0) << err_;
  EXPECT_EQ(read("out"), "hello");
}

TEST_F(GatewayTest, PutDirectoryAsJson) {
  fs::create_directories(path("d/sub"));
  std::ofstream(path("d/a")) << "1";
  std::ofstream(path("d/sub/b")) << "22";
  EXPECT_EQ(run({"put", "-r", path("d"), "ais://b/x/", "--json"}), 0) << err_;
  EXPECT_EQ(
      out_,
      "{\"objects\":2,\"bytes\":3,\"skipped\":0,\"failed\":0,\"left_out\":0,\"interrupted\":false,\"dry_run\":false,\"failures\":[]}\n");
  EXPECT_EQ(cluster_.body_of("x/a"), "1");
  EXPECT_EQ(cluster_.body_of("x/sub/b"), "22");
}

TEST_F(GatewayTest, MissingFileFailsAndTheRestIsSent) {
  std::ofstream(path("in")) << "hello";
  EXPECT_EQ(run({"put", path("none"), path("in"), "ais://b"}), 1);
  EXPECT_EQ(cluster_.body_of("in"), "hello");
  EXPECT_NE(err_.find(path("none")), std::string::npos) << err_;
  EXPECT_NE(err_.find("1 of 2 objects failed"), std::string::npos) << err_;
}

TEST_F(GatewayTest, MissingObjectLeavesNoFile) {
  EXPECT_EQ(run({"get", "ais://b/nothing", path("out")}), 1);
  EXPECT_EQ(entries(), 0u);
}

TEST_F(GatewayTest, DamagedObjectKeepsTheOldFile) {
  cluster_.put("damaged", "bits that fell over");
  std::ofstream(path("out")) << "old";
  EXPECT_EQ(run({"get", "ais://b/damaged", path("out"), "--check"}), 1);
  EXPECT_NE(err_.find("checksum differs"), std::string::npos) << err_;
  EXPECT_EQ(read("out"), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(GatewayTest, BrokenConnectionKeepsTheOldFile) {
  cluster_.put("truncated", "the first half");
  std::ofstream(path("out")) << "old";
  EXPECT_EQ(run({"get", "ais://b/truncated", path("out")}), 1);
  EXPECT_EQ(read("out"), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(GatewayTest, SingleFailureIsToldOnce) {
  EXPECT_EQ(run({"get", "ais://b/nothing", path("out")}), 1);
  EXPECT_EQ(std::count(err_.begin(), err_.end(), '\n'), 1) << err_;
  EXPECT_NE(err_.find("nothing"), std::string::npos) << err_;
}

TEST_F(GatewayTest, DryRunChangesNothing) {
  fs::create_directories(path("d"));
  std::ofstream(path("d/a")) << "12345";
  EXPECT_EQ(run({"put", path("d"), "ais://b/x/", "--dry-run"}), 0) << err_;
  EXPECT_EQ(out_, "would upload " + path("d/a") + " -> ais://b/x/a  5B\nwould upload 1 object, 5B\n");
  EXPECT_EQ(cluster_.body_of("x/a"), "(none)");
  EXPECT_EQ(run({"put", path("d"), "ais://b/x/", "--dry-run", "--json"}), 0) << err_;
  EXPECT_TRUE(codec::JsonDocument::parse(out_).ok()) << out_;
}

TEST_F(GatewayTest, ManyFailuresAreNotManyLines) {
  for (int i = 0; i < 100; ++i) fs::create_directories(path("d/" + std::to_string(i)));
  std::vector<std::string> words = {"put"};
  for (int i = 0; i < 100; ++i) words.push_back(path("none" + std::to_string(i)));
  words.push_back("ais://b");
  EXPECT_EQ(run(words), 1);
  EXPECT_EQ(std::count(err_.begin(), err_.end(), '\n'), 22) << err_;
  EXPECT_NE(err_.find("100 of 100 objects failed: 100 not found"), std::string::npos) << err_;
}

TEST_F(GatewayTest, DirectoryDestination) {
  cluster_.put("deep/name", "x");
  EXPECT_EQ(run({"get", "ais://b/deep/name", dir_}), 0) << err_;
  EXPECT_EQ(read("name"), "x");
}

}  // namespace
}  // namespace ais::cli
