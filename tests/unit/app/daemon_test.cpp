// A daemon in this process, asked over real sockets.
#include "app/daemon.h"

#include <archive.h>
#include <archive_entry.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "api/message.h"
#include "base/log.h"
#include "support/fault_file_system.h"
#include "unit/app/temporary_directory.h"

namespace ais::app {
namespace {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
  std::string header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? "" : at->second;
  }
};

async::Task<Answer> ask(net::HttpClient& client, net::ClientRequest request) {
  Answer answer;
  auto response = co_await client.send(std::move(request));
  if (!response.ok()) {
    answer.body = response.status().to_string();
    co_return answer;
  }
  answer.status = response->status();
  for (const auto& field : response->headers().all()) answer.headers[std::string(field.name)] = std::string(field.value);
  auto body = co_await response->read_all(16 << 20);
  if (body.ok()) answer.body = *body;
  co_return answer;
}

class DaemonTest : public testing::Test {
 protected:
  void SetUp() override { start(meta::NodeType::kProxy, {}); }
  void TearDown() override {
    client_.reset();
    daemon_.reset();
  }

  void start(meta::NodeType type, std::vector<Route> routes) {
    DaemonOptions options;
    options.type = type;
    options.state_dir = directory_.file("state");
    options.bind_address = "127.0.0.1";
    options.loops = 1;
    auto daemon = Daemon::create(options, environment_);
    ASSERT_TRUE(daemon.ok()) << daemon.status().to_string();
    daemon_ = std::move(*daemon);
    ASSERT_TRUE(daemon_->listen(std::move(routes)).ok());
    loop_ = std::move(*net::EventLoop::create("test"));
    client_ = std::make_unique<net::HttpClient>(*loop_, net::HttpClientOptions());
  }

  Answer call(net::Method method, std::string target, std::string body = "", bool intra = false) {
    net::ClientRequest request;
    request.method = method;
    request.host = "127.0.0.1";
    request.port = intra ? daemon_->node().control_net.port : daemon_->node().public_net.port;
    request.target = std::move(target);
    request.body = body;
    return net::run_task(*loop_, ask(*client_, std::move(request)));
  }
  Answer get(std::string target) { return call(net::Method::kGet, std::move(target)); }

  // Makes this daemon the primary of a cluster of its own, or the target of one whose gateway is not there.
  void install_self(uint64_t version) {
    api::ClusterDocuments documents;
    documents.smap.emplace();
    documents.smap->uuid = "cluster";
    documents.smap->version = version;
    meta::Node gateway = daemon_->node();
    if (gateway.type == meta::NodeType::kTarget) {
      documents.smap->targets[gateway.id] = gateway;
      gateway.type = meta::NodeType::kProxy;
      gateway.id = "pNobody";
    }
    documents.smap->primary_id = gateway.id;
    documents.smap->proxies[gateway.id] = gateway;
    documents.bmd.emplace();
    documents.bmd->uuid = "cluster";
    documents.bmd->version = version;
    ASSERT_TRUE(daemon_->cluster().install(std::move(documents)).ok());
    daemon_->set_cluster_started();
  }

  TemporaryDirectory directory_;
  sys::FaultFileSystem files_{sys::real_file_system()};
  sys::Random random_{1};
  const sys::Environment environment_{sys::real_clock(), files_, random_};
  std::unique_ptr<Daemon> daemon_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpClient> client_;
};

TEST_F(DaemonTest, HealthWhileStartingAndInQuestion) {
  EXPECT_EQ(get("/v1/health").status, 503);  // serve_until_stopped() has not begun
  EXPECT_EQ(get("/v1/health?readiness=true").status, 503);
  EXPECT_EQ(get("/v1/health?prr=true").status, 503);
  EXPECT_EQ(get("/v1/health?prr=true&cii=true").status, 400);
  EXPECT_EQ(get("/v1/health").headers.count("Ais-Node-Uptime"), 1u);
  EXPECT_EQ(get("/v1/daemon?what=smap").status, 503);
  install_self(1);
  const Answer state = get("/v1/health?cii=true");
  EXPECT_EQ(state.status, 200);
  EXPECT_NE(state.body.find("\"Primary\":{\"pub_url\":\"http://127.0.0.1:"), std::string::npos) << state.body;
  EXPECT_EQ(get("/v1/daemon/?what=smap").status, 200);
}

