// Opening mountpaths for reading: what is taken for one, and what is not.
#include "disk/reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ais::disk {
namespace {

const meta::Bucket kBucket{.name = "bck", .provider = "ais", .ns = {}};

/// Two mountpaths as a target leaves them, made by hand.
class ReaderTest : public ::testing::Test {
 protected:
  ReaderTest() {
    char pattern[] = "/tmp/ais_disk_XXXXXX";
    root_ = mkdtemp(pattern);
    for (int i = 0; i < 2; ++i) {
      paths_.push_back(root_ + "/mp" + std::to_string(i));
      std::filesystem::create_directory(paths_.back());
      set(paths_.back(), kNodeXattr, "node1");
      make_bucket(paths_.back() + "/" + bucket_path(kBucket), "7");
    }
  }
  ~ReaderTest() override { std::filesystem::remove_all(root_); }

  static void set(const std::string& path, const char* attribute, const std::string& value) {
    ASSERT_EQ(setxattr(path.c_str(), attribute, value.data(), value.size(), 0), 0) << path;
  }
  static void make_bucket(const std::string& path, const std::string& id) {
    std::filesystem::create_directories(path + "/" + kObjectsDirectory);
    set(path, kBucketIdXattr, id);
  }
  /// A file in the object's place on its home.
  void make_object(const std::string& name, const std::string& content, uint64_t size_in_metadata) {
    meta::ObjectMetadata metadata;
    metadata.size = size_in_metadata;
    std::vector<std::unique_ptr<Mountpath>> mountpaths;
    for (const std::string& path : paths_) mountpaths.push_back(std::make_unique<Mountpath>(sys::real_file_system(), path, 0));
    const std::string home = home_of(mountpaths, meta::placement_digest(kBucket.object_uname(name)))->path;
    const std::string path = home + "/@ais/bck/%ob/" + name;
    std::ofstream(path) << content;
    set(path, kMetadataXattr, *metadata.encode());
  }
  std::unique_ptr<MountpathReader> open() {
    auto reader = MountpathReader::open(paths_, sys::real_file_system());
    EXPECT_TRUE(reader.ok()) << reader.status().to_string();
    return std::move(reader).value();
  }
  std::string failure() { return MountpathReader::open(paths_, sys::real_file_system()).status().message(); }

