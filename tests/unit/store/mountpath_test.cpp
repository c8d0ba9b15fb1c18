// What ObjectStore::open refuses, bucket directories, and full disks on real filesystems.
#include <sys/xattr.h>

#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

class MountpathTest : public StoreTest {
 protected:
  Status try_open() { return ObjectStore::open(options_, files_, sys::real_clock()).status(); }
};

TEST_F(MountpathTest, RefusesWhatItCannotTrust) {
  options_.allow_shared_filesystem = false;
  EXPECT_NE(try_open().message().find("same filesystem"), std::string::npos);
  options_.allow_shared_filesystem = true;
  EXPECT_TRUE(try_open().ok());
  options_.mountpaths[1] = options_.mountpaths[0];
  EXPECT_EQ(try_open().code(), Code::kMountpathFault);
  options_.mountpaths[1] = root_ + "/missing";
  EXPECT_NE(try_open().message().find(root_ + "/missing"), std::string::npos);
  options_.mountpaths[1] = "relative";
  EXPECT_EQ(try_open().code(), Code::kMountpathFault);
  options_.mountpaths[1] = "/proc/version";
  EXPECT_NE(try_open().message().find("not a directory"), std::string::npos);
  options_.mountpaths[1] = "/proc/self";
  EXPECT_EQ(try_open().code(), Code::kMountpathFault);
  options_.mountpaths.clear();
  EXPECT_EQ(try_open().code(), Code::kInvalid);
}

TEST_F(MountpathTest, BelongsToOneNodeAndOneProcess) {
  open();
  EXPECT_NE(try_open().message().find("another process"), std::string::npos);
  store_.reset();
  options_.node_id = "node2";
  EXPECT_NE(try_open().message().find("belongs to node node1"), std::string::npos);
  options_.node_id = "node1";
  EXPECT_TRUE(try_open().ok());
}

TEST_F(MountpathTest, FailingProbeNamesTheMountpath) {
  for (uint64_t n = 1;; ++n) {
    files_.fail_at(n, EIO, sys::FaultFileSystem::kSyncs);
    Status status = try_open();
    if (!files_.fired()) break;
    EXPECT_FALSE(status.ok());
    EXPECT_NE(status.message().find(root_), std::string::npos) << status.message();
  }
}

TEST_F(MountpathTest, GenerationsRiseAcrossRestartsAlsoWhenTheClockSteppedBack) {
  sys::FakeClock clock;
  meta::Generation last;
  for (int i = 0; i < 3; ++i) {
    store_.reset();
    auto store = ObjectStore::open(options_, files_, clock);
    ASSERT_TRUE(store.ok());
    store_ = std::move(store).value();
    ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
    auto result = put("o" + std::to_string(i), "x");
    ASSERT_TRUE(result.ok());
    EXPECT_GT(result->metadata.generation, last);
    last = result->metadata.generation;
    clock.set_wall(clock.wall_ns() - 3'600'000'000'000);
  }
  store_.reset();
}

