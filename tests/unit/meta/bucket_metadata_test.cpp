#include "meta/bucket_metadata.h"

#include <gtest/gtest.h>

#include "unit/meta/golden.h"

namespace ais::meta {
namespace {

Bucket named(const char* name, const char* provider = "ais", const char* uuid = "") {
  Bucket bucket;
  bucket.name = name;
  bucket.provider = provider;
  bucket.ns.uuid = uuid;
  return bucket;
}

BucketProperties existing() {
  BucketProperties p = default_bucket_properties(ClusterConfig());
  p.bid = 5;
  p.created_ns = 1767323045000000000;
  return p;
}

// By all rules but one: most tests are about properties that this version refuses.
Result<BucketProperties> change(const BucketProperties& current, std::string_view text, size_t targets = 5,
                                const Bucket& bucket = named("b"), MissingFeatures missing = MissingFeatures::kAllow) {
  AIS_TRY(auto document, codec::JsonDocument::parse(text));
  return apply_bucket_properties(bucket, current, document.root(), ClusterConfig(), targets, missing);
}

Result<BucketProperties> ask(const BucketProperties& current, std::string_view text) {
  return change(current, text, 1, named("b"), MissingFeatures::kRefuse);
}

BucketMetadata sample() {
  BucketMetadata bmd;
  bmd.uuid = "clu-1";
  bmd.version = 3;
  for (const Bucket& bucket : {named("one"), named("two"), named("far", "ais", "uuid1"), named("cloud", "aws")}) {
    BucketProperties p = existing();
    p.provider = bucket.provider;
    bmd.buckets.emplace(bucket.uname(), std::pair(bucket, p));
  }
  bmd.buckets.at("ais/@#/two/").second.backend_bucket = named("cloud", "aws");
  bmd.buckets.at("ais/@#/two/").second.extra.custom = "mine";
  return bmd;
}

TEST(BucketMetadataTest, GoldenJson) {
  codec::JsonWriter pretty(1);
  pretty.raw(sample().to_json());
  expect_golden("tests/golden/bmd.json", pretty.take() + "\n");
}

TEST(BucketMetadataTest, RoundTripAndLookup) {
  BucketMetadata bmd = sample();
  auto read = BucketMetadata::from_json(bmd.to_json());
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(read->to_json(), bmd.to_json());
  EXPECT_EQ(read->buckets.size(), 4u);
  EXPECT_EQ(read->find(named("far", "ais", "uuid1"))->bid, 5u);
  EXPECT_EQ(read->find_uname("aws/@#/cloud/")->provider, "aws");
  EXPECT_EQ(read->find(named("cloud")), nullptr);
  EXPECT_EQ(BucketMetadata().to_json(), R"({"providers":{},"uuid":"","version":"0"})");
  EXPECT_TRUE(BucketMetadata::from_json(BucketMetadata().to_json()).ok());
}

TEST(BucketMetadataTest, HostileDocumentsAreRefused) {
  for (const char* bad :
       {"", "[]", R"({"providers":5})", R"({"providers":{"ftp":{}}})", R"({"providers":{"ais":5}})", R"({"providers":{"ais":{"@#":[]}}})",
        R"({"providers":{"ais":{"@#":{"../x":{}}}}})", R"({"providers":{"ais":{"@a/b#":{"x":{}}}}})",
        R"({"providers":{"ais":{"@#":{"x":5}}}})", R"({"providers":{"ais":{"@#":{"x":{},"x":{}}}}})",
        R"({"providers":{"ais":{"@#":{"x":{"access":"-1"}}}}})", R"({"providers":{"ais":{"@#":{"x":{"ec":{"data_slices":0}}}}}})",
        R"({"providers":{"ais":{"@#":{"x":{"checksum":{"type":"crc99"}}}}}})",
        R"({"providers":{"ais":{"@#":{"x":{"mirror":{"enabled":true,"copies":1}}}}}})", R"({"version":"x"})"})
    EXPECT_EQ(BucketMetadata::from_json(bad).code() == Code::kOk, false) << bad;
  std::string good = sample().to_json();
  for (size_t length = 0; length < good.size(); length += 5) EXPECT_FALSE(BucketMetadata::from_json(good.substr(0, length)).ok());
}

TEST(BucketPropertiesTest, DefaultsOfANewBucket) {
  ClusterConfig config;
  config.lru.enabled = true;
  config.checksum.type = "md5";
  config.features = 1u << 0 | 1u << 4;
  BucketProperties p = default_bucket_properties(config);
  EXPECT_FALSE(p.lru.enabled);
  EXPECT_EQ(p.checksum.type, "md5");
  EXPECT_EQ(p.features, 1u << 4);
  EXPECT_EQ(p.access, kAccessAll);
  codec::JsonWriter out;
  p.write_json(out);
  auto document = codec::JsonDocument::parse(out.take());
  EXPECT_EQ(document->root()["extra"].to_text(), R"({"aws":{},"gcp":{},"oci":{}})");
  EXPECT_EQ(document->root()["access"].to_text(), "\"18446744073709551615\"");
  EXPECT_EQ(document->root()["Renamed"].to_text(), "\"\"");
  EXPECT_EQ(document->root()["backend_bck"].to_text(), R"({"name":"","provider":"","namespace":{"uuid":"","name":""}})");
  EXPECT_EQ(document->root()["ec"]["burst_buffer"].int_or(0), 512);
}

TEST(BucketPropertiesTest, AccessBits) {
  BucketProperties p = existing();
  EXPECT_TRUE(p.check_access(kAccessAdmin, named("b")).ok());
  p.access = kAccessGet | kAccessHeadObject;
  EXPECT_TRUE(p.check_access(kAccessGet, named("b")).ok());
  Status denied = p.check_access(kAccessPut, named("b"));
  EXPECT_EQ(denied.code(), Code::kBucketAccessDenied);
  EXPECT_EQ(denied.http_status(), 403);
  EXPECT_EQ(denied.message(),
            "bucket ais://b: PUT access denied (allowed: [GET,HEAD-OBJECT,HEAD-BUCKET,LIST-OBJECTS,PATCH,SET-BUCKET-ACL])");
  p.access = 0;  // nobody may be locked out of giving access back
  EXPECT_TRUE(p.check_access(kAccessPatch, named("b")).ok());
  EXPECT_TRUE(p.check_access(kAccessListObjects, named("b")).ok());
  EXPECT_FALSE(p.check_access(kAccessGet | kAccessPatch, named("b")).ok());
  EXPECT_EQ(access_bit_name(kAccessDestroyBucket), "DESTROY-BUCKET");
}

TEST(BucketPropertiesTest, ChangesArePartial) {
  BucketProperties p = existing();
  auto next =
      change(p, R"({"Checksum":{"type":"md5"},"access":"7","versioning":{"enabled":false},"features":"16","write_policy":{"data":"never"},
      "rate_limit":{"frontend":{"enabled":true}},"lru":{"enabled":true},"extra":{"aws":{"profile":"x"},"custom":"note"},
      "chunks":{"chunk_size":"2GiB"},"unknown":null,"BID":"5"})");
  ASSERT_TRUE(next.ok()) << next.status().to_string();
  EXPECT_EQ(next->checksum.type, "md5");
  EXPECT_EQ(next->access, 7u);
  EXPECT_EQ(next->features, 16u);
  EXPECT_TRUE(next->rate_limit.frontend.enabled && next->lru.enabled && !next->versioning.enabled);
  EXPECT_EQ(next->extra.aws.profile, "x");
  EXPECT_EQ(next->bid, 5u);
  EXPECT_EQ(next->created_ns, p.created_ns);
  EXPECT_TRUE(change(p, "{}").ok());
}

// What a client misspells, or may not change, is no change that was made.
TEST(BucketPropertiesTest, NamesThatMeanNothingAreRefused) {
  for (const char* text : {R"({"bogus":{"x":1}})", R"({"checksum":{"tpye":"md5"}})", R"({"extra":{"aws":{"x":1}}})",
                           R"({"provider":"aws"})", R"({"bid":"77"})", R"({"bid":77})", R"({"created":"1"})", R"({"Renamed":"x"})",
                           R"({"access":"262144"})", R"({"access":"1099511627777"})", R"({"backend_bck":{"namespace":{"nmae":"x"}}})"})
    EXPECT_EQ(change(existing(), text).code(), Code::kInvalid) << text;
  BucketProperties odd = existing();
  odd.access = uint64_t{1} << 40 | 1;  // of another version: stays, and may be repeated
  codec::JsonWriter whole;
  odd.write_json(whole);
  const auto repeated = change(odd, whole.take());
  ASSERT_TRUE(repeated.ok()) << repeated.status().to_string();
  EXPECT_EQ(repeated->access, odd.access);
  EXPECT_TRUE(change(existing(), R"({"access":"18446744073709551614"})").ok());  // everything but one
  EXPECT_TRUE(change(existing(), R"({"access":"18446744073709551615","force":false,"backend_bck":{"name":"","provider":""}})").ok());
}

TEST(BucketPropertiesTest, BadValuesNameTheField) {
  using Row = std::pair<const char*, const char*>;
  for (auto [text, field] :
       {Row{R"({"checksum":{"type":"md6"}})", "checksum.type"}, Row{R"({"mirror":{"copies":33}})", "mirror.copies"},
        Row{R"({"mirror":{"copies":0}})", "mirror.copies"}, Row{R"({"ec":{"data_slices":33}})", "ec.data_slices"},
        Row{R"({"ec":{"objsize_limit":-2}})", "ec.objsize_limit"}, Row{R"({"access":"x"})", "access"},
        Row{R"({"features":"1"})", "features"}, Row{R"({"lru":{"dont_evict_time":"1m"}})", "lru.dont_evict_time"},
        Row{R"({"extra":{"custom":"a\nb"}})", "extra.custom"},
        Row{R"({"mirror":{"enabled":true},"chunks":{"objsize_limit":"1GiB"}})", "mirror"}, Row{R"({"force":"maybe"})", "force"},
        Row{R"({"chunks":{"objsize_limit":"2TiB"}})", "chunks.objsize_limit"}, Row{R"({"ec":7})", "ec"}, Row{"[]", "properties"}}) {
    auto next = change(existing(), text);
    EXPECT_EQ(next.code(), Code::kInvalid) << text;
    EXPECT_NE(next.status().message().find(field), std::string::npos) << next.status().message();
  }
  EXPECT_FALSE(change(existing(), R"({"extra":{"custom":")" + std::string(129, 'a') + "\"}}").ok());
  EXPECT_TRUE(change(existing(), R"({"extra":{"custom":")" + std::string(128, 'a') + "\"}}").ok());
}

TEST(BucketPropertiesTest, WhatNothingActsOnIsRefused) {
  using Row = std::pair<const char*, const char*>;
  for (auto [text, message] :
       {Row{R"({"mirror":{"enabled":true}})", "mirror.enabled: mirroring is not there in this version"},
        Row{R"({"mirror":{"copies":3}})", "mirror.copies: mirroring is not there in this version"},
        Row{R"({"ec":{"enabled":true}})", "ec.enabled: erasure coding is not there in this version"},
        Row{R"({"rate_limit":{"frontend":{"enabled":true}}})", "rate_limit.frontend.enabled: rate limiting is not there in this version"},
        Row{R"({"lru":{"enabled":true}})", "lru.enabled: eviction is not there in this version"},
        Row{R"({"chunks":{"objsize_limit":"1GiB"},"mirror":{"enabled":true}})",
            "chunks.objsize_limit: chunked storage is not there in this version"},
        Row{R"({"versioning":{"synchronize":true}})", "versioning.synchronize: backend support is not there in this version"},
        Row{R"({"checksum":{"type":"md5","validate_cold_get":true}})",
            "checksum.validate_cold_get: backend support is not there in this version"},
        Row{R"({"extra":{"custom":"x","aws":{"profile":"p"}}})", "extra.aws.profile: backend support is not there in this version"},
        Row{R"({"features":"530"})", "features: Skip-Loading-VersionChecksum-MD,S3-Presigned-Request is not there in this version"},
        Row{R"({"backend_bck":{"name":"c","provider":"s3"}})", "backend_bck: backend support is not there in this version"}}) {
    const Result<BucketProperties> next = ask(existing(), text);
    EXPECT_EQ(next.code(), Code::kNotImplemented) << text;
    EXPECT_EQ(next.status().message(), message);
  }
  // What is not allowed at all is told first.
  for (const char* text : {R"({"mirror":{"copies":33}})", R"({"mirror":{"copies":0,"enabled":true}})", R"({"features":"1"})",
                           R"({"ec":{"enabled":true},"checksum":{"type":"md6"}})"})
    EXPECT_EQ(ask(existing(), text).code(), Code::kInvalid) << text;
}

TEST(BucketPropertiesTest, WhatIsThereMayBeRepeatedAndTakenBack) {
  codec::JsonWriter whole;
  existing().write_json(whole);
  EXPECT_TRUE(ask(existing(), whole.take()).ok());
  EXPECT_TRUE(ask(existing(), R"({"access":"7","features":"16","checksum":{"type":"md5"},"extra":{"custom":"x"}})").ok());
  // A bucket that another version has made.
  BucketProperties mirrored = existing();
  mirrored.mirror.enabled = true;
  mirrored.mirror.copies = 3;
  mirrored.features = 1u << 1;
  EXPECT_EQ(settings_without_effect(mirrored).size(), 3u);
  EXPECT_TRUE(settings_without_effect(existing()).empty());
  EXPECT_TRUE(ask(mirrored, R"({"mirror":{"enabled":true,"copies":3},"checksum":{"type":"md5"},"features":"2"})").ok());
  EXPECT_TRUE(ask(mirrored, R"({"mirror":{"enabled":false},"features":"0"})").ok());
  EXPECT_EQ(ask(mirrored, R"({"mirror":{"copies":4}})").code(), Code::kNotImplemented);
}

TEST(BucketPropertiesTest, MirrorSettlesItsCopies) {
  BucketProperties p = existing();
  EXPECT_EQ(change(p, R"({"mirror":{"enabled":true,"copies":1}})")->mirror.copies, 2);
  auto off = change(change(p, R"({"mirror":{"enabled":true,"copies":3}})").value(), R"({"mirror":{"copies":1}})");
  ASSERT_TRUE(off.ok());
  EXPECT_FALSE(off->mirror.enabled);
  EXPECT_EQ(off->mirror.copies, 1);
  codec::JsonWriter out;
  off->write_json(out);
  EXPECT_TRUE(BucketProperties::read_json(codec::JsonDocument::parse(out.take())->root()).ok());
  EXPECT_EQ(change(*off, R"({"mirror":{"enabled":true}})")->mirror.copies, 2);
}

TEST(BucketPropertiesTest, ErasureCodingRules) {
  BucketProperties p = existing();
  EXPECT_EQ(change(p, R"({"ec":{"enabled":true}})", 4).code(), Code::kNotEnoughTargets);
  EXPECT_TRUE(change(p, R"({"ec":{"enabled":true},"force":true})", 1).ok());
  EXPECT_TRUE(change(p, R"({"ec":{"enabled":true,"objsize_limit":-1}})", 3).ok());
  EXPECT_EQ(change(p, R"({"ec":{"enabled":true,"objsize_limit":-1}})", 2).code(), Code::kNotEnoughTargets);
  BucketProperties coded = change(p, R"({"ec":{"enabled":true}})", 5).value();
  EXPECT_EQ(change(coded, R"({"ec":{"data_slices":3}})", 9).code(), Code::kInvalid);
  EXPECT_EQ(change(coded, R"({"ec":{"parity_slices":1},"force":true})", 9).code(), Code::kInvalid);
  EXPECT_EQ(change(coded, R"({"ec":{"objsize_limit":1}})", 9).code(), Code::kInvalid);
  EXPECT_TRUE(change(coded, R"({"ec":{"objsize_limit":1},"force":true})", 9).ok());
  EXPECT_TRUE(change(coded, R"({"ec":{"enabled":false,"data_slices":3}})", 1).ok());
  EXPECT_TRUE(change(coded, R"({"checksum":{"type":"md5"}})", 1).ok());
  EXPECT_EQ(change(p, R"({"ec":{"enabled":true},"mirror":{"enabled":true}})").code(), Code::kBusy);
  BucketProperties fresh = default_bucket_properties(ClusterConfig());
  EXPECT_TRUE(change(fresh, R"({"ec":{"enabled":true},"mirror":{"enabled":true}})").ok());
}

TEST(BucketPropertiesTest, BackendBuckets) {
  BucketProperties p = existing();
  auto next = change(p, R"({"backend_bck":{"name":"c","provider":"s3"}})");
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->backend_bucket.cname(), "s3://c");
  EXPECT_EQ(change(*next, R"({"backend_bck":{"name":"","provider":""}})")->backend_bucket.name, "");
  EXPECT_TRUE(change(p, R"({"backend_bck":{"name":"c","provider":"ais","namespace":{"uuid":"u1","name":""}}})").ok());
  EXPECT_FALSE(change(p, R"({"backend_bck":{"name":"c","provider":"ais"}})").ok());
  EXPECT_FALSE(change(p, R"({"backend_bck":{"name":"../c","provider":"aws"}})").ok());
  EXPECT_FALSE(change(p, R"({"backend_bck":{"name":"c","provider":"ftp"}})").ok());
  EXPECT_FALSE(change(p, R"({"backend_bck":{"name":"c","provider":"aws"}})", 5, named("x", "gcp")).ok());
}

TEST(BucketPropertiesTest, CloudVersioningIsNotOurs) {
  EXPECT_FALSE(change(existing(), R"({"versioning":{"enabled":false}})", 5, named("x", "aws")).ok());
  EXPECT_TRUE(change(existing(), R"({"versioning":{"validate_warm_get":true}})", 5, named("x", "aws")).ok());
}

}  // namespace
}  // namespace ais::meta
