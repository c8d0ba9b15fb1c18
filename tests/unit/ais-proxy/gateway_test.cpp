// Whole gateways over real sockets: a primary, a secondary, and targets that answer listings from a list of names.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <set>
#include <thread>

#include "ais-proxy/proxy_server.h"
#include "api/listing.h"
#include "api/message.h"
#include "api/names.h"
#include "net/http_client.h"
#include "support/fault_file_system.h"

namespace ais::proxy {
namespace {

struct Reply {
  int status = 0;
  std::string body, location, headers;
};

class GatewayTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/ais-gateway-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    directory_ = pattern;
    auto loop = net::EventLoop::create("test");
    ASSERT_TRUE(loop.ok());
    loop_ = std::move(*loop);
  }
  void TearDown() override {
    targets_.clear();
    gateways_.clear();
    client_.reset();
    loop_.reset();
    std::filesystem::remove_all(directory_);
  }

  app::DaemonOptions options(const std::string& name, meta::NodeType type) const {
    app::DaemonOptions made;
    made.type = type;
    made.state_dir = directory_ + "/" + name;
    made.bind_address = made.public_host = "127.0.0.1";
    made.node_id = name;
    made.loops = 1;
    return made;
  }
  ProxyServer& start_gateway(const std::string& name, const ProxyServer* join = nullptr, bool primary = false) {
    app::DaemonOptions made = options(name, meta::NodeType::kProxy);
    made.primary = primary;
    if (join != nullptr) made.join.push_back(const_cast<ProxyServer*>(join)->daemon().node().public_net.url());
    auto daemon = app::Daemon::create(made, environment_);
    EXPECT_TRUE(daemon.ok()) << daemon.status().to_string();
    gateways_.push_back(std::make_unique<ProxyServer>(std::move(*daemon)));
    const Status started = gateways_.back()->start();
    EXPECT_TRUE(started.ok()) << started.to_string();
    return *gateways_.back();
  }

  async::Task<Reply> exchange(net::HttpClient& client, std::string url, net::Method method, std::string target, std::string body,
                              std::string headers) {
    const auto address = net::Url::parse(url);
    net::ClientRequest request;
    request.set_url(*address);
    request.method = method;
    request.target = std::move(target);
    request.body = body;
    request.headers = std::move(headers);
    request.timeout = std::chrono::seconds(20);
    auto response = co_await client.send(std::move(request));
    Reply reply;
    EXPECT_TRUE(response.ok()) << response.status().to_string();
    if (!response.ok()) co_return reply;
    reply.status = response->status();
    reply.location = std::string(response->headers().get_or_empty("Location"));
    for (const net::Header& header : response->headers().all())
      reply.headers.append(header.name).append(": ").append(header.value).append("\n");
    auto text = co_await response->read_all(64 << 20);
    if (text.ok()) reply.body = std::move(*text);
    co_return reply;
  }
  Reply ask(const std::string& url, net::Method method, const std::string& target, const std::string& body = "",
            const std::string& headers = "") {
    if (!client_) client_ = std::make_unique<net::HttpClient>(*loop_, net::HttpClientOptions());
    return net::run_task(*loop_, exchange(*client_, url, method, target, body, headers));
  }
  static std::string public_url(ProxyServer& gateway) { return gateway.daemon().node().public_net.url(); }
  static std::string intra_url(ProxyServer& gateway) { return gateway.daemon().node().control_net.url(); }

  // A join as a node sends it, for a node whose listeners are those of `listening`.
  Reply join_as(const std::string& gateway_url, const meta::Node& node, const std::string& uuid = "") {
    api::JoinRequest request;
    request.node = node;
    request.versions.cluster_uuid = uuid;
    return ask(gateway_url, net::Method::kPost, std::string(api::path::kRegister), request.to_json());
  }

