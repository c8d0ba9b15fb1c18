// Damaged objects: an error whenever they are asked for, kept under their name until they are overwritten or removed, and then aside.
#include <sys/stat.h>
#include <sys/xattr.h>

#include <fstream>
#include <set>
#include <thread>

#include "disk/layout.h"
#include "store/damage.h"
#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

class DamageTest : public StoreTest {
 protected:
  /// Contents of what lies in %bad of all mountpaths.
  std::multiset<std::string> set_aside() const {
    std::multiset<std::string> contents;
    for (const std::string& mountpath : options_.mountpaths) {
      for (const auto& entry : std::filesystem::directory_iterator(mountpath + "/%bad")) {
        std::ifstream file(entry.path(), std::ios::binary);
        contents.insert(std::string(std::istreambuf_iterator<char>(file), {}));
      }
    }
    return contents;
  }
  void damage(const std::string& object, const std::string& how) {
    const std::string path = path_of(object);
    int done = -1;
    if (how == "short") done = truncate(path.c_str(), 5);
    if (how == "empty") done = truncate(path.c_str(), 0);
    if (how == "naked") done = removexattr(path.c_str(), disk::kMetadataXattr);
    if (how == "foreign") done = setxattr(path.c_str(), disk::kMetadataXattr, "xx", 2, 0);
    ASSERT_EQ(done, 0);
    open();  // what is in the cache is an older snapshot
  }
  uint64_t damaged_objects() const {
    uint64_t sum = 0;
    for (const MountpathInfo& info : store_->mountpaths()) sum += info.damaged_objects;
    return sum;
  }
  Status append(const std::string& object) {
    TestName name("ais/@#/bck/", object);
    return store_->append_start(name.view).status();
  }
  void note_bad_content(const std::string& object, const Status& outcome) {
    TestName name("ais/@#/bck/", object);
    store_->note_content_check(name.view, **open_object(name.view), outcome);
  }
};

TEST_F(DamageTest, IsAnErrorEveryTimeAndStays) {
  open();
  for (const std::string how : {"short", "empty", "naked", "foreign"}) {
    SCOPED_TRACE(how);
    ASSERT_TRUE(put(how, "0123456789").ok());
    damage(how, how);
    for (int restart = 0; restart < 2; ++restart) {
      for (int i = 0; i < 3; ++i) EXPECT_EQ(get(how), "<Corrupt>");
      EXPECT_EQ(copy(how, "copy").code(), Code::kCorrupt);
      EXPECT_EQ(rename(how, "renamed").code(), Code::kCorrupt);
      EXPECT_EQ(append(how).code(), Code::kCorrupt);
      EXPECT_EQ(set_custom(how, {{"k", "v"}}, false).code(), Code::kCorrupt);
      EXPECT_EQ(get("copy"), "<ObjectNotFound>");
      EXPECT_EQ(get("renamed"), "<ObjectNotFound>");
      EXPECT_EQ(damaged_objects(), 1u);
      EXPECT_TRUE(std::filesystem::exists(path_of(how)));
      open();
    }
    EXPECT_TRUE(remove(how).ok());
  }
}

TEST_F(DamageTest, AFileOfAnotherProgramIsDamage) {
  open();
  TestName name("ais/@#/bck/", "stranger");
  { std::ofstream(path_of("stranger")) << "bytes"; }
  EXPECT_EQ(get("stranger"), "<Corrupt>");
  EXPECT_EQ(get("stranger"), "<Corrupt>");
  ASSERT_TRUE(put("stranger", "ours").ok());
  EXPECT_EQ(get("stranger"), "ours");
  EXPECT_EQ(set_aside(), std::multiset<std::string>{"bytes"});
}

