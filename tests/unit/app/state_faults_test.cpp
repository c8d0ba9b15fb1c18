// The state directory on a disk that fails or is full, one system call after the other.
#include <errno.h>

#include "app/cluster_view.h"
#include "app/node_id.h"
#include "app/state_document.h"
#include "support/fault_file_system.h"
#include "unit/app/temporary_directory.h"

namespace ais::app {
namespace {

constexpr const char* kKinds[] = {"smap", "bmd", "config"};

api::ClusterDocuments documents(uint64_t version) {
  api::ClusterDocuments documents;
  documents.smap.emplace();
  documents.smap->version = version;
  meta::Node primary;
  primary.id = "proxy1";
  primary.type = meta::NodeType::kProxy;
  primary.public_net = primary.control_net = primary.data_net = {"127.0.0.1", 8080};
  documents.smap->primary_id = primary.id;
  documents.smap->proxies[primary.id] = primary;
  documents.bmd.emplace();
  documents.bmd->version = version;
  documents.config.emplace();
  documents.config->version = static_cast<int64_t>(version);
  documents.smap->uuid = documents.bmd->uuid = documents.config->uuid = "cluster";
  return documents;
}

class StateFaults : public testing::Test {
 protected:
  std::unique_ptr<ClusterView> open() {
    auto view = ClusterView::open(directory_.path(), environment_);
    EXPECT_TRUE(view.ok()) << view.status().to_string();
    return view.ok() ? std::move(*view) : nullptr;
  }
  size_t files_named(const std::string& part) const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      count += entry.path().filename().string().find(part) != std::string::npos ? 1 : 0;
    return count;
  }
  /// Of smap, bmd and config as the next start finds them.
  std::vector<uint64_t> versions_found() {
    const std::unique_ptr<ClusterView> view = open();
    EXPECT_EQ(view->quarantine_reason(), "");
    EXPECT_EQ(files_named(".tmp"), 0u);
    EXPECT_EQ(files_named(".damaged."), 0u);
    const api::DocumentVersions found = view->versions();
    return {found.smap, found.bmd, found.config};
  }

