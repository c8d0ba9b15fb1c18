#include "app/cluster_view.h"

#include <sys/stat.h>

#include <thread>

#include "app/node_id.h"
#include "app/state_document.h"
#include "unit/app/temporary_directory.h"

namespace ais::app {
namespace {

api::ClusterDocuments documents(uint64_t version, const std::string& uuid = "cluster") {
  api::ClusterDocuments documents;
  documents.smap.emplace();
  documents.smap->uuid = uuid;
  documents.smap->version = version;
  meta::Node primary;
  primary.id = "proxy" + std::to_string(version);
  primary.type = meta::NodeType::kProxy;
  primary.public_net = primary.control_net = primary.data_net = {"127.0.0.1", 8080};
  documents.smap->primary_id = primary.id;
  documents.smap->proxies[primary.id] = primary;
  documents.bmd.emplace();
  documents.bmd->uuid = uuid;
  documents.bmd->version = version;
  return documents;
}

std::vector<std::string> damaged_files(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (name.find(".damaged.") != std::string::npos) names.push_back(name);
  }
  return names;
}

TEST(StateDocument, GoldenAndBack) {
  const StateDocument document{"smap", 7, "u", R"({"a":"}"})"};
  const std::string bytes = document.encode();
  EXPECT_TRUE(bytes.starts_with(R"({"format":1,"kind":"smap","version":"7","uuid":"u","checksum":")"));
  EXPECT_TRUE(bytes.ends_with("\",\"document\":{\"a\":\"}\"}}\n"));
  const auto back = StateDocument::decode(bytes, "smap");
  ASSERT_TRUE(back.ok()) << back.status().to_string();
  EXPECT_EQ(back->text, document.text);
  EXPECT_EQ(back->version, 7u);
  EXPECT_EQ(StateDocument::decode(bytes, "bmd").code(), Code::kInvalid);
}

TEST(StateDocument, RefusesDamage) {
  const std::string bytes = StateDocument{"smap", 7, "u", R"({"abc":123})"}.encode();
  for (size_t length = 0; length + 1 < bytes.size(); length++)
    EXPECT_FALSE(StateDocument::decode(bytes.substr(0, length), "smap").ok()) << length;
  std::string changed = bytes;
  changed[bytes.find("123")] = '9';
  EXPECT_EQ(StateDocument::decode(changed, "smap").code(), Code::kCorrupt);
  std::string newer = bytes;
  newer.replace(newer.find("\"format\":1"), 10, "\"format\":2");
  EXPECT_EQ(StateDocument::decode(newer, "smap").code(), Code::kUnsupported);
}

TEST(ClusterView, KeepsDocumentsOverARestart) {
  const TemporaryDirectory directory;
  const std::string state = directory.file("new/state");
  {
    auto view = ClusterView::open(state, sys::real_environment());
    ASSERT_TRUE(view.ok()) << view.status().to_string();
    EXPECT_EQ((*view)->snapshot().smap->version, 0u);
    int calls = 0;
    (*view)->add_listener([&calls](const ClusterSnapshot&) { calls++; });
    ASSERT_TRUE((*view)->install(documents(2)).ok());
    ASSERT_TRUE((*view)->install(documents(1)).ok());  // older: ignored
    EXPECT_EQ(calls, 1);
    EXPECT_EQ((*view)->snapshot().smap->version, 2u);
    EXPECT_EQ((*view)->install(documents(3, "other")).code(), Code::kWrongCluster);
    EXPECT_EQ(ClusterView::open(state, sys::real_environment()).code(), Code::kBusy);
  }
  auto view = ClusterView::open(state, sys::real_environment());
  ASSERT_TRUE(view.ok());
  EXPECT_EQ((*view)->snapshot().smap->primary_id, "proxy2");
  EXPECT_EQ((*view)->versions().bmd, 2u);
  EXPECT_EQ((*view)->versions().cluster_uuid, "cluster");
  EXPECT_EQ((*view)->quarantine_reason(), "");
}

TEST(ClusterView, StoresNothingThatItCouldNotReadBack) {
  const TemporaryDirectory directory;
  auto view = ClusterView::open(directory.path(), sys::real_environment());
  ASSERT_TRUE(view.ok());
  api::ClusterDocuments bad = documents(1);
  bad.smap->proxies.begin()->second.id = "?";
  EXPECT_FALSE((*view)->install(std::move(bad)).ok());
  EXPECT_EQ((*view)->snapshot().smap->version, 0u);
  EXPECT_FALSE(std::filesystem::exists(directory.file("smap.json")));
}

TEST(ClusterView, QuarantinesOverADamagedDocumentUntilAPersonDecides) {
  const TemporaryDirectory directory;
  { ASSERT_TRUE((*ClusterView::open(directory.path(), sys::real_environment()))->install(documents(2)).ok()); }
  const std::string whole = read_whole(directory.file("bmd.json"));
  write_whole(directory.file("bmd.json"), whole.substr(0, whole.size() / 2));
  for (int start = 0; start < 2; start++) {  // the second start finds only the damaged file
    auto view = ClusterView::open(directory.path(), sys::real_environment());
    ASSERT_TRUE(view.ok());
    EXPECT_NE((*view)->quarantine_reason(), "");
    EXPECT_EQ((*view)->snapshot().bmd->version, 0u);
    EXPECT_EQ((*view)->snapshot().smap->version, 2u);
    EXPECT_EQ((*view)->install(documents(9)).code(), Code::kUnavailable);
    ASSERT_EQ(damaged_files(directory.path()).size(), 1u);
  }
  EXPECT_EQ(read_whole(directory.file(damaged_files(directory.path())[0])), whole.substr(0, whole.size() / 2));
  write_whole(directory.file("bmd.json"), whole);
  EXPECT_EQ((*ClusterView::open(directory.path(), sys::real_environment()))->quarantine_reason(), "");
}

TEST(ClusterView, APipeInTheFilesPlaceDoesNotHangTheStart) {
  for (const char* name : {"smap.json", "bmd.json", "config.json"}) {
    const TemporaryDirectory directory;
    ASSERT_EQ(mkfifo(directory.file(name).c_str(), 0600), 0);
    auto view = ClusterView::open(directory.path(), sys::real_environment());
    ASSERT_TRUE(view.ok()) << view.status().to_string();
    EXPECT_NE((*view)->quarantine_reason(), "") << name;
  }
}

// Every document with every kind of damage: the view opens, nothing is lost, and it says why.
TEST(ClusterView, NoKindOfDamageEndsOrLosesAnything) {
  const std::string intact = StateDocument{"smap", 3, "cluster", documents(3).smap->to_json()}.encode();
  std::string flipped = intact;
  flipped[flipped.size() / 2] ^= 4;
  std::string newer = intact;
  newer.replace(newer.find("\"format\":1"), 10, "\"format\":9");
  const std::string damages[] = {"", "\n", intact.substr(0, intact.size() / 2), flipped, newer, std::string(1000, '\0')};
  for (const std::string kind : {"smap", "bmd", "config"}) {
    for (const std::string& damage : damages) {
      SCOPED_TRACE(kind + ": " + damage.substr(0, 40));
      const TemporaryDirectory directory;
      { ASSERT_TRUE((*ClusterView::open(directory.path(), sys::real_environment()))->install(documents(2)).ok()); }
      write_whole(directory.file(kind + ".json"), damage);
      auto view = ClusterView::open(directory.path(), sys::real_environment());
      ASSERT_TRUE(view.ok()) << view.status().to_string();
      EXPECT_NE((*view)->quarantine_reason().find(kind + ".json"), std::string::npos) << (*view)->quarantine_reason();
      ASSERT_EQ(damaged_files(directory.path()).size(), 1u);
      EXPECT_EQ(read_whole(directory.file(damaged_files(directory.path())[0])), damage);
    }
    const TemporaryDirectory directory;
    std::filesystem::create_directory(directory.file(kind + ".json"));
    auto view = ClusterView::open(directory.path(), sys::real_environment());
    ASSERT_TRUE(view.ok()) << view.status().to_string();
    EXPECT_NE((*view)->quarantine_reason().find(kind + ".json"), std::string::npos) << (*view)->quarantine_reason();
    EXPECT_TRUE(std::filesystem::is_directory(directory.file(kind + ".json"))) << "left where it is";
  }
}

TEST(ClusterView, OverridesOfTheNode) {
  const TemporaryDirectory directory;
  {
    auto view = ClusterView::open(directory.path(), sys::real_environment());
    ASSERT_TRUE(view.ok());
    ASSERT_TRUE((*view)->set_overrides({{"log.level", "4"}}, false).ok());
    ASSERT_TRUE((*view)->set_overrides({{"log.max_size", "1MiB"}}, true).ok());
    EXPECT_EQ((*view)->snapshot().config->log.level, "4");
    EXPECT_EQ((*view)->snapshot().config->log.max_size.bytes, kMiB);
    EXPECT_EQ((*view)->snapshot().cluster_config->log.level, "3");
    EXPECT_EQ((*view)->set_overrides({{"mirror.copies", "3"}}, false).code(), Code::kInvalid);
    EXPECT_EQ((*view)->set_overrides({{"no.such", "3"}}, false).code(), Code::kInvalid);
    EXPECT_EQ((*view)->set_overrides({{"memsys.min_free", "1GiB"}}, true).http_status(), 501);
    EXPECT_FALSE((*view)->set_overrides({{"log.level", "4"}, {"log.max_size", "huge"}}, false).ok());
    ASSERT_TRUE((*view)->install(documents(1)).ok());
    EXPECT_EQ((*view)->snapshot().config->log.level, "4");
  }
  auto view = ClusterView::open(directory.path(), sys::real_environment());
  ASSERT_TRUE(view.ok());
  EXPECT_EQ((*view)->snapshot().config->log.level, "4");
  EXPECT_EQ((*view)->snapshot().config->log.max_size.bytes, 64 * kMiB);
  ASSERT_TRUE((*view)->reset_overrides().ok());
  EXPECT_EQ((*view)->snapshot().config->log.level, "3");
}

api::ClusterDocuments configuration(int64_t version, const meta::ConfigValues& values) {
  api::ClusterDocuments documents;
  documents.config = *meta::change_config(meta::ClusterConfig(), codec::JsonView(), values);
  documents.config->uuid = "cluster";
  documents.config->version = version;
  return documents;
}

TEST(ClusterView, AnOverrideThatRepeatsTheClustersValueIsKept) {
  const TemporaryDirectory directory;
  auto view = ClusterView::open(directory.path(), sys::real_environment());
  ASSERT_TRUE((*view)->set_overrides({{"log.level", "3"}}, false).ok());
  ASSERT_TRUE((*view)->set_overrides({{"log.max_size", "64MiB"}}, true).ok());
  ASSERT_TRUE((*view)->install(configuration(1, {{"log.level", "4"}, {"log.max_size", "32MiB"}})).ok());
  EXPECT_EQ((*view)->snapshot().config->log.level, "3");
  EXPECT_EQ((*view)->snapshot().config->log.max_size.bytes, 64 * kMiB);
}

TEST(ClusterView, OnlyOverridesThatDoNotFitAreLostAndTheyComeBack) {
  const TemporaryDirectory directory;
  const meta::ConfigValues tight{{"space.highwm", "35"}, {"space.lowwm", "20"}, {"space.cleanupwm", "10"}};
  const std::vector<std::string> lost{"space.cleanupwm", "space.lowwm"};
  {
    auto view = ClusterView::open(directory.path(), sys::real_environment());
    ASSERT_TRUE((*view)->set_overrides({{"log.level", "2"}, {"space.lowwm", "40"}, {"space.cleanupwm", "30"}}, false).ok());
    ASSERT_TRUE((*view)->set_overrides({{"log.max_size", "1MiB"}}, true).ok());
    ASSERT_TRUE((*view)->install(configuration(1, tight)).ok());
    EXPECT_EQ((*view)->snapshot().lost_overrides, lost);
    EXPECT_EQ((*view)->snapshot().config->log.level, "2");
    EXPECT_EQ((*view)->snapshot().config->log.max_size.bytes, kMiB);
    EXPECT_EQ((*view)->snapshot().config->space.lowwm, 20);
    ASSERT_TRUE((*view)->set_overrides({{"log.level", "5"}}, false).ok());  // another section: those that are lost are kept
  }
  auto view = ClusterView::open(directory.path(), sys::real_environment());
  EXPECT_EQ((*view)->snapshot().lost_overrides, lost);
  ASSERT_TRUE((*view)->install(configuration(2, {})).ok());
  EXPECT_TRUE((*view)->snapshot().lost_overrides.empty());
  EXPECT_EQ((*view)->snapshot().config->space.lowwm, 40);
  EXPECT_EQ((*view)->snapshot().config->log.level, "5");
  // The newest word counts more than what is lost.
  ASSERT_TRUE((*view)->install(configuration(3, tight)).ok());
  ASSERT_TRUE((*view)->set_overrides({{"space.highwm", "50"}}, false).ok());
  EXPECT_EQ((*view)->snapshot().config->space.highwm, 50);
}

TEST(ClusterView, ReadersSeeVersionsGoUpOnly) {
  const TemporaryDirectory directory;
  auto view = ClusterView::open(directory.path(), sys::real_environment());
  ASSERT_TRUE(view.ok());
  constexpr uint64_t kLast = 40;
  std::vector<std::thread> readers;
  std::atomic<int> backwards{0};
  for (int i = 0; i < 3; i++) {
    readers.emplace_back([&] {
      for (uint64_t seen = 0; seen < kLast;) {
        const uint64_t version = (*view)->snapshot().smap->version;
        if (version < seen) backwards++;
        seen = version;
      }
    });
  }
  for (uint64_t version = 1; version <= kLast; version++) ASSERT_TRUE((*view)->install(documents(version)).ok());
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(backwards, 0);
}

TEST(NodeId, IsMadeOnceAndKept) {
  const TemporaryDirectory directory;
  const auto id = load_or_create_node_id(sys::real_environment(), directory.path(), meta::NodeType::kTarget, "");
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(id->size(), 9u);
  EXPECT_EQ(id->front(), 't');
  EXPECT_EQ(*load_or_create_node_id(sys::real_environment(), directory.path(), meta::NodeType::kTarget, ""), *id);
  EXPECT_EQ(load_or_create_node_id(sys::real_environment(), directory.path(), meta::NodeType::kTarget, "tOther123").code(), Code::kInvalid);
  EXPECT_FALSE(load_or_create_node_id(sys::real_environment(), directory.path(), meta::NodeType::kTarget, "../x").ok());
}

}  // namespace
}  // namespace ais::app