// Whoever moves a file to another disk and leaves a link is told so; a link is never followed.
TEST_F(DamageTest, WhatIsNoFileInAnObjectsPlace) {
  open();
  const auto put_foreign = [&](const std::string& kind, const std::string& path) {
    std::filesystem::remove(path);
    if (kind == "link") std::filesystem::create_symlink(root_ + "/elsewhere", path);
    if (kind == "dangling") std::filesystem::create_symlink("nowhere", path);
    const mode_t special = kind == "pipe" ? S_IFIFO : S_IFSOCK;
    if (kind == "pipe" || kind == "socket") {
      ASSERT_EQ(mknod(path.c_str(), special | 0600, 0), 0);
    }
  };
  ASSERT_TRUE(put("d/first", "0123456789").ok());
  std::filesystem::copy(path_of("d/first"), root_ + "/elsewhere");
  for (const std::string kind : {"link", "dangling", "pipe", "socket"}) {
    SCOPED_TRACE(kind);
    const std::string name = "d/" + kind;
    ASSERT_TRUE(put(name, "0123456789").ok());
    put_foreign(kind, path_of(name));
    open();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(get(name), "<Corrupt>");
    EXPECT_EQ(list(), name < "d/first" ? (std::vector<std::string>{name, "d/first"}) : (std::vector<std::string>{"d/first", name}));
    EXPECT_EQ(rename(name, "renamed").code(), Code::kCorrupt);
    EXPECT_EQ(append(name).code(), Code::kCorrupt);
    EXPECT_EQ(damaged_objects(), 1u) << "since the start";
    ASSERT_TRUE(put(name, "whole").ok());
    EXPECT_EQ(get(name), "whole");
    put_foreign(kind, path_of(name));
    open();
    ASSERT_TRUE(remove(name).ok());
    EXPECT_EQ(get(name), "<ObjectNotFound>");
    EXPECT_FALSE(std::filesystem::is_symlink(path_of(name)) || std::filesystem::exists(path_of(name)));
  }
  size_t kept = 0;
  for (const std::string& mountpath : options_.mountpaths) {
    for (const auto& entry : std::filesystem::directory_iterator(mountpath + "/%bad"))
      kept += entry.is_symlink() || !entry.is_regular_file();
  }
  EXPECT_EQ(kept, 8u);
}

// A directory is where other names live, and no object is missing there.
TEST_F(DamageTest, ADirectoryIsNoDamage) {
  open();
  ASSERT_TRUE(put("d/o", "x").ok());
  EXPECT_EQ(get("d"), "<ObjectNotFound>");
  const std::string directory = std::filesystem::path(path_of("d/o")).parent_path();
  std::filesystem::remove_all(directory);
  std::filesystem::create_directory_symlink(root_, directory);
  open();
  EXPECT_EQ(get("d/o"), "<Corrupt>") << "a link in the place of its directory";
}

TEST_F(DamageTest, OverwritingSetsAside) {
  open();
  ASSERT_TRUE(put("d/o", "0123456789").ok());
  ASSERT_TRUE(put("d/o", "9876543210").ok());
  damage("d/o", "short");
  Result<CommitResult> stored = put("d/o", "whole");
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->metadata.version, "3") << "what the metadata still tell is not forgotten";
  EXPECT_EQ(get("d/o"), "whole");
  EXPECT_EQ(set_aside(), std::multiset<std::string>{"98765"});
  ASSERT_TRUE(put("d/o", "again").ok());
  EXPECT_EQ(set_aside().size(), 1u) << "a sound object is not kept";
}

TEST_F(DamageTest, OverwritingAHashedOne) {
  open();
  ASSERT_TRUE(put("x//y", "0123456789").ok());
  TestName name("ais/@#/bck/", "x//y");
  const std::string path = options_.mountpaths[store_->mountpath_of(name.view.digest)] + "/@ais/bck/%hn/" + disk::hashed_path(name.uname);
  ASSERT_EQ(truncate(path.c_str(), 3), 0);
  open();
  EXPECT_EQ(get("x//y"), "<Corrupt>");
  ASSERT_TRUE(put("x//y", "new").ok());
  EXPECT_EQ(get("x//y"), "new");
  EXPECT_EQ(list(), std::vector<std::string>{"x//y"});
  EXPECT_EQ(set_aside(), std::multiset<std::string>{"012"});
}