  std::string root_;
  std::vector<std::string> paths_;
};

TEST_F(ReaderTest, WhatIsNoMountpathIsRefused) {
  EXPECT_EQ(open()->node_id(), "node1");
  removexattr(paths_[1].c_str(), kNodeXattr);
  EXPECT_NE(failure().find("belongs to no target"), std::string::npos) << failure();
  set(paths_[1], kNodeXattr, "node2");
  EXPECT_NE(failure().find("belongs to node node2"), std::string::npos) << failure();
  paths_[1] = root_ + "/nothing";
  EXPECT_NE(failure().find("cannot open"), std::string::npos) << failure();
  paths_[1] = "relative";
  EXPECT_NE(failure().find("not an absolute path"), std::string::npos) << failure();
  EXPECT_EQ(MountpathReader::open({}, sys::real_file_system()).code(), Code::kInvalid);
}

TEST_F(ReaderTest, BucketsAreThoseWithAnId) {
  const meta::Bucket cloud{.name = "b", .provider = "aws", .ns = {.uuid = "u1", .name = "ns"}};
  make_bucket(paths_[1] + "/" + bucket_path(cloud), "9");
  std::filesystem::create_directories(paths_[0] + "/@ais/no_id/%ob");
  std::filesystem::create_directories(paths_[0] + "/lost+found/x");
  auto reader = open();
  const auto buckets = reader->buckets();
  ASSERT_TRUE(buckets.ok()) << buckets.status().to_string();
  EXPECT_EQ(std::set<std::string>({(*buckets)[0].uname(), (*buckets)[1].uname()}), std::set<std::string>({kBucket.uname(), cloud.uname()}));
  EXPECT_EQ(buckets->size(), 2u);
  EXPECT_EQ(reader->open_bucket(cloud).code(), Code::kBucketNotFound);  // on one of two mountpaths
  EXPECT_EQ((*reader->open_bucket(kBucket))->id(), 7u);
  set(paths_[1] + "/@ais/bck", kBucketIdXattr, "8");
  EXPECT_EQ(reader->open_bucket(kBucket).code(), Code::kUnavailable);
}

/// Remembers what it hears.
struct Listener : TroubleListener {
  void note_damage(const Mountpath&, uint64_t, std::string_view uname, const Status&) override { damaged.emplace_back(uname); }
  std::vector<std::string> damaged;
};

TEST_F(ReaderTest, DamageIsToldAndLeftInPlace) {
  make_object("good", "12345", 5);
  make_object("torn", "123", 5);
  Listener listener;
  auto reader = MountpathReader::open(paths_, sys::real_file_system(), &listener);
  ASSERT_TRUE(reader.ok());
  auto bucket = (*reader)->open_bucket(kBucket);
  ASSERT_TRUE(bucket.ok());
  auto good = (*bucket)->open_object("good");
  ASSERT_TRUE(good.ok()) << good.status().to_string();
  EXPECT_EQ(good->metadata.size, 5u);
  EXPECT_EQ((*bucket)->open_object("torn").code(), Code::kCorrupt);
  EXPECT_EQ((*bucket)->open_object("torn").code(), Code::kCorrupt);
  EXPECT_EQ(listener.damaged, std::vector<std::string>(2, "ais/@#/bck/torn"));
}

TEST_F(ReaderTest, ADiskThatIsAwayIsNoAbsence) {
  auto reader = open();
  auto bucket = reader->open_bucket(kBucket);
  ASSERT_TRUE(bucket.ok());
  EXPECT_EQ((*bucket)->open_object("o").code(), Code::kObjectNotFound);
  for (const std::string& path : paths_) std::filesystem::rename(path, path + ".away");
  EXPECT_EQ((*bucket)->open_object("o").code(), Code::kMountpathFault);
  EXPECT_EQ((*bucket)->walk({})->next().code(), Code::kMountpathFault);
}

TEST_F(ReaderTest, HashedNamesThatCameLaterAreFound) {
  auto reader = open();
  auto bucket = reader->open_bucket(kBucket);
  ASSERT_TRUE(bucket.ok());
  const std::string name(300, 'n'), uname = kBucket.object_uname(name);
  EXPECT_EQ((*bucket)->open_object(name).code(), Code::kObjectNotFound);
  for (const std::string& path : paths_) {
    const std::string file = path + "/@ais/bck/%hn/" + hashed_path(uname);
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file) << "";
    meta::ObjectMetadata metadata;
    metadata.true_name = name;
    set(file, kMetadataXattr, *metadata.encode());
  }
  const auto object = (*bucket)->open_object(name);
  ASSERT_TRUE(object.ok()) << object.status().to_string();
  EXPECT_TRUE(object->location.hashed);
  auto walker = (*bucket)->walk({});
  EXPECT_EQ((*walker->next())->name, name);
  EXPECT_FALSE(walker->next()->has_value());
}

TEST(LayoutTest, PathsOfBucketsLeadBack) {
  const std::vector<meta::Bucket> buckets = {{.name = "b", .provider = "ais", .ns = {}},
                                             {.name = "b", .provider = "aws", .ns = {.uuid = "", .name = "ns"}},
                                             {.name = ".sys", .provider = "ais", .ns = {.uuid = "u", .name = "ns"}}};
  for (const meta::Bucket& bucket : buckets) EXPECT_EQ(bucket_at(bucket_path(bucket)), bucket) << bucket_path(bucket);
  for (const char* path : {"", "b", "ais/b", "@/b", "@ais/", "@ais/x/b", "@ais/u#ns/b", "@ais/#ns/", "@ais/#a/b/c"}) {
    EXPECT_FALSE(bucket_at(path)) << path;
  }
}

}  // namespace
}  // namespace ais::disk