  // A target that lists `names`, and nothing else.
  app::Daemon& start_target(const std::string& name, const std::set<std::string>& names) {
    auto daemon = app::Daemon::create(options(name, meta::NodeType::kTarget));
    EXPECT_TRUE(daemon.ok()) << daemon.status().to_string();
    app::Route route{"/v1/buckets", "GET", true, true, [&names](net::HttpExchange& e) { return serve_page(e, names); }};
    std::vector<app::Route> routes;
    routes.push_back(std::move(route));
    EXPECT_TRUE((*daemon)->listen(std::move(routes)).ok());
    targets_.push_back(std::move(*daemon));
    return *targets_.back();
  }
  static async::Task<void> serve_page(net::HttpExchange& exchange, const std::set<std::string>& names) {
    auto body = co_await exchange.read_whole_body(1 << 20);
    auto message = api::ActionMessage::read(exchange.request(), *body);
    auto request = api::ListRequest::read_json(message->value);
    api::PageWriter page(request->uuid);
    std::string last;
    for (auto it = names.upper_bound(request->after()); it != names.end() && page.count() < request->page_size; ++it) {
      api::ListEntry entry;
      entry.name = last = *it;
      entry.encode(page.begin_entry());
    }
    const std::string bytes = page.finish(page.count() >= request->page_size ? last : "", 0);
    exchange.start(200).add("Content-Type", api::kMsgpackContentType);
    co_await answer(exchange.send(bytes));
  }

  sys::FaultFileSystem files_{sys::real_file_system()};  // of the gateways
  sys::Random random_{1};
  const sys::Environment environment_{sys::real_clock(), files_, random_};
  std::string directory_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<net::HttpClient> client_;
  std::vector<std::unique_ptr<ProxyServer>> gateways_;
  std::vector<std::unique_ptr<app::Daemon>> targets_;
};

constexpr const char* kCreate = R"({"action":"create-bck"})";

TEST_F(GatewayTest, AFullStateDiskRefusesChangesAndPasses) {
  ProxyServer& gateway = start_gateway("gw1");
  app::Daemon& target = start_target("tgt1", {});
  const std::string url = public_url(gateway);
  ASSERT_EQ(join_as(url, target.node()).status, 200);
  ASSERT_EQ(ask(url, net::Method::kPost, "/v1/buckets/kept", kCreate).status, 200);
  meta::Node another = target.node();
  another.id = "tgt2";
  const uint64_t smap = gateway.daemon().cluster().versions().smap, bmd = gateway.daemon().cluster().versions().bmd;
  files_.fail_always(ENOSPC, sys::FaultFileSystem::kWrites);
  const Reply refused = ask(url, net::Method::kPost, "/v1/buckets/refused", kCreate);
  EXPECT_EQ(refused.status, 507) << refused.body;
  EXPECT_EQ(join_as(url, another).status, 507);
  EXPECT_EQ(ask(url, net::Method::kHead, "/v1/buckets/refused").status, 404);
  EXPECT_EQ(ask(url, net::Method::kGet, "/v1/objects/kept/o").status, 307) << "data is served as before";
  EXPECT_EQ(gateway.daemon().cluster().versions().smap, smap);
  files_.disarm();
  EXPECT_EQ(ask(url, net::Method::kPost, "/v1/buckets/refused", kCreate).status, 200);
  EXPECT_EQ(join_as(url, another).status, 200);
  EXPECT_EQ(gateway.daemon().cluster().versions().bmd, bmd + 1) << "no version was used up";
}

