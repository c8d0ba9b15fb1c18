#include "api/missing.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/meta/golden.h"

namespace ais::api {
namespace {

TEST(Missing, ActionsAreMissingOrUnknown) {
  const Status missing = refuse_action(ActionOn::kBucket, net::Method::kPost, "copy-bck", "create-bck");
  EXPECT_EQ(missing.code(), Code::kNotImplemented);
  EXPECT_EQ(missing.message(), "copy-bck: copying of buckets is not there in this version");
  // The same word for another method, or for something else, is no action of AIStore's.
  for (const auto& [on, method] : {std::pair(ActionOn::kBucket, net::Method::kDelete), std::pair(ActionOn::kObject, net::Method::kPost)})
    EXPECT_EQ(refuse_action(on, method, "copy-bck", "").code(), Code::kInvalid);
  const Status unknown = refuse_action(ActionOn::kBucket, net::Method::kPost, "nonsense", "create-bck");
  EXPECT_EQ(unknown.code(), Code::kInvalid);
  EXPECT_EQ(unknown.message(), "invalid action \"nonsense\" (expected one of [create-bck])");
}

TEST(Missing, NothingIsInTheTableTwice) {
  std::set<std::string> seen;
  for (const MissingAction& row : missing_actions())
    EXPECT_TRUE(seen.insert(std::to_string(int(row.on)) + std::string(net::method_name(row.method)) + std::string(row.action)).second)
        << row.action;
  for (const MissingRoute& row : missing_routes()) EXPECT_TRUE(seen.insert(std::string(row.prefix)).second) << row.prefix;
  for (const MissingParameter& row : missing_parameters()) EXPECT_TRUE(seen.insert(std::string(row.name)).second) << row.name;
}

Status check(std::vector<std::pair<std::string_view, std::string_view>> parameters, std::vector<net::Header> headers = {}) {
  net::HttpRequest request;
  request.headers.mutable_all() = std::move(headers);
  return check_object_features(request, parameters);
}

TEST(Missing, ParametersAndHeadersOfObjects) {
  EXPECT_TRUE(check({{"provider", "ais"}, {"archpath", ""}, {"etl_name", ""}}, {{"Ais-Version", "1"}, {"A", ""}}).ok());
  EXPECT_EQ(check({{"archpath", "x"}}).message(), "archpath: archiving is not there in this version");
  EXPECT_EQ(check({{"arch%70ath", "x"}}).code(), Code::kNotImplemented);
  EXPECT_EQ(check({{"uploads", ""}}).code(), Code::kNotImplemented);
  EXPECT_EQ(check({}, {{"ais-blob-chunk", "1MiB"}}).message(), "ais-blob-chunk: downloading of blobs is not there in this version");
  EXPECT_EQ(check({}, {{"AIS-PINE", "1"}}).code(), Code::kNotImplemented);
}

TEST(Missing, BucketsOfOthers) {
  meta::Bucket bucket;
  bucket.name = "b";
  EXPECT_EQ(bucket_missing(bucket).code(), Code::kBucketNotFound);
  bucket.ns.uuid = "remais";
  EXPECT_EQ(bucket_missing(bucket).code(), Code::kRemoteBucketNotFound);
  bucket.provider = "gcp";
  EXPECT_EQ(bucket_missing(bucket).message(),
            "GCP backend is missing in the cluster configuration: backend support is not there in this version");
  bucket.name = "../b";
  EXPECT_EQ(bucket_missing(bucket).code(), Code::kBadBucketName);
}

TEST(Missing, Presence) {
  EXPECT_EQ(parse_presence(std::nullopt).value(), 0);
  EXPECT_EQ(parse_presence("").value(), 0);
  EXPECT_EQ(parse_presence("5").value(), 5);
  for (const char* bad : {"6", "-1", "x", "00", " 1"}) EXPECT_EQ(parse_presence(bad).code(), Code::kInvalid) << bad;
}

TEST(Missing, KindsOfJobs) {
  for (const char* kind : {"lru", "cleanup", "cleanup-store", "get-batch", "election"}) EXPECT_TRUE(is_job_kind(kind)) << kind;
  for (const char* kind : {"", "nonsense", "LRU"}) EXPECT_FALSE(is_job_kind(kind)) << kind;
}

TEST(MissingPage, TableIsTheCodes) {
  const std::string kPage = "docs/rest_api.md";
  const std::string kMarker = "rewrites it.\n\n";
  const std::string page = meta::read_file(kPage);
  const size_t at = page.find(kMarker);
  ASSERT_NE(at, std::string::npos);
  meta::expect_golden(kPage, page.substr(0, at + kMarker.size()) + missing_markdown());
}

}  // namespace
}  // namespace ais::api