TEST_F(DaemonTest, AFullStateDiskIs507AndPasses) {
  install_self(1);
  api::ClusterDocuments next;
  next.bmd.emplace();
  next.bmd->uuid = "cluster";
  next.bmd->version = 2;
  const auto push = [&] { return call(net::Method::kPut, "/v1/metasync", next.to_json(), /*intra=*/true); };
  const auto set_level = [&] { return call(net::Method::kPut, "/v1/daemon/set-config?log.level=4"); };
  files_.fail_always(ENOSPC, sys::FaultFileSystem::kWrites);
  EXPECT_EQ(push().status, 507);
  EXPECT_EQ(set_level().status, 507);
  EXPECT_EQ(daemon_->cluster().versions().bmd, 1u);
  EXPECT_EQ(get("/v1/daemon?what=bmd").status, 200) << "it goes on with what it has";
  files_.disarm();
  EXPECT_EQ(push().status, 200);
  EXPECT_EQ(set_level().status, 200);
  EXPECT_EQ(daemon_->cluster().versions().bmd, 2u);
}

TEST_F(DaemonTest, AnswersWhatItIsAskedFor) {
  install_self(1);
  for (const char* what : {"smap", "bmd", "config", "snode", "smapvote", "sysinfo", "node_stats", "node_status", "metrics"}) {
    const Answer answer = get(std::string("/v1/daemon?what=") + what);
    EXPECT_EQ(answer.status, 200) << what;
    EXPECT_EQ(answer.header("Content-Type"), "application/json; charset=utf-8") << what;
    EXPECT_TRUE(answer.body.ends_with("}\n")) << what;
    EXPECT_TRUE(codec::JsonDocument::parse(answer.body.substr(0, answer.body.size() - 1)).ok()) << what;
  }
  EXPECT_TRUE(get("/v1/daemon?what=software_version").body.starts_with("5.0."));
  const Answer unknown = get("/v1/daemon?what=nonsense");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_NE(unknown.body.find("unexpected query [what=nonsense]"), std::string::npos);
  EXPECT_EQ(get("/v1/daemon").status, 400);
  EXPECT_EQ(get("/v1/daemon?what=%zz").status, 400);
}

TEST_F(DaemonTest, ErrorsHaveTheProtocolsForm) {
  const Answer missing = get("/v1/nothing/here?x=1");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("Content-Type"), "application/json");
  EXPECT_EQ(missing.header("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(
      missing.body.starts_with("{\"message\":\"invalid URL path \\\"/v1/nothing/here\\\"\",\"method\":\"GET\",\"url_path\":"
                               "\"/v1/nothing/here\",\"remote_addr\":\"127.0.0.1:"))
      << missing.body;
  EXPECT_TRUE(missing.body.ends_with("\"caller\":\"\",\"node\":\"" + daemon_->display_name() + "\",\"status\":404}\n"));
  const Answer head = call(net::Method::kHead, "/v1/nothing");
  EXPECT_EQ(head.status, 404);
  EXPECT_EQ(head.body, "");
  EXPECT_TRUE(head.header("Hdr-Error").ends_with("\"status\":404}"));
  const Answer method = call(net::Method::kDelete, "/v1/daemon");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("Allow"), "GET, PUT, POST");
  EXPECT_EQ(method.body, "Method Not Allowed");
  EXPECT_EQ(call(net::Method::kOptions, "/v1/health").status, 200);
  EXPECT_EQ(get("//v1/health").header("Location"), "/v1/health");
}