TEST_F(GatewayTest, RedirectsToTheOwner) {
  ProxyServer& gateway = start_gateway("gw1");
  app::Daemon& target = start_target("tgt1", {});
  ASSERT_EQ(join_as(public_url(gateway), target.node()).status, 200);
  ASSERT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/b", kCreate).status, 200);

  const Reply get = ask(public_url(gateway), net::Method::kGet, "/v1/objects/b/dir/o?provider=ais");
  EXPECT_EQ(get.status, 307);
  EXPECT_EQ(get.location.rfind(target.node().public_net.url() + "/v1/objects/b/dir/o?provider=ais&pid=gw1&utm=", 0), 0u) << get.location;
  EXPECT_NE(get.headers.find("Cache-Control: no-store"), std::string::npos);
  EXPECT_TRUE(get.body.empty());
  const Reply escaped = ask(public_url(gateway), net::Method::kPut, "/v1/objects/b/a%20b", "data");
  EXPECT_EQ(escaped.location.rfind(target.node().public_net.url() + "/v1/objects/b/a%20b?pid=gw1&utm=", 0), 0u) << escaped.location;

  EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, "/v1/objects/none/o").status, 404);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, "/v1/objects/b/../o").status, 400);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, "/v1/objects/b/").status, 400);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, "/v1/objects/b/%zz").status, 400);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kPut, "/v1/objects/b/o?append_type=append&append_handle=x").status, 400);
  const Reply append =
      ask(public_url(gateway), net::Method::kPut, "/v1/objects/b/o?append_type=append&append_handle=tgt1%7Cw%7Cmd5%7CAAAAAAAAAAA=");
  EXPECT_EQ(append.status, 307);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kPut, "/v1/objects/b/o?append_type=append&append_handle=tgt1%7Cw%7Cmd5%7CAA").status,
            400);
  const Reply unknown = ask(public_url(gateway), net::Method::kPost, "/v1/objects/b/o", R"({"action":"blob-download"})");
  EXPECT_EQ(unknown.status, 501);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/objects/b/o", R"({"action":"rename-obj","name":"x"})").status, 307);
}

TEST_F(GatewayTest, AccessBitsAreEnforced) {
  ProxyServer& gateway = start_gateway("gw1");
  app::Daemon& target = start_target("tgt1", {});
  ASSERT_EQ(join_as(public_url(gateway), target.node()).status, 200);
  ASSERT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/b", kCreate).status, 200);
  const char* no_put = R"({"action":"set-bprops","value":{"access":"18446744073709551611"}})";
  ASSERT_EQ(ask(public_url(gateway), net::Method::kPatch, "/v1/buckets/b", no_put).status, 200);
  const Reply put = ask(public_url(gateway), net::Method::kPut, "/v1/objects/b/o", "x");
  EXPECT_EQ(put.status, 403);
  EXPECT_NE(put.body.find("ErrBucketAccessDenied"), std::string::npos);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, "/v1/objects/b/o").status, 307);
}

TEST_F(GatewayTest, ASecondaryServesTheSameAndPassesChangesOn) {
  ProxyServer& primary = start_gateway("gw1");
  app::Daemon& target = start_target("tgt1", {});
  ASSERT_EQ(join_as(public_url(primary), target.node()).status, 200);
  ProxyServer& secondary = start_gateway("gw2", &primary);
  // A change through the primary waits for the nodes that are in the map, so retry creation until the secondary is one of them.
  while (primary.daemon().cluster().copy().smap->proxies.size() < 2) std::this_thread::yield();
  ASSERT_EQ(ask(public_url(primary), net::Method::kPost, "/v1/buckets/one", kCreate).status, 200);
  EXPECT_EQ(ask(public_url(secondary), net::Method::kHead, "/v1/buckets/one").status, 200) << "a change is everywhere when it is answered";

  ASSERT_EQ(ask(public_url(secondary), net::Method::kPost, "/v1/buckets/two", kCreate).status, 200);
  EXPECT_EQ(ask(public_url(primary), net::Method::kHead, "/v1/buckets/two").status, 200);
  EXPECT_EQ(ask(public_url(secondary), net::Method::kPost, "/v1/buckets/two", kCreate).status, 409);
  EXPECT_EQ(ask(public_url(secondary), net::Method::kPut, "/v1/cluster/set-config?periodic.retry_sync_time=5s").status, 200);
  EXPECT_EQ(secondary.daemon().cluster().copy().config->periodic.retry_sync_time, meta::seconds(5));
  EXPECT_EQ(ask(public_url(secondary), net::Method::kPut, "/v1/cluster/set-config?periodic.retry_sync_time=6s&transient=true").status, 200);
  EXPECT_EQ(primary.daemon().cluster().copy().config->periodic.retry_sync_time, meta::seconds(6));
  EXPECT_EQ(secondary.daemon().cluster().copy().config->periodic.retry_sync_time, meta::seconds(6));
  EXPECT_EQ(ask(public_url(secondary), net::Method::kPut, "/v1/cluster/set-config?log.level=4").status, 200);
  EXPECT_EQ(primary.daemon().cluster().copy().config->periodic.retry_sync_time, meta::seconds(5))
      << "what was transient is not stored with the next change";
  EXPECT_EQ(ask(public_url(secondary), net::Method::kGet, "/v1/objects/two/o").status, 307);
  EXPECT_EQ(join_as(public_url(secondary), target.node()).status, 200) << "a node may join by any gateway";
  const Reply reverse = ask(public_url(secondary), net::Method::kGet, "/v1/reverse/daemon?what=snode", "", "Ais-Node-Id: tgt1\r\n");
  EXPECT_EQ(reverse.status, 200);
  EXPECT_NE(reverse.body.find("\"daemon_id\":\"tgt1\""), std::string::npos);
}

