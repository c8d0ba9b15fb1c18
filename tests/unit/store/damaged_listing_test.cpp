// A listing tells of every object, or it is an error: whatever happens to files, directories and mountpaths.
#include <sys/xattr.h>

#include <set>

#include "disk/layout.h"
#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

class DamagedListingTest : public StoreTest {
 protected:
  static constexpr size_t kObjects = 40;

  void fill() {
    open();
    CommitOptions options;
    options.policy = WritePolicy::kNever;
    for (size_t i = 0; i < kObjects; ++i) ASSERT_TRUE(put(name_of(i), "bytes", options).ok());
  }
  static std::string name_of(size_t i) { return "d-" + std::to_string(i % 4) + "/o" + std::to_string(i); }
  std::string directory_of(const std::string& object) const {
    TestName name("ais/@#/bck/", object);
    return options_.mountpaths[store_->mountpath_of(name.view.digest)] + "/@ais/bck";
  }

  /// How a whole walk ends, and the names it gave on the way; "!" behind a damaged one.
  Status walk(std::multiset<std::string>& names, bool with_metadata = true) {
    disk::WalkOptions options;
    options.with_metadata = with_metadata;
    auto walker = store_->walk({.name = "bck", .provider = "ais", .ns = {}}, options);
    while (true) {
      auto entry = walker->next();
      if (!entry.ok()) return entry.status();
      if (!entry.value()) return {};
      names.insert(std::string(entry.value()->name) + (entry.value()->is_damaged ? "!" : ""));
    }
  }
  Status walk_status(bool with_metadata = true) {
    std::multiset<std::string> names;
    return walk(names, with_metadata);
  }
  /// That a walk fails with 500 for the reason `part`, with and without metadata.
  void expect_failure(const std::string& part) {
    for (bool with_metadata : {true, false}) {
      Status status = walk_status(with_metadata);
      EXPECT_EQ(status.http_status(), 500) << status.to_string();
      EXPECT_NE(status.message().find(part), std::string::npos) << status.message();
    }
  }
};

TEST_F(DamagedListingTest, DamagedMetadataIsAMarkedEntry) {
  fill();
  ASSERT_EQ(setxattr(path_of(name_of(1)).c_str(), disk::kMetadataXattr, "rubbish", 7, 0), 0);
  ASSERT_EQ(removexattr(path_of(name_of(2)).c_str(), disk::kMetadataXattr), 0);
  const std::string large(8192, 'x');
  (void)setxattr(path_of(name_of(3)).c_str(), disk::kMetadataXattr, large.data(), 4200, 0);  // refused by ext4, which is fine as well
  std::multiset<std::string> names;
  ASSERT_TRUE(walk(names).ok());
  EXPECT_EQ(names.size(), kObjects);
  EXPECT_EQ(names.count(name_of(1) + "!"), 1u);
  EXPECT_EQ(names.count(name_of(2) + "!"), 1u);
  EXPECT_EQ(names.count(name_of(4)), 1u);
  names.clear();
  ASSERT_TRUE(walk(names, false).ok());
  EXPECT_EQ(names.size(), kObjects);
}

TEST_F(DamagedListingTest, UnreadableMetadataIsAMarkedEntry) {
  fill();
  files_.fail_paths("/%ob/" + name_of(5), EIO);
  std::multiset<std::string> names;
  Status status = walk(names);
  ASSERT_TRUE(status.ok()) << status.to_string();
  EXPECT_EQ(names.size(), kObjects);
  EXPECT_EQ(names.count(name_of(5) + "!"), 1u);
  uint64_t errors = 0;
  for (const MountpathInfo& info : store_->mountpaths()) errors += info.io_errors;
  EXPECT_EQ(errors, 1u);
  files_.disarm();
  open();
  files_.fail_paths(name_of(5), EIO);
  EXPECT_EQ(get(name_of(5)), "<InputOutput>");
}

TEST_F(DamagedListingTest, AShortageOfTheProcessIsNoDamage) {
  fill();
  files_.fail_paths("/%ob/" + name_of(5), EMFILE);
  EXPECT_EQ(walk_status().code(), Code::kUnavailable);
}

TEST_F(DamagedListingTest, AnUnreadableDirectoryIsAnError) {
  fill();
  for (int error : {EIO, EACCES, ESTALE}) {
    files_.fail_paths("d-2", error);
    expect_failure("d-2: ");
    expect_failure(root_ + "/mp");
    files_.disarm();
  }
  EXPECT_TRUE(walk_status().ok());
}

// Every call of a walk fails in turn: the walk is an error, or it has all the names, and marks those that it could not look into.
TEST_F(DamagedListingTest, NoFailingCallLosesAName) {
  fill();
  ASSERT_TRUE(put("x//y", "hashed").ok());
  for (int error : {EIO, EACCES}) {
    for (uint64_t n = 1;; ++n) {
      SCOPED_TRACE("call " + std::to_string(n) + " errno " + std::to_string(error));
      std::multiset<std::string> names;
      files_.fail_at(n, error, sys::FaultFileSystem::kThisThread);
      Status status = walk(names);
      const bool fired = files_.fired();
      files_.disarm();
      if (status.ok()) {
        ASSERT_EQ(names.size(), kObjects + 1);
      } else {
        ASSERT_EQ(status.http_status(), 500) << status.to_string();
      }
      if (!fired) break;
    }
  }
}

