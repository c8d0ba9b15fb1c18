// Puts, reads, removals and the rest, each on its own, in one quiet store.
#include "store/object_store.h"

#include <fcntl.h>
#include <sys/xattr.h>

#include <fstream>

#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

TEST_F(StoreTest, PutThenGetAtEverySizeAroundTheThresholds) {
  open();
  const size_t sizes[] = {0, 1, 4095, 4096, 4097, 16384, 16385, 65536, 262143, 262144, 262145, 1 << 20, (1 << 20) + 1, (3 << 20) + 777};
  for (size_t size : sizes) {
    for (bool known : {true, false}) {
      TestName name("ais/@#/bck/", "o" + std::to_string(size) + (known ? "k" : "u"));
      std::string bytes = pattern_bytes(size, size);
      auto result = put(name.view, bytes, {}, known);
      ASSERT_TRUE(result.ok()) << size << result.status().to_string();
      EXPECT_FALSE(result->replaced);
      EXPECT_EQ(result->metadata.version, "1");
      EXPECT_EQ(result->metadata.checksum, codec::checksum_of(codec::ChecksumType::kXxhash2, bytes));
      EXPECT_TRUE(get(name.view) == bytes) << size;
    }
  }
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, EveryChecksumTypeSmallAndLarge) {
  open();
  using codec::ChecksumType;
  for (ChecksumType type : {ChecksumType::kNone, ChecksumType::kXxhash, ChecksumType::kMd5, ChecksumType::kCrc32c, ChecksumType::kSha256,
                            ChecksumType::kSha512}) {
    for (size_t size : {100u, 700'000u}) {
      TestName name("ais/@#/bck/", "c" + std::to_string(static_cast<int>(type)) + "/" + std::to_string(size));
      std::string bytes = pattern_bytes(size, 3);
      for (bool known : {true, false}) {
        auto result = put(name.view, bytes, {}, known, type);
        ASSERT_TRUE(result.ok()) << result.status().to_string();
        EXPECT_EQ(result->metadata.checksum, codec::checksum_of(type, bytes));
        EXPECT_TRUE(get(name.view) == bytes);
      }
    }
  }
}

TEST_F(StoreTest, OverwriteCountsVersionsAndRaisesTheGeneration) {
  open();
  meta::Generation last;
  for (int i = 1; i <= 3; ++i) {
    auto result = put("o", "content " + std::to_string(i));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->metadata.version, std::to_string(i));
    EXPECT_EQ(result->replaced, i > 1);
    EXPECT_GT(result->metadata.generation, last);
    last = result->metadata.generation;
    EXPECT_EQ(get("o"), "content " + std::to_string(i));
  }
  CommitOptions plain;
  plain.versioned = false;
  EXPECT_EQ(put("unversioned", "x", plain)->metadata.version, "");
  CommitOptions given;
  given.version = "v-from-cloud";
  EXPECT_EQ(put("o", "x", given)->metadata.version, "v-from-cloud");
  EXPECT_EQ(put("o", "y")->metadata.version, "1");
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, EverythingIsThereAfterReopening) {
  open();
  CommitOptions options;
  options.custom = {{"key", "value"}};
  options.atime_ns = 1'600'000'000'000'000'000;
  auto stored = put("dir/o", "bytes", options);
  ASSERT_TRUE(stored.ok());
  open();
  TestName name("ais/@#/bck/", "dir/o");
  auto object = open_object(name.view);
  ASSERT_TRUE(object.ok());
  EXPECT_EQ((*object)->metadata.custom, options.custom);
  EXPECT_EQ((*object)->metadata.generation, stored->metadata.generation);
  EXPECT_EQ(get("dir/o"), "bytes");
  EXPECT_GT(put("dir/o", "2")->metadata.generation, stored->metadata.generation);
}

TEST_F(StoreTest, ReadersKeepTheirSnapshotAcrossOverwriteAndRemove) {
  open();
  ASSERT_TRUE(put("o", "old").ok());
  TestName name("ais/@#/bck/", "o");
  OpenObjectPtr object = *open_object(name.view);
  ASSERT_TRUE(put("o", "newer").ok());
  char bytes[8];
  EXPECT_EQ(pread(object->fd, bytes, 8, 0), 3);
  EXPECT_EQ(get("o"), "newer");
  ASSERT_TRUE(remove("o").ok());
  EXPECT_EQ(pread(object->fd, bytes, 8, 0), 3);
  EXPECT_EQ(get("o"), "<ObjectNotFound>");
}