TEST_F(GatewayTest, WithoutThePrimaryChangesWaitAndReadsGoOn) {
  ProxyServer& primary = start_gateway("gw1");
  ASSERT_EQ(ask(public_url(primary), net::Method::kPost, "/v1/buckets/one", kCreate).status, 200);
  ProxyServer& secondary = start_gateway("gw2", &primary);
  while (secondary.daemon().cluster().copy().bmd->version == 0) std::this_thread::yield();
  const std::string url = public_url(secondary);
  gateways_.front().reset();
  const Reply change = ask(url, net::Method::kPost, "/v1/buckets/two", kCreate);
  EXPECT_EQ(change.status, 503);
  EXPECT_NE(change.headers.find("Retry-After"), std::string::npos);
  EXPECT_EQ(ask(url, net::Method::kHead, "/v1/buckets/one").status, 200);
}

TEST_F(GatewayTest, JoinsKeepalivesAndRemovals) {
  ProxyServer& gateway = start_gateway("gw1");
  const std::string url = public_url(gateway);
  app::Daemon& target = start_target("tgt1", {});
  EXPECT_EQ(join_as(url, target.node(), "another-cluster").status, 409);
  ASSERT_EQ(join_as(url, target.node()).status, 200);
  const uint64_t version = gateway.daemon().cluster().copy().smap->version;
  const Reply again = join_as(url, target.node());
  ASSERT_EQ(again.status, 200);
  const auto documents = api::ClusterDocuments::from_json(again.body);
  ASSERT_TRUE(documents.ok());
  ASSERT_TRUE(documents->smap.has_value());
  EXPECT_EQ(documents->smap->version, version) << "nothing changed";

  meta::Node copy = target.node();
  copy.control_net.port = gateway.daemon().node().control_net.port;
  EXPECT_EQ(join_as(url, copy).status, 409) << "the node of that id is alive";

  const std::string versions = api::DocumentVersions().to_json();
  EXPECT_EQ(ask(url, net::Method::kPost, "/v1/cluster/keepalive/tgt1", versions).status, 400) << "not for clients";
  EXPECT_EQ(ask(intra_url(gateway), net::Method::kPost, "/v1/cluster/keepalive/tgt1", versions).status, 200);
  EXPECT_EQ(ask(intra_url(gateway), net::Method::kPost, "/v1/cluster/keepalive/tgt9", versions).status, 404);
  EXPECT_EQ(ask(url, net::Method::kGet, "/v1/cluster?what=suspects").body, "{}\n");

  EXPECT_EQ(ask(url, net::Method::kDelete, "/v1/cluster/daemon/tgt9").status, 404);
  EXPECT_EQ(ask(url, net::Method::kDelete, "/v1/cluster/daemon/gw1").status, 400);
  EXPECT_EQ(ask(url, net::Method::kDelete, "/v1/cluster/daemon/tgt1").status, 200);
  EXPECT_TRUE(gateway.daemon().cluster().copy().smap->targets.empty());
}