TEST_F(DaemonTest, IntraClusterRoutesAreNotPublic) {
  api::ClusterDocuments documents;
  documents.smap.emplace();
  documents.smap->uuid = "cluster";
  documents.smap->version = 5;
  const std::string body = documents.to_json();
  EXPECT_EQ(call(net::Method::kPut, "/v1/metasync", body).status, 404);
  EXPECT_EQ(daemon_->cluster().versions().smap, 0u);
  const Answer answer = call(net::Method::kPut, "/v1/metasync", body, true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{\"uuid\":\"cluster\",\"smap\":\"5\",\"bmd\":\"0\",\"config\":\"0\"}\n");
  documents.smap->uuid = "another";
  EXPECT_EQ(call(net::Method::kPut, "/v1/metasync", documents.to_json(), true).status, 409);
  EXPECT_EQ(call(net::Method::kPut, "/v1/metasync", "garbage", true).status, 400);
}

TEST_F(DaemonTest, ConfigurationOfTheNode) {
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon/set-config?log.level=4&transient=true").status, 200);
  EXPECT_EQ(daemon_->cluster().copy().config->log.level, "4");
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon", R"({"action":"set-config","value":{"log":{"level":"5"}}})").status, 200);
  EXPECT_EQ(daemon_->cluster().copy().config->log.level, "5");
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon", R"({"action":"reset-config"})").status, 200);
  EXPECT_EQ(daemon_->cluster().copy().config->log.level, "3");
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon/set-config?mirror.copies=2").status, 400);
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon/set-config?memsys.min_free=1GiB&transient=true").status, 501);
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon/set-config").status, 400);
  const std::string both = "log.level=4&lru.enabled=true";
  for (const std::string& query : {both, both + "&transient=true"}) {
    const Answer missing = call(net::Method::kPut, "/v1/daemon/set-config?" + query);
    EXPECT_EQ(missing.status, 501);
    EXPECT_NE(missing.body.find("lru.enabled: eviction is not there in this version"), std::string::npos) << missing.body;
    EXPECT_EQ(daemon_->cluster().copy().config->log.level, "3") << "one that is refused refuses all";
  }
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon", R"({"action":"set-config","value":{"lru":{"enabled":true}}})").status, 501);
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon/set-config?lru.enabled=false").status, 200) << "it is off";
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon", R"({"action":"explode"})").status, 400);
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon", "{").status, 400);
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon", R"({"action":"reset-stats"})").status, 200);
}

TEST_F(DaemonTest, Logs) {
  AIS_WARN("test", "a warning\nwith a second line");
  const Answer log = get("/v1/daemon?what=log");
  EXPECT_EQ(log.status, 200);
  EXPECT_NE(log.body.find("Z I daemon ais-proxy p["), std::string::npos) << log.body;
  EXPECT_EQ(get("/v1/daemon?what=log&offset=10").body, get("/v1/daemon?what=log").body.substr(10));
  EXPECT_EQ(get("/v1/daemon?what=log&offset=100000000").status, 416);
  EXPECT_EQ(get("/v1/daemon?what=log&offset=x").status, 400);
  EXPECT_EQ(get("/v1/daemon?what=log&severity=loud").status, 400);
  const Answer warnings = get("/v1/daemon?what=log&severity=error");
  EXPECT_EQ(warnings.status, 200);
  EXPECT_TRUE(warnings.body.ends_with("Z W test a warning\\x0awith a second line\n")) << warnings.body;
  EXPECT_EQ(warnings.body.find(" I "), std::string::npos);
}

std::map<std::string, std::string> unpack(const std::string& bytes) {
  std::map<std::string, std::string> files;
  archive* in = archive_read_new();
  archive_read_support_filter_gzip(in);
  archive_read_support_format_tar(in);
  EXPECT_EQ(archive_read_open_memory(in, bytes.data(), bytes.size()), ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(in, &entry) == ARCHIVE_OK) {
    std::string content(static_cast<size_t>(archive_entry_size(entry)), '\0');
    EXPECT_EQ(archive_read_data(in, content.data(), content.size()), static_cast<la_ssize_t>(content.size()));
    files[archive_entry_pathname(entry)] = content;
  }
  archive_read_free(in);
  return files;
}

TEST_F(DaemonTest, LogArchiveHoldsRotatedFilesToo) {
  EXPECT_EQ(call(net::Method::kPut, "/v1/daemon", R"({"action":"rotate-logs"})").status, 200);
  AIS_INFO("test", "after the rotation");
  const Answer answer = get("/v1/daemon?what=log&all=true");
  ASSERT_EQ(answer.status, 200);
  const auto files = unpack(answer.body);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_NE(files.at("ais-proxy.1.log").find("daemon ais-proxy p["), std::string::npos);
  EXPECT_NE(files.at("ais-proxy.log").find("after the rotation"), std::string::npos);
}

TEST_F(DaemonTest, MetricsText) {
  const Answer answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("ais_proxy_up_ns_time{node_id=\"" + daemon_->node().id + "\"} "), std::string::npos);
}

// A node that cannot speak for its cluster says so: 404 and 400 are answers that clients believe.
TEST_F(DaemonTest, ANodeThatIsNotFitAnswers503WithTheReason) {
  TearDown();
  const auto well = [](net::HttpExchange& exchange) -> async::Task<void> {
    exchange.start(200);
    (void)co_await exchange.send("");
  };
  start(meta::NodeType::kTarget,
        {{"/v1/objects", "GET, HEAD, PUT", true, true, well}, {"/v1/cluster", "GET, PUT", true, true, well, "GET"}});
  const auto expect_refusal = [this](const std::string& reason) {
    const std::string message = "{\"message\":\"" + daemon_->display_name() + reason;
    for (const net::Method method : {net::Method::kGet, net::Method::kPut}) {
      for (const bool intra : {false, true}) {
        const Answer answer = call(method, "/v1/objects/b/o", method == net::Method::kPut ? "body" : "", intra);
        EXPECT_EQ(answer.status, 503);
        EXPECT_TRUE(answer.body.starts_with(message)) << answer.body;
        EXPECT_NE(answer.header("Retry-After"), "");
      }
    }
    const Answer head = call(net::Method::kHead, "/v1/objects/b/o");
    EXPECT_EQ(head.status, 503);
    EXPECT_TRUE(head.header("Hdr-Error").starts_with(message)) << head.header("Hdr-Error");
    EXPECT_EQ(call(net::Method::kPut, "/v1/cluster").status, 503);
    EXPECT_EQ(get("/v1/cluster").status, 200);
    EXPECT_EQ(get("/v1/health?readiness=true").status, 503);
    EXPECT_EQ(get("/metrics").status, 200);
    EXPECT_EQ(call(net::Method::kDelete, "/v1/objects/b/o").status, 405) << "no method of this path at any time";
  };
  expect_refusal(" has not joined a cluster yet");
  install_self(1);
  EXPECT_EQ(get("/v1/objects/b/o").status, 200);
  daemon_->cluster().quarantine("for a test");
  daemon_->cluster().quarantine("another reason");
  expect_refusal(" is in quarantine: for a test");
  EXPECT_NE(get("/v1/health?readiness=true").body.find("is in quarantine: for a test"), std::string::npos);
  EXPECT_EQ(get("/v1/daemon?what=smap").status, 200);
  EXPECT_EQ(get("/v1/daemon?what=bmd").status, 200);
  api::ClusterDocuments documents;
  documents.smap = *daemon_->cluster().copy().smap;
  documents.smap->version = 9;
  EXPECT_EQ(call(net::Method::kPut, "/v1/metasync", documents.to_json(), true).status, 503);
  EXPECT_EQ(daemon_->cluster().copy().smap->version, 1u);
}

TEST_F(DaemonTest, ANodeOfAnotherClusterSaysSo) {
  TearDown();
  std::atomic<bool> refuse{true};
  auto answer_join = [&refuse](net::HttpExchange& exchange) -> async::Task<void> {
    (void)co_await exchange.read_whole_body(1 << 20);
    if (refuse) (void)co_await api::respond_error(exchange, Status(Code::kWrongCluster, "node belongs to another cluster"), "p[gw]");
    else (void)co_await api::respond_json(exchange, "{}");
  };
  const auto well = [](net::HttpExchange& exchange) -> async::Task<void> {
    exchange.start(200);
    (void)co_await exchange.send("");
  };
  start(meta::NodeType::kProxy, {{"/v1/cluster/autoreg", "POST", true, true, answer_join}});
  install_self(1);
  const std::unique_ptr<Daemon> gateway = std::move(daemon_);
  const TemporaryDirectory other;
  DaemonOptions options;
  options.type = meta::NodeType::kTarget;
  options.state_dir = other.file("state");
  options.bind_address = "127.0.0.1";
  options.loops = 1;
  options.join = {gateway->node().public_net.url()};
  daemon_ = std::move(*Daemon::create(options));
  ASSERT_TRUE(daemon_->listen({{"/v1/objects", "GET", true, true, well}}).ok());
  install_self(1);
  ASSERT_EQ(get("/v1/objects/b/o").status, 200);
  daemon_->start_membership();
  const auto becomes = [this](int status) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (get("/v1/objects/b/o").status != status && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return get("/v1/objects/b/o");
  };
  const Answer refused = becomes(503);
  EXPECT_NE(refused.body.find("is not taken into the cluster: "), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find("node belongs to another cluster"), std::string::npos) << refused.body;
  EXPECT_NE(get("/v1/health?readiness=true").body.find("node belongs to another cluster"), std::string::npos);
  refuse = false;
  EXPECT_EQ(becomes(200).status, 200);
  daemon_.reset();
}

TEST_F(DaemonTest, MemberRegistersWithAGateway) {
  // This test's daemon plays the gateway; a second one joins it.
  TearDown();
  auto answer_join = [this](net::HttpExchange& exchange) -> async::Task<void> {
    auto body = co_await exchange.read_whole_body(1 << 20);
    const auto request = api::JoinRequest::from_json(*body);
    api::ClusterDocuments documents;
    documents.smap = *daemon_->cluster().snapshot().smap;
    documents.smap->version++;
    documents.smap->targets[request->node.id] = request->node;
    std::string json = documents.to_json();
    const Status sent = co_await api::respond_json(exchange, std::move(json));
    EXPECT_TRUE(sent.ok());
  };
  start(meta::NodeType::kProxy, {{"/v1/cluster/autoreg", "POST", true, true, answer_join}});
  install_self(1);
  const TemporaryDirectory other;
  DaemonOptions options;
  options.type = meta::NodeType::kTarget;
  options.state_dir = other.file("state");
  options.bind_address = "127.0.0.1";
  options.loops = 1;
  options.join = {"127.0.0.1:1", daemon_->node().public_net.url()};
  auto member = Daemon::create(options);
  ASSERT_TRUE(member.ok());
  std::mutex mutex;
  std::condition_variable changed;
  bool joined = false;
  Daemon::Hooks hooks;
  hooks.documents_changed = [&](const ClusterSnapshot&) {
    const std::lock_guard lock(mutex);
    joined = true;
    changed.notify_all();
  };
  (*member)->set_hooks(std::move(hooks));
  ASSERT_TRUE((*member)->listen({}).ok());
  (*member)->start_membership();
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return joined; }));
  }
  EXPECT_EQ((*member)->cluster().copy().smap->targets.at((*member)->node().id), (*member)->node());
}

}  // namespace
}  // namespace ais::app
