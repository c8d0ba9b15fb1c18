// A target with two mountpaths in a temporary directory, listening on free ports, with a cluster map and buckets put in by hand.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ais-target/target_server.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_map.h"
#include "unit/ais-target/http_probe.h"

namespace ais::target {

/// A directory that goes away with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// One target in this process.
class TestTarget {
 public:
  explicit TestTarget(const std::string& node_id);
  uint16_t public_port() const;
  uint16_t intra_port() const;
  app::Daemon& daemon() { return server_->daemon(); }
  TargetContext& context() { return server_->context(); }
  const std::string& directory() const { return directory_.path(); }
  /// Regular files below the mountpaths that are not the store's own bookkeeping: objects and left-over work files.
  std::vector<std::string> files_on_disk() const;
  /// As a signal does it, without grace for requests in flight.
  void stop() { server_.reset(); }
  void restart();

 private:
  void start();
  TemporaryDirectory directory_;
  std::string node_id_;
  std::unique_ptr<TargetServer> server_;
};

/// Bucket properties by name; the rest of the BMD is made around them.
using Buckets = std::vector<std::pair<std::string, std::function<void(meta::BucketProperties&)>>>;
meta::BucketMetadata make_bmd(uint64_t version, const Buckets& buckets);
/// Gives all targets one cluster map (of all of them) and the buckets. `primary`: control endpoint of a pretended gateway; `others`:
/// targets of the map besides.
void install_cluster(const std::vector<TestTarget*>& targets, uint64_t version, const Buckets& buckets,
                     const meta::NetEndpoint& primary = {}, const std::vector<meta::Node>& others = {});

/// One target "t1test00" with bucket "b" of default properties; more buckets by overriding buckets().
class TargetTest : public testing::Test {
 protected:
  void SetUp() override;
  virtual Buckets buckets() { return {{"b", {}}}; }
  /// An object request as a gateway would have redirected it. `query` without '?'.
  Answer call(const std::string& method, const std::string& object, const std::string& body = "", const std::string& query = "",
              const std::string& headers = "");
  Answer put(const std::string& object, const std::string& body, const std::string& headers = "") {
    return call("PUT", object, body, "", headers);
  }
  /// The first name "<prefix><number>" that this target of the map owns; with a `mountpath` (0, 1), there.
  std::string name_at(const std::string& bucket, const std::string& target_id, std::optional<int> mountpath = std::nullopt,
                      const std::string& prefix = "n");
  /// "tcode|message" of an error answer.
  static std::string error_of(const Answer& answer);

  std::unique_ptr<TestTarget> target_;
};

}  // namespace ais::target