TEST_F(GatewayTest, APrimaryComesBackWithItsClusterOnOtherPorts) {
  std::string uuid;
  uint16_t former_port = 0;
  {
    ProxyServer& gateway = start_gateway("gw1");
    ASSERT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/one", kCreate).status, 200);
    uuid = gateway.daemon().cluster().copy().smap->uuid;
    former_port = gateway.daemon().node().public_net.port;
    gateways_.clear();
  }
  ProxyServer& gateway = start_gateway("gw1");
  const meta::ClusterMapPtr smap = gateway.daemon().cluster().copy().smap;
  EXPECT_EQ(smap->uuid, uuid);
  EXPECT_EQ(smap->primary()->public_net.port, gateway.daemon().node().public_net.port);
  if (former_port != gateway.daemon().node().public_net.port) {
    EXPECT_EQ(smap->version, 2u);
  }
  EXPECT_EQ(ask(public_url(gateway), net::Method::kHead, "/v1/buckets/one").status, 200);
}

// A primary that goes on from less than it had would destroy the rest as soon as its versions have caught up.
TEST_F(GatewayTest, APrimaryThatLostADocumentWaitsForAPerson) {
  {
    ProxyServer& gateway = start_gateway("gw1");
    ASSERT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/one", kCreate).status, 200);
    gateways_.clear();
  }
  for (const std::string kind : {"smap", "bmd", "config"}) {
    SCOPED_TRACE(kind);
    const std::string path = directory_ + "/gw1/" + kind + ".json";
    std::filesystem::rename(path, directory_ + "/kept");
    {
      ProxyServer& gateway = start_gateway("gw1", nullptr, true);
      const Reply created = ask(public_url(gateway), net::Method::kPost, "/v1/buckets/two", kCreate);
      EXPECT_EQ(created.status, 503);
      EXPECT_NE(created.body.find(path), std::string::npos) << created.body;
      for (const char* target : {"/v1/objects/one/o", "/v1/buckets/one", "/v1/buckets", "/ais/one/o"}) {
        EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, target).status, 503) << target;
        EXPECT_EQ(ask(public_url(gateway), net::Method::kHead, target).status, 503) << target;
      }
      EXPECT_EQ(ask(public_url(gateway), net::Method::kPut, "/v1/cluster", R"({"action":"reset-config"})").status, 503);
      EXPECT_FALSE(std::filesystem::exists(path)) << "nothing new in its place";
      gateways_.clear();
    }
    std::filesystem::rename(directory_ + "/kept", path);
    ProxyServer& gateway = start_gateway("gw1");
    EXPECT_EQ(ask(public_url(gateway), net::Method::kHead, "/v1/buckets/one").status, 200);
    gateways_.clear();
  }
}

TEST_F(GatewayTest, APrimaryOfAnOlderStateGivesWay) {
  std::filesystem::path state = directory_ + "/gw1";
  std::string uuid;
  api::ClusterDocuments newer;
  {
    ProxyServer& gateway = start_gateway("gw1");
    uuid = gateway.daemon().cluster().copy().smap->uuid;
    std::filesystem::copy_file(state / "bmd.json", directory_ + "/older");
    ASSERT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/one", kCreate).status, 200);
    newer.smap = *gateway.daemon().cluster().copy().smap;
    newer.bmd = *gateway.daemon().cluster().copy().bmd;
    gateways_.clear();
  }
  std::filesystem::rename(state / "bmd.json", directory_ + "/newer");
  std::filesystem::rename(directory_ + "/older", state / "bmd.json");
  {
    ProxyServer& gateway = start_gateway("gw1");
    app::Daemon& target = start_target("tgt1", {});
    api::JoinRequest request;
    request.node = target.node();
    request.versions.cluster_uuid = uuid;
    request.versions.bmd = 2;
    const Reply claim = ask(public_url(gateway), net::Method::kPost, std::string(api::path::kRegister), request.to_json());
    EXPECT_EQ(claim.status, 503);
    EXPECT_NE(claim.body.find("claims a newer bmd.json and does not show it"), std::string::npos) << claim.body;
    EXPECT_TRUE(gateway.daemon().unfit_reason().empty()) << "a refused request changes nothing";
    ASSERT_TRUE(target.cluster().install(newer).ok());
    const Reply join = ask(public_url(gateway), net::Method::kPost, std::string(api::path::kRegister), request.to_json());
    EXPECT_EQ(join.status, 503);
    EXPECT_NE(join.body.find("node tgt1 has bmd.json version 2, this primary has 1"), std::string::npos) << join.body;
    EXPECT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/two", kCreate).status, 503);
    EXPECT_EQ(gateway.daemon().cluster().copy().bmd->version, 1u);
    targets_.clear();
    gateways_.clear();
  }
  std::filesystem::rename(directory_ + "/newer", state / "bmd.json");
  ProxyServer& gateway = start_gateway("gw1");
  EXPECT_EQ(ask(public_url(gateway), net::Method::kHead, "/v1/buckets/one").status, 200);
}