TEST_F(StoreTest, ExpectedChecksumOfAnyTypeIsChecked) {
  open();
  for (size_t size : {10u, 500'000u, 2'500'000u}) {
    std::string bytes = pattern_bytes(size, 5);
    for (auto type : {codec::ChecksumType::kXxhash2, codec::ChecksumType::kMd5}) {
      CommitOptions good, bad;
      good.expected = codec::checksum_of(type, bytes);
      bad.expected = codec::checksum_of(type, bytes + "x");
      EXPECT_TRUE(put("good", bytes, good).ok());
      EXPECT_EQ(put("bad", bytes, bad).code(), Code::kBadChecksum);
      EXPECT_EQ(get("bad"), "<ObjectNotFound>");
    }
  }
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, RemoveTakesEmptyDirectoriesWithIt) {
  open();
  ASSERT_TRUE(put("a/b/c", "1").ok());
  ASSERT_TRUE(remove("a/b/c").ok());
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(path_of("a/b/c")).parent_path().parent_path()));
  EXPECT_EQ(remove("a/b/c").code(), Code::kObjectNotFound);
  EXPECT_TRUE(put("a/b/c", "2").ok());
  EXPECT_EQ(get("a/b/c"), "2");
}

TEST_F(StoreTest, NamesThatCollideOrCannotBePaths) {
  open();
  const std::vector<std::string> names = {
      "a",   "a/b",      "a/b/c", "x/y/z", "x/y", "x", "a//b", "//", "/lead", "q/" + std::string(256, 'n'), std::string(1000, 'l'),
      "%ob", "%wk/put.1"};
  for (int round = 0; round < 2; ++round) {
    for (const std::string& name : names) {
      auto result = put(name, name + std::to_string(round));
      ASSERT_TRUE(result.ok()) << name << ": " << result.status().to_string();
      EXPECT_EQ(result->metadata.version, std::to_string(round + 1)) << name;
    }
    for (const std::string& name : names) EXPECT_EQ(get(name), name + std::to_string(round));
    if (round == 0) open();
  }
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(list(), sorted);
  for (const std::string& name : names) EXPECT_TRUE(remove(name).ok()) << name;
  for (const std::string& name : names) EXPECT_EQ(get(name), "<ObjectNotFound>");
  EXPECT_TRUE(list().empty());
}

TEST_F(StoreTest, HashedNameKeepsItsPlaceWhenThePlainOneBecomesFree) {
  options_.mountpaths.resize(1);
  open();
  ASSERT_TRUE(put("a/b", "1").ok());
  ASSERT_TRUE(put("a", "hashed").ok());
  ASSERT_TRUE(remove("a/b").ok());
  EXPECT_EQ(put("a", "again")->metadata.version, "2");
  EXPECT_EQ(get("a"), "again");
  EXPECT_EQ(list(), std::vector<std::string>{"a"});
}

TEST_F(StoreTest, VeryLongAndImpossibleNames) {
  open();
  std::string deep;
  while (deep.size() < 3800) deep += std::string(99, 'd') + "/";
  deep += "end";
  ASSERT_TRUE(put(deep, "deep").ok());
  EXPECT_EQ(get(deep), "deep");
  EXPECT_EQ(list(), std::vector<std::string>{deep});
  std::string huge(5000, 'h');
  EXPECT_EQ(put(huge, "x").code(), Code::kInvalid);
  EXPECT_EQ(get(huge), "<ObjectNotFound>");
  for (const char* name : {"../../../../etc/passwd", "..", ".", "a/../../b"}) {
    ASSERT_TRUE(put(name, "inside").ok()) << name;  // never a path: stored under its digest
    EXPECT_EQ(get(name), "inside");
  }
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, SetCustomReplacesOrMerges) {
  open();
  CommitOptions options;
  options.custom = {{"a", "1"}, {"b", "2"}};
  auto before = put("o", "bytes", options);
  EXPECT_EQ(get("o"), "bytes");
  ASSERT_TRUE(set_custom("o", {{"b", "3"}, {"c", "4"}}, false).ok());
  TestName name("ais/@#/bck/", "o");
  OpenObjectPtr object = *open_object(name.view);
  EXPECT_EQ(object->metadata.custom, (meta::CustomPairs{{"a", "1"}, {"b", "3"}, {"c", "4"}}));
  EXPECT_GT(object->metadata.generation, before->metadata.generation);
  EXPECT_EQ(object->metadata.version, "1");
  ASSERT_TRUE(set_custom("o", {{"z", "9"}}, true).ok());
  open();
  EXPECT_EQ((*open_object(name.view))->metadata.custom, (meta::CustomPairs{{"z", "9"}}));
  EXPECT_EQ(get("o"), "bytes");
  EXPECT_EQ(set_custom("missing", {}, true).code(), Code::kObjectNotFound);
  EXPECT_EQ(set_custom("o", {{"k", std::string(meta::kCustomBytesMax, 'v')}}, true).code(), Code::kInvalid);
}