TEST_F(DamagedListingTest, AMountpathThatIsAwayIsAnError) {
  fill();
  const std::string mountpath = options_.mountpaths[1];
  std::filesystem::rename(mountpath, mountpath + ".away");
  expect_failure(mountpath + " is gone");
  std::filesystem::create_directory(mountpath);
  expect_failure(mountpath + " is another directory now");
  std::filesystem::remove(mountpath);
  std::filesystem::rename(mountpath + ".away", mountpath);
  EXPECT_TRUE(walk_status().ok());
}

TEST_F(DamagedListingTest, ABucketThatIsAwayIsAnError) {
  fill();
  const std::string bucket = options_.mountpaths[0] + "/@ais/bck";
  std::filesystem::rename(bucket, bucket + ".away");
  expect_failure(bucket + "/%ob is gone");
  std::filesystem::rename(bucket + ".away", bucket);
  EXPECT_TRUE(walk_status().ok());
  std::filesystem::remove_all(bucket);
  expect_failure(bucket + "/%ob is gone");
}

TEST_F(DamagedListingTest, AMountpathThatGoesAwayInTheMiddleIsNoEnd) {
  fill();
  disk::WalkOptions options;
  options.with_metadata = true;
  options.window_bytes_max = 64;  // directories are read again and again
  auto walker = store_->walk({.name = "bck", .provider = "ais", .ns = {}}, options);
  ASSERT_TRUE(walker->next().ok());
  std::filesystem::rename(options_.mountpaths[0], options_.mountpaths[0] + ".away");
  Status status;
  for (size_t i = 0; status.ok() && i <= kObjects; ++i) {
    auto entry = walker->next();
    status = entry.status();
    ASSERT_FALSE(entry.ok() && !entry.value()) << "an end, though names are missing";
  }
  EXPECT_EQ(status.http_status(), 500);
  EXPECT_EQ(walker->next().status().http_status(), 500) << "and it stays one";
  std::filesystem::rename(options_.mountpaths[0] + ".away", options_.mountpaths[0]);
}

TEST_F(DamagedListingTest, AnObjectRemovedMeanwhileIsJustGone) {
  fill();
  disk::WalkOptions options;
  options.with_metadata = true;
  auto walker = store_->walk({.name = "bck", .provider = "ais", .ns = {}}, options);
  ASSERT_TRUE(walker->next().ok());
  for (size_t i = 0; i < kObjects; ++i) {
    ASSERT_TRUE(remove(name_of(i)).ok());
  }
  while (true) {
    auto entry = walker->next();
    ASSERT_TRUE(entry.ok()) << entry.status().to_string();
    if (!entry.value()) break;
    EXPECT_FALSE(entry.value()->is_damaged);
  }
}

TEST_F(DamagedListingTest, AHashedObjectKeepsItsNameWhenItsMetadataIsDamaged) {
  fill();
  const std::string names[] = {"x//y", "d-1", std::string(300, 'n')};
  for (const std::string& name : names) ASSERT_TRUE(put(name, "hashed").ok());
  auto hashed = [&](const std::string& name) { return directory_of(name) + "/%hn/" + disk::hashed_path("ais/@#/bck/" + name); };
  for (const std::string& name : names) ASSERT_EQ(setxattr(hashed(name).c_str(), disk::kMetadataXattr, "rubbish", 7, XATTR_REPLACE), 0);
  std::multiset<std::string> found;
  Status status = walk(found);
  ASSERT_TRUE(status.ok()) << status.to_string();
  EXPECT_EQ(found.size(), kObjects + 3);
  for (const std::string& name : names) {
    EXPECT_EQ(found.count(name + "!"), 1u) << name;
    EXPECT_EQ(get(name), "<Corrupt>");
  }
  // Without either copy nobody can tell what is missing.
  ASSERT_EQ(removexattr(hashed("x//y").c_str(), disk::kNameXattr), 0);
  expect_failure(disk::hashed_path("ais/@#/bck/x//y"));
  ASSERT_EQ(setxattr(hashed("x//y").c_str(), disk::kNameXattr, "x//z", 4, 0), 0);
  expect_failure(disk::hashed_path("ais/@#/bck/x//y"));
  // What an administrator does: the name is known, or the file goes.
  ASSERT_EQ(setxattr(hashed("x//y").c_str(), disk::kNameXattr, "x//y", 4, 0), 0);
  EXPECT_TRUE(walk_status().ok());
  ASSERT_TRUE(put("x//y", "new").ok());
  EXPECT_EQ(get("x//y"), "new");
}

TEST_F(DamagedListingTest, AHashedObjectOfBeforeHasNoSecondName) {
  fill();
  ASSERT_TRUE(put("x//y", "hashed").ok());
  ASSERT_EQ(removexattr((directory_of("x//y") + "/%hn/" + disk::hashed_path("ais/@#/bck/x//y")).c_str(), disk::kNameXattr), 0);
  std::multiset<std::string> found;
  ASSERT_TRUE(walk(found).ok());
  EXPECT_EQ(found.count("x//y"), 1u);
}

TEST_F(DamagedListingTest, TheLongestHashedNameIsStoredWithOneCopyIfNeedBe) {
  open();
  const std::string name(3900, 'n');
  ASSERT_TRUE(put(name, "x").ok());
  EXPECT_EQ(get(name), "x");
  EXPECT_EQ(list().size(), 1u);
}

}  // namespace
}  // namespace ais::store