TEST_F(DamageTest, CopyAndRenameOntoItSetAside) {
  open();
  for (const std::string target : {"a", "b"}) {
    ASSERT_TRUE(put("from", "good").ok());
    ASSERT_TRUE(put(target, "0123456789").ok());
    damage(target, "short");
    Status status = target == "a" ? copy("from", target).status() : rename("from", target);
    ASSERT_TRUE(status.ok()) << status.to_string();
    EXPECT_EQ(get(target), "good");
  }
  EXPECT_EQ(set_aside().size(), 2u);
}

TEST_F(DamageTest, RemovingSetsAside) {
  open();
  ASSERT_TRUE(put("d/o", "0123456789").ok());
  damage("d/o", "naked");
  EXPECT_EQ(get("d/o"), "<Corrupt>");
  EXPECT_TRUE(remove("d/o").ok());
  EXPECT_EQ(get("d/o"), "<ObjectNotFound>");
  EXPECT_EQ(remove("d/o").code(), Code::kObjectNotFound);
  EXPECT_EQ(set_aside(), std::multiset<std::string>{"0123456789"});
  EXPECT_TRUE(list().empty());
}

TEST_F(DamageTest, TheEndOfAMoveDoesNotJudgeIt) {
  open();
  ASSERT_TRUE(put("o", "0123456789").ok());
  Result<MoveClaim> held = claim("o");
  ASSERT_TRUE(held.ok());
  ASSERT_EQ(truncate(path_of("o").c_str(), 5), 0);  // not damage(): a claim does not outlive its store
  EXPECT_EQ(finish_move("o", std::move(held).value()).code(), Code::kCorrupt);
  EXPECT_TRUE(set_aside().empty());
}

TEST_F(DamageTest, AnOlderCopyDoesNotReplaceADamagedNewerOne) {
  open();
  Result<CommitResult> stored = put("o", "0123456789");
  damage("o", "short");
  CommitOptions options;
  options.if_generation_newer = true;
  options.generation = {stored->metadata.generation.clock - 1, 1};
  EXPECT_EQ(put("o", "older", options).code(), Code::kStaleGeneration);
  options.generation = stored->metadata.generation;
  EXPECT_TRUE(put("o", "0123456789", options).ok()) << "the same one heals it";
  EXPECT_EQ(get("o"), "0123456789");
}

TEST_F(DamageTest, BadContentIsSetAsideToo) {
  open();
  for (const std::string name : {"put", "remove", "rename"}) ASSERT_TRUE(put(name, "content of " + name).ok());
  const Status bad(Code::kBadChecksum, "BAD DATA CHECKSUM: expected a, got b");
  for (const std::string name : {"put", "remove", "rename"}) {
    note_bad_content(name, bad);
    note_bad_content(name, bad);
    EXPECT_EQ(set_custom(name, {{"k", "v"}}, false).code(), Code::kBadChecksum);
    EXPECT_EQ(copy(name, "copy").code(), Code::kBadChecksum);
    EXPECT_EQ(append(name).code(), Code::kBadChecksum);
    EXPECT_EQ(get("copy"), "<ObjectNotFound>");
  }
  EXPECT_EQ(damaged_objects(), 3u);
  Status renamed = rename("rename", "to");
  EXPECT_EQ(renamed.code(), Code::kBadChecksum);
  EXPECT_TRUE(renamed.message().starts_with("BAD DATA CHECKSUM: ")) << renamed.message();
  EXPECT_EQ(put("put", "new")->metadata.version, "2");
  EXPECT_TRUE(remove("remove").ok());
  EXPECT_EQ(set_aside(), (std::multiset<std::string>{"content of put", "content of remove"}));
  EXPECT_TRUE(set_custom("put", {{"k", "v"}}, false).ok()) << "the new content is not that which was bad";
  note_bad_content("rename", Status());
  EXPECT_TRUE(rename("rename", "to").ok()) << "a later look found it good";
}

