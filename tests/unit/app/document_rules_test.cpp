#include "app/document_rules.h"

#include <gtest/gtest.h>

namespace ais::app {
namespace {

template <typename Document>
std::shared_ptr<const Document> document(const std::string& uuid, uint64_t version) {
  auto made = std::make_shared<Document>();
  made->uuid = uuid;
  made->version = static_cast<decltype(made->version)>(version);
  return made;
}

ClusterSnapshot view(const std::string& uuid, uint64_t smap, uint64_t bmd, uint64_t config) {
  ClusterSnapshot made;
  made.smap = document<meta::ClusterMap>(uuid, smap);
  made.bmd = document<meta::BucketMetadata>(uuid, bmd);
  made.cluster_config = made.config = document<meta::ClusterConfig>(uuid, config);
  return made;
}

api::ClusterDocuments offer(const ClusterSnapshot& from) {
  api::ClusterDocuments documents;
  documents.smap = *from.smap;
  documents.bmd = *from.bmd;
  documents.config = *from.cluster_config;
  return documents;
}

TEST(DocumentRules, TakesWhatIsNewer) {
  const auto taken = newer_documents(view("u", 3, 3, 3), offer(view("u", 4, 3, 2)));
  ASSERT_TRUE(taken.ok());
  EXPECT_TRUE(taken->smap && taken->smap->version == 4);
  EXPECT_FALSE(taken->bmd || taken->config);
}

TEST(DocumentRules, TakesNothingOfAnotherCluster) {
  api::ClusterDocuments mixed = offer(view("u", 9, 9, 9));
  mixed.bmd->uuid = "v";
  EXPECT_EQ(newer_documents(view("u", 3, 3, 3), mixed).code(), Code::kWrongCluster);
  EXPECT_EQ(newer_documents(view("u", 3, 3, 3), offer(view("v", 1, 1, 1))).code(), Code::kWrongCluster) << "older ones neither";
}

TEST(DocumentRules, ANodeWithoutAClusterTakesTheMapsForItsOwn) {
  EXPECT_TRUE(newer_documents(view("", 0, 0, 0), offer(view("u", 1, 1, 1))).ok());
  api::ClusterDocuments mixed = offer(view("u", 1, 1, 1));
  mixed.config->uuid = "v";
  EXPECT_EQ(newer_documents(view("", 0, 0, 0), mixed).code(), Code::kWrongCluster);
}

TEST(DocumentRules, TheMapNamesTheClusterThenTheBuckets) {
  ClusterSnapshot held = view("", 0, 0, 0);
  EXPECT_EQ(cluster_uuid_of(held), "");
  held.cluster_config = document<meta::ClusterConfig>("c", 1);
  EXPECT_EQ(cluster_uuid_of(held), "c");
  held.bmd = document<meta::BucketMetadata>("b", 1);
  EXPECT_EQ(cluster_uuid_of(held), "b");
  held.smap = document<meta::ClusterMap>("s", 1);
  EXPECT_EQ(cluster_uuid_of(held), "s");
}

}  // namespace
}  // namespace ais::app
