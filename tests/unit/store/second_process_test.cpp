// A second process reads the mountpaths of a store that is open, has its locks and is writing: it finds whole what was acknowledged, and
// changes nothing.
#include <sys/wait.h>

#include <atomic>
#include <fstream>
#include <map>
#include <set>
#include <thread>
#include <tuple>

#include "base/strings.h"
#include "disk/reader.h"
#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

constexpr const char* kMountpaths = "AIS_TEST_READ_MOUNTPATHS";  // of the second process: what it reads, with ':' between
constexpr const char* kMustBeThere = "AIS_TEST_MUST_BE_THERE";   // a file of names, one a line

const meta::Bucket kBucket{.name = "bck", .provider = "ais", .ns = {}};

/// Reads the content of `file` and compares it with its metadata.
bool is_whole(const disk::ObjectFile& file) {
  std::string bytes(file.metadata.size + 1, '\0');
  const ssize_t size = pread(file.fd(), bytes.data(), bytes.size(), 0);
  if (size != static_cast<ssize_t>(file.metadata.size)) return false;
  bytes.resize(static_cast<size_t>(size));
  return codec::checksum_of(file.metadata.checksum.type, bytes) == file.metadata.checksum;
}

/// What the second process does.
TEST(SecondProcess, DISABLED_ReadsWhatItIsTold) {
  const char* mountpaths = getenv(kMountpaths);
  ASSERT_NE(mountpaths, nullptr) << "the other tests of this file run it";
  sys::FaultFileSystem files(sys::real_file_system());
  files.fail_always(EROFS, sys::FaultFileSystem::kWrites);
  std::vector<std::string> paths;
  for (std::string_view path : split(mountpaths, ':')) paths.emplace_back(path);
  auto reader = disk::MountpathReader::open(paths, files);
  ASSERT_TRUE(reader.ok()) << reader.status().to_string();
  EXPECT_EQ((*reader)->node_id(), "node1");
  auto buckets = (*reader)->buckets();
  ASSERT_TRUE(buckets.ok()) << buckets.status().to_string();
  EXPECT_EQ(*buckets, std::vector<meta::Bucket>{kBucket});
  auto bucket = (*reader)->open_bucket(kBucket);
  ASSERT_TRUE(bucket.ok()) << bucket.status().to_string();
  EXPECT_EQ((*bucket)->id(), 1u);

  std::set<std::string> missing;
  std::ifstream list(getenv(kMustBeThere));
  for (std::string name; std::getline(list, name);) missing.insert(name);
  ASSERT_FALSE(missing.empty());
  const std::set<std::string> must_be_there = missing;

  disk::WalkOptions options;
  options.with_metadata = true;
  options.window_bytes_max = 4000;
  auto walker = (*bucket)->walk(options);
  std::string last;
  while (true) {
    auto entry = walker->next();
    ASSERT_TRUE(entry.ok()) << entry.status().to_string();
    if (!entry.value()) break;
    const std::string name((*entry)->name);
    EXPECT_LT(last, name);
    last = name;
    EXPECT_FALSE((*entry)->is_damaged) << name;
    missing.erase(name);
    auto object = (*bucket)->open_object(name);
    if (must_be_there.contains(name) || object.code() != Code::kObjectNotFound) {
      ASSERT_TRUE(object.ok()) << object.status().to_string();
      EXPECT_TRUE(is_whole(*object)) << name;
    }
  }
  EXPECT_TRUE(missing.empty()) << missing.size() << " names were not listed, such as " << *missing.begin();
  EXPECT_EQ((*bucket)->open_object("nobody").code(), Code::kObjectNotFound);
  EXPECT_FALSE(files.fired()) << "it wanted to change something";
}