  TemporaryDirectory directory_;
  sys::FaultFileSystem files_{sys::real_file_system()};
  sys::Random random_{1};
  sys::Environment environment_{sys::real_clock(), files_, random_};
};

TEST_F(StateFaults, WhicheverCallFailsEachDocumentIsTheOldOneOrTheNew) {
  for (const int error : {EIO, ENOSPC}) {
    uint64_t version = versions_found()[0] + 1;
    ASSERT_TRUE(open()->install(documents(version)).ok());
    bool failed = true;
    for (uint64_t n = 1; failed; ++n) {
      SCOPED_TRACE("call " + std::to_string(n));
      uint64_t kept = 0;
      {
        const std::unique_ptr<ClusterView> view = open();
        files_.fail_at(n, error);
        const Status status = view->install(documents(version + 1));
        failed = files_.fired();
        files_.disarm();
        EXPECT_EQ(status.ok(), !failed) << status.to_string();
        EXPECT_EQ(status.http_status(), !failed ? 200 : error == ENOSPC ? 507 : 500);
        EXPECT_EQ(view->quarantine_reason(), "") << "a failure of the disk passes";
        kept = view->versions().smap;
        EXPECT_EQ(files_named(".tmp"), 0u);
      }
      for (const uint64_t found : versions_found()) EXPECT_TRUE(found == version || found == version + 1) << found;
      EXPECT_GE(versions_found()[0], kept) << "older than what was shown";
      ASSERT_TRUE(open()->install(documents(version + 2)).ok());
      version += 2;
      EXPECT_EQ(versions_found(), (std::vector<uint64_t>{version, version, version}));
    }
  }
}

TEST_F(StateFaults, AfterAFailureTheSameDocumentsAreTaken) {
  const std::unique_ptr<ClusterView> view = open();
  ASSERT_TRUE(view->install(documents(1)).ok());
  bool failed = true;
  for (uint64_t n = 1, version = 2; failed; ++n, ++version) {
    files_.fail_at(n, EIO);
    (void)view->install(documents(version)).ok();
    failed = files_.fired();
    files_.disarm();
    ASSERT_TRUE(view->install(documents(version)).ok());
    EXPECT_EQ(view->versions().smap, version);
    EXPECT_EQ(view->versions().bmd, version);
  }
}

TEST_F(StateFaults, WhateverFailsAtAStartNoDocumentIsLost) {
  ASSERT_TRUE(open()->install(documents(5)).ok());
  ASSERT_TRUE(open()->set_overrides({{"log.level", "4"}}, false).ok());
  bool failed = true;
  size_t started_in_quarantine = 0;
  for (uint64_t n = 1; failed; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    files_.fail_at(n, EIO);
    auto view = ClusterView::open(directory_.path(), environment_);
    failed = files_.fired();
    files_.disarm();
    if (view.ok() && (*view)->quarantine_reason() != "") {
      ++started_in_quarantine;
      EXPECT_FALSE((*view)->install(documents(6)).ok()) << "it does not know what it has";
    }
    view = Status(Code::kUnavailable, "closed");
    EXPECT_EQ(versions_found(), (std::vector<uint64_t>{5, 5, 5}));
    EXPECT_EQ(open()->snapshot().config->log.level, "4");
  }
  EXPECT_GE(started_in_quarantine, 6u) << "opening and reading each of three documents";
}

TEST_F(StateFaults, AMissingDocumentIsNotTakenForNoneWhileTheDirectoryCannotBeRead) {
  ASSERT_TRUE(open()->install(documents(5)).ok());
  write_whole(directory_.file("bmd.json"), "nonsense");
  (void)open();  // set aside
  EXPECT_EQ(files_named("bmd.json.damaged."), 1u);
  bool failed = true;
  for (uint64_t n = 1; failed; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    files_.fail_at(n, EIO);
    const auto view = ClusterView::open(directory_.path(), environment_);
    failed = files_.fired();
    files_.disarm();
    EXPECT_FALSE(view.ok() && (*view)->quarantine_reason().empty());
  }
}

TEST_F(StateFaults, AFullDiskIsSaidAndPasses) {
  const std::unique_ptr<ClusterView> view = open();
  ASSERT_TRUE(view->install(documents(1)).ok());
  files_.fail_always(ENOSPC, sys::FaultFileSystem::kWrites);
  EXPECT_EQ(view->install(documents(2)).code(), Code::kCapacityExceeded);
  EXPECT_EQ(view->set_overrides({{"log.level", "4"}}, false).code(), Code::kCapacityExceeded);
  EXPECT_EQ(view->versions().smap, 1u);
  EXPECT_EQ(view->snapshot().config->log.level, "3");
  ASSERT_TRUE(view->set_overrides({{"log.level", "5"}}, true).ok()) << "in memory only";
  files_.disarm();
  EXPECT_TRUE(view->install(documents(2)).ok());
  EXPECT_TRUE(view->set_overrides({{"log.level", "4"}}, false).ok());
  EXPECT_EQ(view->versions().smap, 2u);
}

TEST_F(StateFaults, OverridesThatCouldNotBeReadAreNotWrittenOver) {
  ASSERT_TRUE(open()->set_overrides({{"log.level", "4"}}, false).ok());
  files_.fail_paths("overrides.json", EIO);
  const std::unique_ptr<ClusterView> view = open();
  EXPECT_EQ(view->snapshot().config->log.level, "3");
  EXPECT_EQ(view->set_overrides({{"log.max_size", "1MiB"}}, false).code(), Code::kUnavailable);
  files_.disarm();
  ASSERT_TRUE(view->set_overrides({{"log.max_size", "1MiB"}}, false).ok());
  EXPECT_EQ(view->snapshot().config->log.level, "4");
  EXPECT_EQ(view->snapshot().config->log.max_size.bytes, kMiB);
}

TEST_F(StateFaults, WhatACrashLeftIsRemovedAtTheNextStart) {
  ASSERT_TRUE(open()->install(documents(1)).ok());
  for (const char* kind : kKinds) write_whole(directory_.file(std::string(kind) + ".json.tmp"), "half a docu");
  write_whole(directory_.file("notes.tmp"), "somebody's");
  const std::unique_ptr<ClusterView> view = open();
  EXPECT_EQ(view->versions().smap, 1u);
  EXPECT_EQ(files_named(".json.tmp"), 0u);
  EXPECT_EQ(files_named("notes.tmp"), 1u) << "only its own are removed";
}

TEST_F(StateFaults, ANodeIdIsKeptOrNotMade) {
  std::string first;
  for (uint64_t n = 1; first.empty(); ++n) {
    files_.fail_at(n, EIO);
    const auto id = load_or_create_node_id(environment_, directory_.path(), meta::NodeType::kTarget, "");
    files_.disarm();
    if (id.ok()) first = *id;
    std::filesystem::remove(directory_.file("node_id"));
  }
  EXPECT_EQ(first.size(), 9u);
}

}  // namespace
}  // namespace ais::app
