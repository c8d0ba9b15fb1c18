#include "ais-proxy/embedded_coordinator.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <thread>

namespace ais::proxy {
namespace {

class EmbeddedCoordinatorTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/ais-coordinator-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    directory_ = pattern;
    open();
  }
  void TearDown() override {
    view_.reset();
    std::filesystem::remove_all(directory_);
  }
  void open() {
    view_.reset();
    auto view = app::ClusterView::open(directory_, sys::real_environment());
    ASSERT_TRUE(view.ok()) << view.status().to_string();
    view_ = std::move(*view);
  }

  static meta::ClusterMap map(uint64_t version, const std::string& primary = "gw1") {
    meta::ClusterMap made;
    made.uuid = "uuid1";
    made.version = version;
    made.creation_time = "2024-01-02 03:04:05";
    made.primary_id = primary;
    meta::Node& node = made.proxies[primary];
    node.id = primary;
    node.type = meta::NodeType::kProxy;
    node.public_net = node.control_net = node.data_net = {"127.0.0.1", 8080};
    return made;
  }
  static api::ClusterDocuments map_only(uint64_t version) {
    api::ClusterDocuments documents;
    documents.smap = map(version);
    return documents;
  }
  static api::DocumentVersions expect(uint64_t smap, uint64_t bmd = 0) {
    api::DocumentVersions versions;
    versions.smap = smap;
    versions.bmd = bmd;
    return versions;
  }

  std::string directory_;
  std::unique_ptr<app::ClusterView> view_;
};

TEST_F(EmbeddedCoordinatorTest, WritesNeedTheLease) {
  EmbeddedCoordinator coordinator(*view_, "gw1");
  EXPECT_EQ(coordinator.compare_and_swap(expect(0), map_only(1)).code(), Code::kNotPrimary);
  ASSERT_TRUE(coordinator.acquire_lease().ok());
  ASSERT_TRUE(coordinator.acquire_lease().ok()) << "taking it twice is no harm";
  EXPECT_TRUE(coordinator.holds_lease());
  EXPECT_TRUE(coordinator.compare_and_swap(expect(0), map_only(1)).ok());
  coordinator.release_lease();
  EXPECT_FALSE(coordinator.holds_lease());
  EXPECT_EQ(coordinator.compare_and_swap(expect(1), map_only(2)).code(), Code::kNotPrimary);
}

TEST_F(EmbeddedCoordinatorTest, SwapsOnlyWhatWasRead) {
  EmbeddedCoordinator coordinator(*view_, "gw1");
  ASSERT_TRUE(coordinator.acquire_lease().ok());
  ASSERT_TRUE(coordinator.compare_and_swap(expect(0), map_only(1)).ok());
  EXPECT_EQ(coordinator.compare_and_swap(expect(0), map_only(2)).code(), Code::kStaleVersion);
  EXPECT_EQ(coordinator.compare_and_swap(expect(1), map_only(1)).code(), Code::kInvalid) << "a version must follow its predecessor";
  ASSERT_TRUE(coordinator.compare_and_swap(expect(1), map_only(2)).ok());
  const auto read = coordinator.read();
  ASSERT_TRUE(read.ok());
  ASSERT_TRUE(read->smap.has_value());
  EXPECT_EQ(read->smap->version, 2u);
  EXPECT_FALSE(read->bmd.has_value());
}

TEST_F(EmbeddedCoordinatorTest, AllDocumentsOrNone) {
  EmbeddedCoordinator coordinator(*view_, "gw1");
  ASSERT_TRUE(coordinator.acquire_lease().ok());
  ASSERT_TRUE(coordinator.compare_and_swap(expect(0), map_only(1)).ok());
  api::ClusterDocuments both = map_only(2);
  both.bmd.emplace();
  both.bmd->uuid = "uuid1";
  both.bmd->version = 5;
  EXPECT_EQ(coordinator.compare_and_swap(expect(1, 4), both).code(), Code::kStaleVersion);
  EXPECT_EQ(view_->copy().smap->version, 1u) << "the map fitted, the buckets did not";
  EXPECT_TRUE(coordinator.compare_and_swap(expect(1, 0), both).ok());
}

TEST_F(EmbeddedCoordinatorTest, OneOfManyWritersWins) {
  EmbeddedCoordinator coordinator(*view_, "gw1");
  ASSERT_TRUE(coordinator.acquire_lease().ok());
  std::atomic<int> winners{0}, changes{0};
  coordinator.watch([&] { ++changes; });
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] {
      if (coordinator.compare_and_swap(expect(0), map_only(1)).ok()) ++winners;
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(changes, 1);
}

TEST_F(EmbeddedCoordinatorTest, DocumentsAndPrimaryOutliveTheProcess) {
  {
    EmbeddedCoordinator coordinator(*view_, "gw1");
    ASSERT_TRUE(coordinator.acquire_lease().ok());
    ASSERT_TRUE(coordinator.compare_and_swap(expect(0), map_only(7)).ok());
  }
  open();
  EmbeddedCoordinator stranger(*view_, "gw2");
  EXPECT_EQ(stranger.acquire_lease().code(), Code::kBusy) << "the stored map names gw1";
  EmbeddedCoordinator again(*view_, "gw1");
  ASSERT_TRUE(again.acquire_lease().ok());
  EXPECT_EQ(again.read()->smap->version, 7u);
}

TEST_F(EmbeddedCoordinatorTest, TwoProcessesCannotOpenOneDirectory) {
  EXPECT_FALSE(app::ClusterView::open(directory_, sys::real_environment()).ok());
}

}  // namespace
}  // namespace ais::proxy