TEST_F(GatewayTest, AFirstStartThatWasInterruptedGoesOn) {
  {
    ProxyServer& gateway = start_gateway("gw1");
    gateways_.clear();
    (void)gateway;
  }
  std::filesystem::remove(directory_ + "/gw1/smap.json");  // the last one to be stored
  ProxyServer& gateway = start_gateway("gw1");
  EXPECT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/one", kCreate).status, 200);
}

TEST_F(GatewayTest, AFormerSecondaryDoesNotBecomePrimaryByAFlag) {
  ProxyServer& primary = start_gateway("gw1");
  {
    ProxyServer& secondary = start_gateway("gw2", &primary);
    while (secondary.daemon().cluster().copy().smap->version == 0) std::this_thread::yield();
    gateways_.pop_back();
  }
  ProxyServer& again = start_gateway("gw2", nullptr, true);
  EXPECT_EQ(again.daemon().cluster().copy().smap->primary_id, "gw1");
  EXPECT_EQ(ask(public_url(again), net::Method::kPost, "/v1/buckets/x", kCreate).status, 200) << "passed on to gw1";
}

TEST_F(GatewayTest, ListsTheNamesOfAllTargetsInOrder) {
  ProxyServer& gateway = start_gateway("gw1");
  std::set<std::string> all, mine[3];
  for (int i = 0; i < 2000; ++i) {
    // Names are bytes: with a page size of 700 some of the odd ones end a page and become tokens.
    const std::string name = (i % 2 == 0 ? "o" : i % 4 == 1 ? "o\xff\n" : "caf\xc3") + std::to_string(i * 7919 % 100000);
    all.insert(name);
    mine[(i * 31) % 3].insert(name);
  }
  for (int i = 0; i < 3; ++i) {
    app::Daemon& target = start_target("tgt" + std::to_string(i), mine[i]);
    ASSERT_EQ(join_as(public_url(gateway), target.node()).status, 200);
  }
  ASSERT_EQ(ask(public_url(gateway), net::Method::kPost, "/v1/buckets/b", kCreate).status, 200);
  std::vector<std::string> got;
  api::ListRequest request;
  request.page_size = 700;
  do {
    const api::MessageBody body = api::action_body(api::action::kList, "", request.to_msgpack());
    EXPECT_EQ(body.content_type, api::kJsonContentType);  // a token is text, whatever the name
    const Reply reply = ask(public_url(gateway), net::Method::kGet, "/v1/buckets/b", body.bytes, "Accept: application/msgpack\r\n");
    ASSERT_EQ(reply.status, 200) << reply.body;
    auto page = api::EncodedPage::parse(reply.body);
    ASSERT_TRUE(page.ok());
    EXPECT_TRUE(request.uuid.empty() || request.uuid == page->uuid);
    EXPECT_GE(page->uuid.size(), 9u);
    for (const auto& item : page->items) got.emplace_back(item.name);
    request.uuid = page->uuid;
    request.continuation_token = page->continuation_token;
  } while (!request.continuation_token.empty());
  EXPECT_EQ(got, std::vector<std::string>(all.begin(), all.end()));

  const Reply easy = ask(public_url(gateway), net::Method::kGet, "/ais/b");
  EXPECT_EQ(easy.status, 406);  // no JSON carries these names
  EXPECT_NE(easy.body.find("caf\\\\xc3"), std::string::npos) << easy.body.substr(0, 300);
  EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, "/v1/buckets/b", "", "Content-Type: application/json\r\n").status, 400);

  targets_.back().reset();
  EXPECT_EQ(ask(public_url(gateway), net::Method::kGet, "/ais/b").status, 500) << "complete or an error";
}

}  // namespace
}  // namespace ais::proxy
