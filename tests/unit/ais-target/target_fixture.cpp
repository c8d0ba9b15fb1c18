#include "unit/ais-target/target_fixture.h"

#include <cstdlib>
#include <filesystem>

#include "api/membership.h"
#include "codec/json.h"
#include "meta/placement.h"

namespace ais::target {
namespace {
namespace fs = std::filesystem;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (fs::temp_directory_path() / "ais-target-test.XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}
TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

TestTarget::TestTarget(const std::string& node_id) : node_id_(node_id) {
  fs::create_directories(directory_.path() + "/mp1");
  fs::create_directories(directory_.path() + "/mp2");
  start();
}

void TestTarget::start() {
  app::DaemonOptions options;
  options.type = meta::NodeType::kTarget;
  options.state_dir = directory_.path() + "/state";
  options.node_id = node_id_;
  options.bind_address = "127.0.0.1";
  options.public_host = "127.0.0.1";
  options.mountpaths = {directory_.path() + "/mp1", directory_.path() + "/mp2"};
  options.allow_shared_filesystem = true;
  options.loops = 2;
  Result<std::unique_ptr<TargetServer>> server = TargetServer::start(options);
  ASSERT_TRUE(server.ok()) << server.status().to_string();
  server_ = std::move(*server);
}

void TestTarget::restart() {
  server_.reset();
  start();
}

uint16_t TestTarget::public_port() const { return server_->daemon().node().public_net.port; }
uint16_t TestTarget::intra_port() const { return server_->daemon().node().data_net.port; }

std::vector<std::string> TestTarget::files_on_disk() const {
  std::vector<std::string> files;
  for (const char* mountpath : {"/mp1", "/mp2"}) {
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path() + mountpath)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && !name.starts_with(".ais")) files.push_back(entry.path().string());
    }
  }
  return files;
}

meta::BucketMetadata make_bmd(uint64_t version, const Buckets& buckets) {
  meta::BucketMetadata bmd;
  bmd.uuid = "testcluster";
  bmd.version = version;
  uint64_t bid = 1;
  for (const auto& [name, change] : buckets) {
    meta::BucketProperties props = meta::default_bucket_properties({});
    props.bid = bid++;
    if (change) change(props);
    meta::Bucket bucket;
    bucket.name = name;
    bmd.buckets[bucket.uname()] = {bucket, props};
  }
  return bmd;
}

void install_cluster(const std::vector<TestTarget*>& targets, uint64_t version, const Buckets& buckets, const meta::NetEndpoint& primary,
                     const std::vector<meta::Node>& others) {
  meta::ClusterMap smap;
  smap.uuid = "testcluster";
  smap.version = version;
  smap.creation_time = "2026-01-02 03:04:05";
  for (TestTarget* target : targets) {
    meta::Node node = target->daemon().node();
    node.digest = meta::placement_digest(node.id);
    smap.targets[node.id] = node;
  }
  for (const meta::Node& other : others) smap.targets[other.id] = other;
  meta::Node gateway;
  gateway.id = "p1test00";
  gateway.type = meta::NodeType::kProxy;
  gateway.digest = meta::placement_digest(gateway.id);
  gateway.public_net = gateway.control_net = gateway.data_net =
      primary.port != 0 ? primary : meta::NetEndpoint{.host = "127.0.0.1", .port = 1};
  smap.proxies[gateway.id] = gateway;
  smap.primary_id = gateway.id;
  for (TestTarget* target : targets) {
    api::ClusterDocuments documents;
    documents.smap = smap;
    documents.bmd = make_bmd(version, buckets);
    const Status status = target->daemon().cluster().install(std::move(documents));
    ASSERT_TRUE(status.ok()) << status.to_string();
  }
}

void TargetTest::SetUp() {
  target_ = std::make_unique<TestTarget>("t1test00");
  ASSERT_FALSE(HasFatalFailure());
  install_cluster({target_.get()}, 1, buckets());
}

Answer TargetTest::call(const std::string& method, const std::string& object, const std::string& body, const std::string& query,
                        const std::string& headers) {
  const std::string path = object.starts_with("/") ? object : "/v1/objects/b/" + object;
  HttpProbe probe(target_->public_port());
  return probe.call(method, path + "?" + (query.empty() ? "" : query + "&") + "pid=p1test00&utm=1700000000000000000", body, headers);
}

std::string TargetTest::name_at(const std::string& bucket, const std::string& target_id, std::optional<int> mountpath,
                                const std::string& prefix) {
  const auto smap = target_->daemon().cluster().copy().smap;
  const auto weight = [&](const char* place, uint64_t digest) {
    return meta::placement_weight(meta::placement_digest(target_->directory() + place), digest);
  };
  for (int i = 0;; ++i) {
    const std::string name = prefix + std::to_string(i);
    const uint64_t digest = meta::placement_digest("ais/@#/" + bucket + "/" + name);
    const int place = weight("/mp1", digest) > weight("/mp2", digest) ? 0 : 1;
    if (smap->owner(digest)->id == target_id && (!mountpath || *mountpath == place)) return name;
  }
}

std::string TargetTest::error_of(const Answer& answer) {
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(answer.has("hdr-error") ? answer.header("hdr-error") : answer.body);
  if (!document.ok()) return "not JSON: " + answer.body;
  EXPECT_EQ(document->root()["status"].int_or(0), answer.status);
  return document->root()["tcode"].string_or("") + "|" + document->root()["message"].string_or("");
}

}  // namespace ais::target
