#include "ais-proxy/bucket_edits.h"

#include <gtest/gtest.h>

#include "ais-proxy/bucket_routes.h"
#include "api/missing.h"

namespace ais::proxy {
namespace {

meta::Bucket named(std::string name, std::string provider = "ais") {
  meta::Bucket bucket;
  bucket.name = std::move(name);
  bucket.provider = std::move(provider);
  return bucket;
}

class BucketEditsTest : public testing::Test {
 protected:
  BucketEditContext context() const { return {bmd_, config_, 3}; }
  void must_create(const std::string& name) {
    auto next = create_bucket(context(), named(name), codec::JsonView(), 77);
    ASSERT_TRUE(next.ok()) << next.status().to_string();
    bmd_ = std::move(*next);
  }

  meta::BucketMetadata bmd_;
  meta::ClusterConfig config_;
};

TEST_F(BucketEditsTest, CreateGivesIdentityAndRaisesTheVersion) {
  must_create("one");
  must_create("two");
  EXPECT_EQ(bmd_.version, 2u);
  const meta::BucketProperties* one = bmd_.find(named("one"));
  const meta::BucketProperties* two = bmd_.find(named("two"));
  ASSERT_NE(one, nullptr);
  ASSERT_NE(two, nullptr);
  EXPECT_NE(one->bid, 0u);
  EXPECT_NE(one->bid, two->bid);
  EXPECT_EQ(one->created_ns, 77);
  EXPECT_FALSE(one->lru.enabled);
}

TEST_F(BucketEditsTest, CreateTwiceIsAConflict) {
  must_create("one");
  const auto again = create_bucket(context(), named("one"), codec::JsonView(), 1);
  EXPECT_EQ(again.code(), Code::kBucketAlreadyExists);
  EXPECT_EQ(again.status().http_status(), 409);
  EXPECT_EQ(again.status().message(), "bucket \"ais://one\" already exists");
}

TEST_F(BucketEditsTest, ARecreatedBucketHasAnotherId) {
  must_create("one");
  const uint64_t first = bmd_.find(named("one"))->bid;
  auto without = destroy_bucket(context(), named("one"));
  ASSERT_TRUE(without.ok());
  bmd_ = std::move(*without);
  EXPECT_EQ(bmd_.find(named("one")), nullptr);
  must_create("one");
  EXPECT_NE(bmd_.find(named("one"))->bid, first);
}

TEST_F(BucketEditsTest, BadNamesAreRefused) {
  for (const std::string name : {"", "a b", "a/b", "..", "a..b", "\xC3\xA4", ".hidden"}) {
    const auto made = create_bucket(context(), named(name), codec::JsonView(), 1);
    EXPECT_FALSE(made.ok()) << name;
    EXPECT_EQ(made.status().http_status(), 400) << name;
  }
  EXPECT_FALSE(create_bucket(context(), named(std::string(65, 'a')), codec::JsonView(), 1).ok());
  EXPECT_TRUE(create_bucket(context(), named(std::string(64, 'a')), codec::JsonView(), 1).ok());
}

TEST_F(BucketEditsTest, ProvidersWithoutABackendSaySo) {
  const auto cloud = create_bucket(context(), named("b", "aws"), codec::JsonView(), 1);
  EXPECT_EQ(cloud.status().message(), "AWS backend is missing in the cluster configuration: backend support is not there in this version");
  EXPECT_EQ(cloud.status().http_status(), 501);
  meta::Bucket remote = named("b");
  remote.ns.uuid = "other";
  EXPECT_EQ(api::bucket_missing(remote).code(), Code::kRemoteBucketNotFound);
  EXPECT_EQ(api::bucket_missing(named("b")).message(), "bucket \"ais://b\" does not exist");
  EXPECT_EQ(destroy_bucket(context(), named("b", "gcp")).status().http_status(), 405);
}

TEST_F(BucketEditsTest, PropertiesAreSetAndResetWithoutTouchingIdentity) {
  must_create("one");
  const meta::BucketProperties before = *bmd_.find(named("one"));
  const auto document = codec::JsonDocument::parse(R"({"checksum":{"type":"md5"},"access":"3"})");
  ASSERT_TRUE(document.ok());
  auto set = set_bucket_properties(context(), named("one"), document->root());
  ASSERT_TRUE(set.ok()) << set.status().to_string();
  bmd_ = std::move(*set);
  EXPECT_EQ(bmd_.version, 2u);
  EXPECT_EQ(bmd_.find(named("one"))->checksum.type, "md5");
  EXPECT_EQ(bmd_.find(named("one"))->access, 3u);
  auto reset = reset_bucket_properties(context(), named("one"));
  ASSERT_TRUE(reset.ok());
  bmd_ = std::move(*reset);
  EXPECT_EQ(bmd_.find(named("one"))->checksum.type, "xxhash2");
  EXPECT_EQ(bmd_.find(named("one"))->bid, before.bid);
  EXPECT_EQ(bmd_.find(named("one"))->created_ns, before.created_ns);
}

TEST_F(BucketEditsTest, WrongPropertiesChangeNothing) {
  must_create("one");
  const auto document = codec::JsonDocument::parse(R"({"checksum":{"type":"md5"},"mirror":{"copies":99}})");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(set_bucket_properties(context(), named("one"), document->root()).status().http_status(), 400);
  EXPECT_EQ(set_bucket_properties(context(), named("two"), document->root()).code(), Code::kBucketNotFound);
  EXPECT_EQ(reset_bucket_properties(context(), named("two")).code(), Code::kBucketNotFound);
  EXPECT_EQ(bmd_.find(named("one"))->checksum.type, "xxhash2");
}

TEST_F(BucketEditsTest, DestroyNeedsTheAccessBit) {
  must_create("one");
  bmd_.buckets.at(named("one").uname()).second.access &= ~uint64_t{meta::kAccessDestroyBucket};
  EXPECT_EQ(destroy_bucket(context(), named("one")).code(), Code::kBucketAccessDenied);
  EXPECT_EQ(destroy_bucket(context(), named("two")).code(), Code::kBucketNotFound);
}

TEST_F(BucketEditsTest, ListHidesSystemBuckets) {
  EXPECT_EQ(buckets_json(bmd_, "", {}, false), "[]");
  must_create("one");
  must_create("two");
  bmd_.buckets[named(".sys-inventory").uname()] = {named(".sys-inventory"), meta::BucketProperties()};
  const std::string one = R"({"name":"one","provider":"ais","namespace":{"uuid":"","name":""}})";
  const std::string two = R"({"name":"two","provider":"ais","namespace":{"uuid":"","name":""}})";
  EXPECT_EQ(buckets_json(bmd_, "", {}, false), "[" + one + "," + two + "]");
  EXPECT_EQ(buckets_json(bmd_, "ais", {.name = "two", .provider = {}, .ns = {}}, false), "[" + two + "]");
  EXPECT_EQ(buckets_json(bmd_, "aws", {}, false), "[]");
  EXPECT_NE(buckets_json(bmd_, "", {}, true).find(".sys-inventory"), std::string::npos);
}

}  // namespace
}  // namespace ais::proxy