class SecondProcessTest : public StoreTest {
 protected:
  void SetUp() override {
    open();
    // Names that collide with directories, and one that is too long, are stored under their digest.
    for (const std::string name : {"a/b", "a", "d/e/f", "d/e"}) acknowledge(name);
    acknowledge(std::string(300, 'x'));
    for (int i = 0; i < 300; ++i) acknowledge("dir" + std::to_string(i % 7) + "/object-" + std::to_string(i));
    std::ofstream list(list_path());
    for (const std::string& name : acknowledged_) list << name << "\n";
  }
  void acknowledge(const std::string& name) {
    ASSERT_TRUE(put(name, content(name, 0)).ok()) << name;
    acknowledged_.push_back(name);
  }
  static std::string content(const std::string& name, size_t round) {
    return name + pattern_bytes((name.size() * 997 + round) % 5000, round);
  }
  std::string list_path() const { return root_ + "/acknowledged"; }

  /// Runs this program once more, as a reader of the mountpaths; its exit code.
  int read_in_second_process() {
    const pid_t child = fork();
    if (child == 0) {
      setenv(kMountpaths, (options_.mountpaths[0] + ":" + options_.mountpaths[1]).c_str(), 1);
      setenv(kMustBeThere, list_path().c_str(), 1);
      execl("/proc/self/exe", "unit_store", "--gtest_filter=SecondProcess.*", "--gtest_also_run_disabled_tests", "--gtest_brief=1",
            nullptr);
      _exit(127);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  /// Everything of every file and directory under the mountpaths that a change of any kind would alter. Times of access only of files: the
  /// look at a directory is one.
  using Traces = std::map<std::string, std::tuple<ino_t, mode_t, nlink_t, off_t, int64_t, int64_t, int64_t>>;
  Traces traces() const {
    const auto ns = [](const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
    Traces result;
    const auto look = [&](const std::string& path) {
      struct stat info {};
      EXPECT_EQ(lstat(path.c_str(), &info), 0) << path;
      const int64_t accessed = S_ISDIR(info.st_mode) ? 0 : ns(info.st_atim);
      result[path] = {info.st_ino, info.st_mode, info.st_nlink, info.st_size, ns(info.st_mtim), ns(info.st_ctim), accessed};
    };
    for (const std::string& mountpath : options_.mountpaths) {
      look(mountpath);
      for (const auto& entry : std::filesystem::recursive_directory_iterator(mountpath)) look(entry.path());
    }
    return result;
  }

  std::vector<std::string> acknowledged_;
};

TEST_F(SecondProcessTest, NothingOnDiskChangesByReading) {
  const Traces before = traces();
  EXPECT_EQ(read_in_second_process(), 0);
  EXPECT_EQ(traces(), before);
}

TEST_F(SecondProcessTest, WhatWasAcknowledgedIsFoundWholeWhileTheStoreWrites) {
  std::atomic<bool> stop{false};
  std::atomic<uint64_t> writes{0};
  std::thread writer([&] {
    CommitOptions options;
    options.policy = WritePolicy::kNever;
    for (size_t round = 1; !stop; ++round) {
      const std::string& kept = acknowledged_[round * 31 % acknowledged_.size()];
      EXPECT_TRUE(put(kept, content(kept, round), options).ok()) << kept;
      const std::string fleeting = "dir" + std::to_string(round % 9) + "/fleeting-" + std::to_string(round % 50);
      EXPECT_TRUE(put(fleeting, content(fleeting, round), options).ok()) << fleeting;
      if (round % 3 == 0) {
        EXPECT_TRUE(remove(fleeting).ok()) << fleeting;
      } else if (round % 3 == 1) {
        EXPECT_TRUE(rename(fleeting, "moved/" + std::to_string(round % 50)).ok()) << fleeting;
      }
      ++writes;
    }
  });
  // A reader may be done before the writer's next change is: what counts is one beside a change.
  for (int beside_changes = 0; beside_changes < 5;) {
    const uint64_t before = writes;
    const int failed = read_in_second_process();
    EXPECT_EQ(failed, 0);
    if (failed != 0) break;
    if (writes > before) ++beside_changes;
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace ais::store