TEST_F(DamageTest, OneLineForEachAndBounded) {
  using enum DamageRegister::Telling;
  DamageRegister damage;
  EXPECT_EQ(damage.note(1, DamageRegister::Kind::kDamaged, 0), kFirst);
  EXPECT_EQ(damage.note(1, DamageRegister::Kind::kDamaged, 1), kNothing);
  EXPECT_EQ(damage.note(1, DamageRegister::Kind::kInputOutput, 1), kFirst);
  EXPECT_EQ(damage.note(1, DamageRegister::Kind::kDamaged, DamageRegister::kRepeatNs), kAgain);
  damage.forget(1);
  EXPECT_EQ(damage.note(1, DamageRegister::Kind::kDamaged, 2), kFirst);
  EXPECT_EQ(damage.damaged_objects(), 2u);
  for (uint64_t i = 2; i < DamageRegister::kEntriesMax; ++i) ASSERT_EQ(damage.note(i, DamageRegister::Kind::kDamaged, 2), kFirst);
  EXPECT_EQ(damage.note(0, DamageRegister::Kind::kDamaged, 2), kFull);
  EXPECT_EQ(damage.note(0, DamageRegister::Kind::kDamaged, 2), kNothing);
}

TEST_F(DamageTest, WhatIsSetAsideIsCounted) {
  open();
  auto tally = [this] {
    std::pair<uint64_t, uint64_t> sum;
    for (const MountpathInfo& info : store_->mountpaths()) {
      sum.first += info.set_aside_files;
      sum.second += info.set_aside_bytes;
    }
    return sum;
  };
  auto becomes = [&](uint64_t files, uint64_t bytes) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (tally() != std::pair(files, bytes)) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  };
  EXPECT_TRUE(becomes(0, 0));
  for (const std::string name : {"a", "b"}) {
    ASSERT_TRUE(put(name, "0123456789").ok());
    damage(name, "short");
    ASSERT_TRUE(remove(name).ok());
  }
  EXPECT_TRUE(becomes(2, 10));
  open();
  EXPECT_TRUE(becomes(2, 10)) << "counted at the start";
  const std::string below = options_.mountpaths[0] + "/%bad/bucket.1";
  std::filesystem::create_directories(below + "/%ob");
  { std::ofstream(below + "/%ob/file") << "123"; }
  open();
  EXPECT_TRUE(becomes(3, 13));
  for (const std::string& mountpath : options_.mountpaths) {
    for (const auto& entry : std::filesystem::directory_iterator(mountpath + "/%bad")) std::filesystem::remove_all(entry);
  }
  EXPECT_TRUE(becomes(0, 0)) << "emptied by an administrator";
}

// --- the generation clock ----------------------------------------------------------------------------------------------------------

class GenerationFileTest : public DamageTest {
 protected:
  std::string file() const { return options_.state_dir + "/generation"; }
  size_t kept_aside() const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(options_.state_dir))
      count += entry.path().filename().string().find(".damaged.") != std::string::npos;
    return count;
  }
};

TEST_F(GenerationFileTest, NoDamageEndsTheStoreOrLetsTimeRunBackwards) {
  open();
  std::string whole;
  {
    ASSERT_TRUE(put("o", "1").ok());
    store_.reset();
    std::ifstream in(file());
    whole.assign(std::istreambuf_iterator<char>(in), {});
  }
  ASSERT_NE(whole.find(' '), std::string::npos);
  std::string flipped = whole;
  flipped[0] = flipped[0] == '9' ? '1' : '9';
  const std::vector<std::string> contents = {
      "", "rubbish", whole.substr(0, whole.size() / 2), flipped, whole + "1", "-1", "1 2 3", std::string(200, '1')};
  size_t aside = 0;
  meta::Generation last;
  for (const std::string& content : contents) {
    SCOPED_TRACE(content);
    { std::ofstream(file(), std::ios::trunc) << content; }
    open();
    EXPECT_EQ(kept_aside(), ++aside);
    Result<CommitResult> stored = put("o", "x");
    ASSERT_TRUE(stored.ok());
    EXPECT_GT(stored->metadata.generation, last);
    last = stored->metadata.generation;
    store_.reset();
  }
  std::filesystem::remove(file());
  std::filesystem::create_directory(file());
  std::filesystem::create_directory(file() + ".new");
  open();
  EXPECT_EQ(kept_aside(), aside + 2);
  EXPECT_GT(put("o", "x")->metadata.generation, last);
}