TEST_F(MountpathTest, BucketsFollowTheMetadata) {
  add_bucket("other", 2);
  open();
  ASSERT_TRUE(put("o", "1").ok());
  TestName other("ais/@#/other/", "o"), nobody("ais/@#/nobody/", "o");
  ASSERT_TRUE(put(other.view, "2").ok());
  EXPECT_EQ(get(nobody.view), "<BucketNotFound>");
  EXPECT_EQ(put(nobody.view, "x").code(), Code::kBucketNotFound);
  EXPECT_EQ(put(nobody.view, pattern_bytes(400'000, 1)).code(), Code::kBucketNotFound);
  EXPECT_EQ(remove(nobody.view).code(), Code::kBucketNotFound);
  EXPECT_EQ(get(other.view), "2");
  bmd_.buckets.erase("ais/@#/other/");
  ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  EXPECT_EQ(get(other.view), "<BucketNotFound>");
  EXPECT_EQ(get("o"), "1");
  add_bucket("other", 3);
  ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  EXPECT_EQ(get(other.view), "<ObjectNotFound>");
  // Re-created while we were away: same name, another id.
  ASSERT_TRUE(put(other.view, "3").ok());
  add_bucket("other", 4);
  open();
  EXPECT_EQ(get(other.view), "<ObjectNotFound>");
  EXPECT_EQ(get("o"), "1");
}

TEST_F(MountpathTest, NamespacesAndProvidersHaveTheirOwnDirectories) {
  meta::Bucket bucket{.name = "b", .provider = "aws", .ns = {.uuid = "u1", .name = "n1"}};
  meta::BucketProperties properties;
  properties.bid = 9;
  bmd_.buckets[bucket.uname()] = {bucket, properties};
  options_.mountpaths.resize(1);
  open();
  TestName name(bucket.uname(), "o");
  ASSERT_TRUE(put(name.view, "x").ok());
  EXPECT_TRUE(std::filesystem::exists(options_.mountpaths[0] + "/@aws/@u1#n1/b/%ob/o"));
  open();
  EXPECT_EQ(get(name.view), "x");
  bmd_.buckets.erase(bucket.uname());
  ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  EXPECT_FALSE(std::filesystem::exists(options_.mountpaths[0] + "/@aws/@u1#n1/b"));
}

TEST_F(MountpathTest, DirectoriesOfOthersAreNotTouched) {
  open();
  std::filesystem::create_directories(options_.mountpaths[0] + "/@ais/mine/data");
  std::filesystem::create_directories(options_.mountpaths[0] + "/private");
  ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  EXPECT_TRUE(std::filesystem::exists(options_.mountpaths[0] + "/@ais/mine/data"));
  EXPECT_TRUE(std::filesystem::exists(options_.mountpaths[0] + "/private"));
}

TEST_F(MountpathTest, DescribesItself) {
  open();
  auto infos = store_->mountpaths();
  ASSERT_EQ(infos.size(), 2u);
  EXPECT_EQ(infos[0].path, options_.mountpaths[0]);
  EXPECT_FALSE(infos[0].filesystem_type.empty());
  EXPECT_GT(infos[0].available_bytes, 0u);
  EXPECT_LE(infos[0].used_percent, 100);
}

/// A small filesystem of a given type in an image file.
class FullDiskTest : public StoreTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "mounting needs root";
    std::string image = root_ + "/image";
    std::string size = std::string(GetParam()) == "xfs" ? "320M" : "48M";
    options_.mountpaths = {root_ + "/disk"};
    std::filesystem::create_directory(options_.mountpaths[0]);
    std::string make = "truncate -s " + size + " " + image + " && mkfs." + GetParam() + " -q " + image;
    make += " && mount -o loop " + image + " " + options_.mountpaths[0];
    ASSERT_EQ(system(make.c_str()), 0);
    mounted_ = true;
  }
  void TearDown() override {
    store_.reset();
    if (!mounted_) return;
    EXPECT_EQ(system(("umount " + options_.mountpaths[0]).c_str()), 0);
  }
  bool mounted_ = false;
};

TEST_P(FullDiskTest, FullDiskIsReportedAndHarmless) {
  open();
  for (size_t size : {1u << 20, 100'000u}) {
    int count = 0;
    Status status;
    for (; count < 5000; ++count) {
      std::string name = "full/" + std::to_string(size) + "/" + std::to_string(count);
      status = put(name, pattern_bytes(size, static_cast<uint64_t>(count))).status();
      if (!status.ok()) break;
    }
    EXPECT_EQ(status.code(), Code::kCapacityExceeded) << status.to_string();
    EXPECT_EQ(get("full/" + std::to_string(size) + "/" + std::to_string(count)), "<ObjectNotFound>");
    EXPECT_EQ(work_files(), 0u);
    if (count > 0) {
      EXPECT_EQ(get("full/" + std::to_string(size) + "/0").size(), size);
    }
  }
  std::vector<std::string> names = list();
  ASSERT_GT(names.size(), 3u);
  open();
  EXPECT_EQ(list(), names);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(remove(names[static_cast<size_t>(i)]).ok());
  EXPECT_TRUE(put("again", "x").ok());
  EXPECT_EQ(get("again"), "x");
}

INSTANTIATE_TEST_SUITE_P(Filesystems, FullDiskTest, ::testing::Values("ext4", "xfs"));

}  // namespace
}  // namespace ais::store