TEST_F(StoreTest, TheLargestCustomPropertiesComeBackFromDisk) {
  open();
  ASSERT_TRUE(put("o", "bytes").ok());
  for (size_t bytes : {size_t{300}, size_t{600}, meta::kCustomBytesMax}) {
    const meta::CustomPairs pairs = {{"k", std::string(bytes - 1, 'v')}};
    ASSERT_TRUE(set_custom("o", pairs, true).ok());
    open();
    TestName name("ais/@#/bck/", "o");
    EXPECT_EQ((*open_object(name.view))->metadata.custom, pairs);
  }
}

TEST_F(StoreTest, CopyAndRenameWithinAndAcrossMountpaths) {
  open();
  for (size_t size : {5u, 1'500'000u}) {
    std::string bytes = pattern_bytes(size, 9);
    for (int i = 0; i < 12; ++i) {  // enough names to meet both cases
      std::string number = std::to_string(i);
      ASSERT_TRUE(put("from" + number, bytes).ok());
      auto copied = copy("from" + number, "dir/copy" + number);
      ASSERT_TRUE(copied.ok()) << copied.status().to_string();
      EXPECT_TRUE(get("dir/copy" + number) == bytes);
      Status renamed = rename("from" + number, "moved/to" + number);
      ASSERT_TRUE(renamed.ok()) << renamed.to_string();
      EXPECT_TRUE(get("moved/to" + number) == bytes);
      EXPECT_EQ(get("from" + number), "<ObjectNotFound>");
    }
  }
  EXPECT_EQ(copy("missing", "x").code(), Code::kObjectNotFound);
  EXPECT_EQ(rename("missing", "x").code(), Code::kObjectNotFound);
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, RenameOntoCollidingExistingAndItself) {
  options_.mountpaths.resize(1);
  open();
  ASSERT_TRUE(put("src", "1").ok());
  ASSERT_TRUE(put("d/x", "2").ok());
  ASSERT_TRUE(rename("src", "d").ok());  // "d" is a directory: goes under its digest
  EXPECT_EQ(get("d"), "1");
  EXPECT_EQ(get("src"), "<ObjectNotFound>");
  ASSERT_TRUE(rename("d", "d/x").ok());  // over an existing one
  EXPECT_EQ(get("d/x"), "1");
  EXPECT_EQ(get("d"), "<ObjectNotFound>");
  ASSERT_TRUE(rename("d/x", "d").ok());  // "d" is still the directory of its own source
  EXPECT_EQ(get("d"), "1");
  EXPECT_EQ(get("d/x"), "<ObjectNotFound>");
  ASSERT_TRUE(rename("d", "d").ok());
  EXPECT_EQ(get("d"), "1");
  EXPECT_EQ(list(), std::vector<std::string>{"d"});
}

TEST_F(StoreTest, InstallOnlyWhatIsNewer) {
  open();
  auto stored = put("o", "mine");
  CommitOptions options;
  options.if_generation_newer = true;
  options.generation = {stored->metadata.generation.clock - 1, 1};
  EXPECT_EQ(put("o", "older", options).code(), Code::kStaleGeneration);
  options.generation = stored->metadata.generation;
  EXPECT_TRUE(put("o", "same", options).ok());
  EXPECT_EQ(get("o"), "mine");
  options.generation = {stored->metadata.generation.clock + (1ull << 40), 1};
  ASSERT_TRUE(put("o", "newer", options).ok());
  EXPECT_EQ(get("o"), "newer");
  EXPECT_GT(put("o", "next")->metadata.generation, options.generation);
}