TEST_F(GenerationFileTest, WithoutItObjectsOnDiskKeepTimeFromRunningBackwards) {
  sys::FakeClock clock;
  auto open_with = [&] {
    store_.reset();
    auto store = ObjectStore::open(options_, files_, clock);
    ASSERT_TRUE(store.ok());
    store_ = std::move(store).value();
    ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  };
  clock.set_wall(2'000'000'000'000'000'000);
  open_with();
  ASSERT_TRUE(put("o", "1").ok());
  ASSERT_TRUE(put("seen", "1").ok());
  const meta::Generation before = put("seen", "2")->metadata.generation;
  store_.reset();
  std::filesystem::remove(file());
  clock.set_wall(1'000'000'000'000'000'000);
  open_with();
  EXPECT_LT(put("other", "x")->metadata.generation, before);
  EXPECT_GT(put("seen", "3")->metadata.generation, before) << "its own name";
  open_with();
  std::filesystem::remove(file());
  open_with();
  EXPECT_EQ(get("seen"), "3");
  EXPECT_GT(put("other", "x")->metadata.generation, before) << "raised by what was opened";
}

TEST_F(GenerationFileTest, AFileOfAnEarlierProgramIsRead) {
  sys::FakeClock clock;
  const uint64_t bound = 1ull << 62;
  { std::ofstream(file()) << bound << "\n"; }
  auto store = ObjectStore::open(options_, files_, clock);
  ASSERT_TRUE(store.ok());
  store_ = std::move(store).value();
  ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  EXPECT_GT(put("o", "x")->metadata.generation.clock, bound);
  EXPECT_EQ(kept_aside(), 0u);
}

// --- buckets -------------------------------------------------------------------------------------------------------------------------

TEST_F(DamageTest, ABucketThatLostItsIdIsAnErrorAndNotEmpty) {
  add_bucket("other", 2);
  open();
  ASSERT_TRUE(put("o", "x").ok());
  TestName beside("ais/@#/other/", "o");
  ASSERT_TRUE(put(beside.view, "y").ok());
  const std::string bucket = std::filesystem::path(path_of("o")).parent_path().parent_path();
  ASSERT_EQ(removexattr(bucket.c_str(), disk::kBucketIdXattr), 0);
  store_.reset();
  auto store = ObjectStore::open(options_, files_, sys::real_clock());
  store_ = std::move(store).value();
  Status status = store_->sync_buckets(bmd_, VanishedBuckets::kTrash);
  EXPECT_EQ(status.code(), Code::kMountpathFault);
  EXPECT_NE(status.message().find("setfattr -n user.ais.bid -v 1 "), std::string::npos) << status.message();
  EXPECT_EQ(get("o"), "<BucketNotFound>") << "the bucket is not open here: the target says 503";
  EXPECT_EQ(get(beside.view), "y");
  ASSERT_EQ(setxattr(bucket.c_str(), disk::kBucketIdXattr, "1", 1, 0), 0);
  ASSERT_TRUE(store_->sync_buckets(bmd_, VanishedBuckets::kTrash).ok());
  EXPECT_EQ(get("o"), "x");
}

TEST_F(DamageTest, AnOldDocumentRemovesNothing) {
  open();
  ASSERT_TRUE(put("o", "x").ok());
  const meta::BucketMetadata whole = bmd_;
  store_.reset();
  store_ = std::move(ObjectStore::open(options_, files_, sys::real_clock())).value();
  ASSERT_TRUE(store_->sync_buckets(meta::BucketMetadata(), VanishedBuckets::kKeep).ok());
  meta::BucketMetadata older = whole;
  older.buckets.begin()->second.second.bid = 77;
  EXPECT_EQ(store_->sync_buckets(older, VanishedBuckets::kKeep).code(), Code::kMountpathFault);
  EXPECT_EQ(get("o"), "<BucketNotFound>");
  ASSERT_TRUE(store_->sync_buckets(whole, VanishedBuckets::kKeep).ok());
  EXPECT_EQ(get("o"), "x");
}

}  // namespace
}  // namespace ais::store
