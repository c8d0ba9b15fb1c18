#include "meta/property_words.h"

#include <gtest/gtest.h>

#include "meta/bucket_metadata.h"

namespace ais::meta {
namespace {

TEST(PropertyWords, AccessInWords) {
  EXPECT_EQ(parse_access("su").value(), kAccessAll);
  EXPECT_EQ(parse_access("full").value(), kAccessAll);
  EXPECT_EQ(parse_access("none").value(), 0u);
  EXPECT_EQ(parse_access("GET, put").value(), kAccessGet | kAccessPut);
  EXPECT_EQ(parse_access("5").value(), 5u);
  const uint64_t read_only = parse_access("ro").value(), read_write = parse_access("RW").value();
  EXPECT_EQ(read_only & (kAccessGet | kAccessPut), kAccessGet);
  EXPECT_EQ(read_write & read_only, read_only);
  EXPECT_TRUE(read_write & kAccessDeleteObject);
  EXPECT_FALSE(read_write & kAccessDestroyBucket);
  for (const char* wrong : {"", "r", "GET,", "GET PUT", "-1", "18446744073709551616"}) EXPECT_FALSE(parse_access(wrong).ok()) << wrong;
  EXPECT_NE(parse_access("GTE").status().message().find("HEAD-OBJECT"), std::string::npos);
}

TEST(PropertyWords, AccessTextIsReadBack) {
  for (const char* text : {"su", "rw", "ro", "none", "GET", "GET,PUT,ADMIN"}) EXPECT_EQ(access_text(parse_access(text).value()), text);
  for (uint64_t access : {uint64_t{1} << 40, uint64_t{7}, kAccessAll - 1}) EXPECT_EQ(parse_access(access_text(access)).value(), access);
}

TEST(PropertyWords, FeaturesInWords) {
  EXPECT_EQ(parse_features("none").value(), 0u);
  EXPECT_EQ(parse_features("").value(), 0u);
  EXPECT_EQ(parse_features("Fsync-PUT").value(), 1u << 4);
  EXPECT_EQ(parse_features("fsync-put,s3-api-via-root").value(), 1u << 4 | 1u << 3);
  EXPECT_EQ(parse_features("16").value(), 16u);
  EXPECT_FALSE(parse_features("fsync").ok());
  EXPECT_EQ(features_text(0), "none");
  EXPECT_EQ(features_text(1u << 4 | 1u << 1), "Skip-Loading-VersionChecksum-MD,Fsync-PUT");
  for (uint64_t features : {uint64_t{kBucketFeatures}, uint64_t{1} << 27, ~uint64_t{0}})
    EXPECT_EQ(parse_features(features_text(features)).value(), features);
}

}  // namespace
}  // namespace ais::meta
