#include "meta/bucket.h"

#include <gtest/gtest.h>

namespace ais::meta {
namespace {

Bucket make_bucket(const char* provider, const char* uuid, const char* ns, const char* name) {
  Bucket bucket;
  bucket.provider = provider;
  bucket.ns.uuid = uuid;
  bucket.ns.name = ns;
  bucket.name = name;
  return bucket;
}

TEST(BucketTest, UnamesAndCnames) {
  EXPECT_EQ(make_bucket("ais", "", "", "bck").uname(), "ais/@#/bck/");
  EXPECT_EQ(make_bucket("ais", "uuid", "ns", "bck").object_uname("dir/obj"), "ais/@uuid#ns/bck/dir/obj");
  EXPECT_EQ(make_bucket("ais", "", "", "bck").cname(), "ais://bck");
  EXPECT_EQ(make_bucket("aws", "", "", "bck").cname(), "s3://bck");
  EXPECT_EQ(make_bucket("gcp", "", "", "bck").cname(), "gs://bck");
  EXPECT_EQ(make_bucket("azure", "", "", "bck").cname(), "az://bck");
  EXPECT_EQ(make_bucket("oci", "", "", "bck").cname(), "oc://bck");
  EXPECT_EQ(make_bucket("ais", "u1", "ns", "b").cname(), "ais://@u1#ns/b");
  EXPECT_EQ(make_bucket("ais", "u1", "", "b").cname(), "ais://@u1/b");
  EXPECT_EQ(make_bucket("ais", "", "ns", "b").cname(), "ais://#ns/b");
}

TEST(BucketTest, RemoteIsCloudOrAnotherCluster) {
  EXPECT_FALSE(make_bucket("ais", "", "", "b").is_remote());
  EXPECT_FALSE(make_bucket("ais", "", "ns", "b").is_remote());
  EXPECT_TRUE(make_bucket("ais", "u", "", "b").is_remote());
  EXPECT_TRUE(make_bucket("aws", "", "", "b").is_remote());
}

TEST(BucketTest, ProvidersAndAliases) {
  using Row = std::pair<const char*, const char*>;
  for (auto [text, provider] :
       {Row{"", "ais"}, Row{"ais", "ais"}, Row{"s3", "aws"}, Row{"gs", "gcp"}, Row{"az", "azure"}, Row{"oc", "oci"}, Row{"aws", "aws"}})
    EXPECT_EQ(normalize_provider(text).value(), provider);
  auto bad = normalize_provider("ftp");
  EXPECT_EQ(bad.code(), Code::kInvalidProvider);
  EXPECT_EQ(bad.status().message(), "invalid backend provider \"ftp\": must be one of [ais aws azure gcp oci]");
}

TEST(BucketTest, NamespacesTolerateMissingMarks) {
  using Row = std::pair<const char*, const char*>;
  for (auto [text, uname] : {Row{"", "@#"}, Row{"@", "@#"}, Row{"#", "@#"}, Row{"@#", "@#"}, Row{"u1", "@u1#"}, Row{"@u1", "@u1#"},
                             Row{"#ns", "@#ns"}, Row{"@u1#ns", "@u1#ns"}})
    EXPECT_EQ(Namespace::parse(text).value().uname(), uname) << text;
  for (const char* text : {"@a/b", "@u#a/b", "@u#..", "@u.v", "@u#n#m", "@@u", "@abcdefghijklmnopqrstuvwxyz-0123456789"})
    EXPECT_FALSE(Namespace::parse(text).ok()) << text;
}

TEST(BucketTest, NameRules) {
  for (const char* good : {"b", "my-bucket_1.2", "0", "-", ".sys-inventory", ".sys-shardidx"})
    EXPECT_TRUE(validate_bucket_name(good).ok()) << good;
  EXPECT_TRUE(validate_bucket_name(std::string(64, 'a')).ok());
  EXPECT_EQ(validate_bucket_name(std::string(65, 'a')).message(), "bucket name is too long: 65 > 64(max length)");
  EXPECT_EQ(validate_bucket_name("a/b").message(),
            "bucket name is invalid: may only contain letters, numbers, dashes (-), underscores (_), and dots (.)");
  for (const char* bad : {"", "..", "a..b", ".", ".hidden", "a b", "a%", "\xc3\xa9", "a@b", "a#b"})
    EXPECT_EQ(validate_bucket_name(bad).code(), Code::kBadBucketName) << bad;
  EXPECT_FALSE(validate_bucket_name(std::string_view("a\0", 2)).ok());
}

TEST(BucketTest, ObjectNameRules) {
  for (const char* good : {"a", "a/b/c.tar", ".a", "..a", "a..", "a/.b", "~a", "a/~/b", "\xff\x01", "...", "%2e%2e/x"})
    EXPECT_TRUE(validate_object_name(good).ok()) << good;
  for (const char* bad : {"", "a/", "~/a", ".", "..", "../a", "a/../b", "a/..", "./a", "a/./b", "a/."})
    EXPECT_EQ(validate_object_name(bad).code(), Code::kBadObjectName) << bad;
  EXPECT_FALSE(validate_object_name(std::string_view("a\0b", 3)).ok());
  EXPECT_TRUE(validate_object_name("a/", true).ok());
  EXPECT_FALSE(validate_object_name("../", true).ok());
}

TEST(BucketTest, PrefixesLoseOneStar) {
  EXPECT_EQ(clean_prefix("").value(), "");
  EXPECT_EQ(clean_prefix("dir/*").value(), "dir/");
  EXPECT_EQ(clean_prefix("a**").value(), "a*");
  for (const char* bad : {"..", "../", "a/../b", "./a", "~/x"}) EXPECT_FALSE(clean_prefix(bad).ok()) << bad;
}

TEST(BucketTest, UrisAndUnames) {
  ObjectUri uri = parse_object_uri("s3://bck/dir/o").value();
  EXPECT_EQ(uri.bucket, make_bucket("aws", "", "", "bck"));
  EXPECT_EQ(uri.object, "dir/o");
  EXPECT_EQ(parse_object_uri("ais://@u1#ns/b/o").value().bucket, make_bucket("ais", "u1", "ns", "b"));
  EXPECT_EQ(parse_object_uri("ais://#ns/b").value().bucket, make_bucket("ais", "", "ns", "b"));
  EXPECT_EQ(parse_object_uri("b/dir/").value().object, "dir/");
  for (const char* bad : {"", "ais://", "ftp://b", "ais://b/../c", "ais://@u1", "ais://b..c"})
    EXPECT_FALSE(parse_object_uri(bad).ok()) << bad;

  ObjectUri named = parse_uname("ais/@u1#ns/b/dir/o").value();
  EXPECT_EQ(named.bucket, make_bucket("ais", "u1", "ns", "b"));
  EXPECT_EQ(named.bucket.object_uname(named.object), "ais/@u1#ns/b/dir/o");
  EXPECT_EQ(parse_uname("ais/@#/b/").value().object, "");
  for (const char* bad : {"", "ais", "ais/@#", "ais/@#/", "x/@#/b/o", "ais/@#/b/..", "ais/@#/b/o/"})
    EXPECT_FALSE(parse_uname(bad).ok()) << bad;
}

}  // namespace
}  // namespace ais::meta