TEST_F(StoreTest, AppendsGrowAndArePublishedOnce) {
  open();
  TestName name("ais/@#/bck/", "log/today"), other("ais/@#/bck/", "other");
  for (const char* before : {"", "[first]"}) {
    auto handle = store_->append_start(name.view);
    ASSERT_TRUE(handle.ok());
    ASSERT_TRUE(store_->append_write(name.view, *handle, "[first]").ok());
    ASSERT_TRUE(store_->append_write(name.view, *handle, "").ok());
    EXPECT_EQ(get("log/today"), *before ? before : "<ObjectNotFound>");
    EXPECT_EQ(store_->append_write(other.view, *handle, "x").code(), Code::kInvalid);
    EXPECT_EQ(store_->append_write(name.view, "append.0/../../x", "x").code(), Code::kInvalid);
    auto result = append_flush(name.view, *handle);
    ASSERT_TRUE(result.ok()) << result.status().to_string();
    EXPECT_EQ(result->metadata.size, std::string(before).size() + 7);
    EXPECT_EQ(get("log/today"), std::string(before) + "[first]");
    EXPECT_EQ(store_->append_write(name.view, *handle, "x").code(), Code::kNotFound);
  }
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, AnAppendDoesNotUndoWhatCameAfterItsBeginning) {
  open();
  TestName name("ais/@#/bck/", "o");
  auto start = [&] {
    std::string handle = *store_->append_start(name.view);
    EXPECT_TRUE(store_->append_write(name.view, handle, "+more").ok());
    return handle;
  };
  auto flush = [&](const std::string& handle) { return append_flush(name.view, handle).code(); };
  const std::string first = start(), second = start();
  EXPECT_EQ(flush(first), Code::kOk);
  EXPECT_EQ(flush(second), Code::kStaleGeneration);
  EXPECT_EQ(get("o"), "+more");
  const std::string beside_put = start();
  ASSERT_TRUE(put("o", "new").ok());
  EXPECT_EQ(flush(beside_put), Code::kStaleGeneration);
  EXPECT_EQ(get("o"), "new");
  const std::string beside_remove = start();
  ASSERT_TRUE(remove("o").ok());
  EXPECT_EQ(flush(beside_remove), Code::kStaleGeneration);
  EXPECT_EQ(get("o"), "<ObjectNotFound>");
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(StoreTest, AbandonedAppendsAreRemovedAndOthersGoOn) {
  open();
  TestName name("ais/@#/bck/", "o");
  const std::string abandoned = *store_->append_start(name.view);
  ASSERT_TRUE(store_->append_write(name.view, abandoned, "lost").ok());
  const std::string used = *store_->append_start(name.view);
  ASSERT_TRUE(store_->append_write(name.view, used, "kept").ok());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) {
    if (entry.path().filename() == abandoned) {
      std::filesystem::last_write_time(entry.path(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
    }
  }
  EXPECT_EQ(store_->remove_idle_appends(std::chrono::hours(24)), 1u);
  EXPECT_EQ(store_->remove_idle_appends(std::chrono::hours(24)), 0u);
  EXPECT_EQ(store_->append_write(name.view, abandoned, "x").code(), Code::kNotFound);
  EXPECT_TRUE(store_->append_write(name.view, used, "!").ok());
  EXPECT_EQ(work_files(), 1u);
}

TEST_F(StoreTest, UnfinishedBodiesAndAppendsLeaveNothing) {
  open();
  TestName name("ais/@#/bck/", "o");
  for (size_t size : {10u, 300'000u, 3'000'000u}) {
    auto writer = receive(*store_, name.view, pattern_bytes(size, 1), std::nullopt, codec::ChecksumType::kMd5);
    EXPECT_EQ(writer->bytes_received(), size);
  }
  ASSERT_TRUE(store_->append_start(name.view).ok());
  open();
  EXPECT_EQ(work_files(), 0u);
  EXPECT_EQ(get("o"), "<ObjectNotFound>");
}

TEST_F(StoreTest, MemoryBoundHoldsAndNobodyStarves) {
  options_.write_buffers_bytes_max = 3 * kMiB;
  open();
  TestName name("ais/@#/bck/", "o");
  std::vector<ObjectWriterPtr> writers;
  while (auto writer = store_->create_writer(name.view, 500'000, codec::ChecksumType::kXxhash2)) writers.push_back(std::move(writer));
  EXPECT_EQ(writers.size(), 6u);
  int called = 0;
  const auto expect_called = [&](int times) { loop().run([&] { EXPECT_EQ(called, times); }); };
  loop().run([&] {
    for (int i = 0; i < 3; ++i) async::start_detached(store_->buffers_available(), [&] { ++called; });
  });
  expect_called(0);
  writers.pop_back();
  expect_called(1);
  writers.clear();
  expect_called(3);
  // Bodies of unknown length that all outgrow the bound still finish, on the buffers they have.
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      TestName mine("ais/@#/bck/", "big" + std::to_string(t));
      std::string bytes = pattern_bytes(2'000'000, static_cast<uint64_t>(t));
      EXPECT_TRUE(put(mine.view, bytes, {}, false).ok());
      EXPECT_TRUE(get(mine.view) == bytes);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(StoreTest, DelayedAndNeverArePublishedToo) {
  open();
  CommitOptions options;
  for (WritePolicy policy : {WritePolicy::kDelayed, WritePolicy::kNever}) {
    options.policy = policy;
    for (size_t size : {100u, 400'000u}) {
      std::string bytes = pattern_bytes(size, 4);
      ASSERT_TRUE(put("o", bytes, options).ok());
      EXPECT_TRUE(get("o") == bytes);
    }
  }
  open();
  EXPECT_EQ(get("o").size(), 400'000u);
}

TEST_F(StoreTest, NewerMetadataFormatIsLeftAlone) {
  open();
  ASSERT_TRUE(put("o", "bytes").ok());
  std::string path = path_of("o");
  char bytes[256];
  ssize_t size = getxattr(path.c_str(), "user.ais", bytes, sizeof(bytes));
  ASSERT_GT(size, 0);
  bytes[1] = 9;
  ASSERT_EQ(setxattr(path.c_str(), "user.ais", bytes, static_cast<size_t>(size), 0), 0);
  open();
  EXPECT_EQ(get("o"), "<Unsupported>");
  EXPECT_EQ(put("o", "x").code(), Code::kUnsupported);
  EXPECT_EQ(remove("o").code(), Code::kUnsupported);
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(StoreTest, AccessTimeIsSavedWhenTheCacheLetsGo) {
  open();
  CommitOptions options;
  options.atime_ns = 1'500'000'000'000'000'000;
  ASSERT_TRUE(put("o", "bytes", options).ok());
  std::string path = path_of("o");
  timespec old_times[2] = {{1'500'000'000, 0}, {1'500'000'000, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), old_times, 0), 0);
  TestName name("ais/@#/bck/", "o");
  (*open_object(name.view))->last_access_ns = sys::real_clock().wall_ns();
  open();
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_GT(info.st_atim.tv_sec, 1'700'000'000);
  EXPECT_EQ(info.st_mtim.tv_sec, 1'500'000'000);
}

TEST_F(StoreTest, CacheIsBoundedAndHits) {
  options_.open_objects_max = 64;
  open();
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(put("o" + std::to_string(i), std::to_string(i)).ok());
  for (int i = 0; i < 500; ++i) EXPECT_EQ(get("o" + std::to_string(i)), std::to_string(i));
  size_t descriptors = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++descriptors;
  EXPECT_LT(descriptors, 64u + 60u);
  uint64_t hits = store_->counters().open_hits;
  EXPECT_EQ(get("o499"), "499");
  EXPECT_EQ(store_->counters().open_hits, hits + 1);
}

TEST_F(StoreTest, WhatAFilesystemHasNoRoomForBesideAFileIsTold) {
  open();
  const std::string name(1500, 'n'), longest(4040, 'm');
  ASSERT_TRUE(put(name, "content").ok());
  // On ext4 the second copy of the name has to make room.
  const Status patched = set_custom(name, {{"k", std::string(meta::kCustomBytesMax - 1, 'v')}}, true);
  EXPECT_TRUE(patched.ok()) << patched.to_string();
  open();
  EXPECT_EQ(get(name), "content");
  EXPECT_EQ((*open_object(TestName("ais/@#/bck/", name).view))->metadata.custom.size(), 1u);
  EXPECT_EQ(list(), std::vector<std::string>{name});
  const Status stored = put(longest, "content").status();
  EXPECT_TRUE(stored.ok() || stored.code() == Code::kInvalid) << stored.to_string();
  EXPECT_EQ(get(longest), stored.ok() ? "content" : "<ObjectNotFound>");
  const std::string large(2500, 'l');
  ASSERT_TRUE(put(large, "content").ok());
  const Status refused = set_custom(large, {{"k", std::string(meta::kCustomBytesMax - 1, 'v')}}, true);
  EXPECT_EQ(refused.code(), Code::kInvalid) << "more than the encoding holds";
  EXPECT_EQ(work_files(), 0u);
}

}  // namespace
}  // namespace ais::store
