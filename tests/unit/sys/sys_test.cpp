#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <set>
#include <thread>

#include "support/fake_clock.h"
#include "support/fault_file_system.h"
#include "sys/clock.h"
#include "sys/descriptor.h"
#include "sys/fault_points.h"
#include "sys/random.h"
#include "sys/thread_pool.h"

namespace ais::sys {
namespace {

class FileSystemTest : public ::testing::Test {
 protected:
  FileSystemTest() {
    char pattern[] = "/tmp/ais_sys_XXXXXX";
    root_ = mkdtemp(pattern);
    directory_ = files_.open_at(AT_FDCWD, root_.c_str(), O_RDONLY | O_DIRECTORY, 0);
  }
  ~FileSystemTest() override {
    files_.close(directory_);
    std::filesystem::remove_all(root_);
  }
  FileSystem& files_ = real_file_system();
  std::string root_;
  int directory_ = -1;
};

TEST_F(FileSystemTest, WritesReadsAndNamesFiles) {
  ASSERT_GE(directory_, 0);
  ASSERT_EQ(files_.mkdir_at(directory_, "d", 0755), 0);
  int fd = files_.open_at(directory_, ".", O_RDWR | O_TMPFILE, 0644);
  ASSERT_GE(fd, 0);
  EXPECT_EQ(files_.pwrite(fd, "hello", 5, 0), 5);
  EXPECT_EQ(files_.fset_xattr(fd, "user.x", "v", 1), 0);
  EXPECT_EQ(files_.fsync(fd), 0);
  EXPECT_EQ(files_.fdatasync(fd), 0);
  EXPECT_EQ(files_.syncfs(fd), 0);
  EXPECT_EQ(files_.link_open_file(fd, directory_, "d/file"), 0);
  EXPECT_EQ(files_.link_open_file(fd, directory_, "d/file"), -EEXIST);
  EXPECT_EQ(files_.link_open_file(fd, directory_, "missing/file"), -ENOENT);
  char bytes[8];
  EXPECT_EQ(files_.get_xattr((root_ + "/d/file").c_str(), "user.x", bytes, sizeof(bytes)), 1);
  EXPECT_EQ(files_.get_xattr((root_ + "/d/file").c_str(), "user.y", bytes, sizeof(bytes)), -ENODATA);
  EXPECT_EQ(files_.set_access_time(fd, 1'500'000'000'500'000'000), 0);
  struct stat info {};
  EXPECT_EQ(files_.fstat_at(directory_, "d/file", &info), 0);
  EXPECT_EQ(info.st_atim.tv_sec, 1'500'000'000);
  EXPECT_EQ(info.st_size, 5);
  EXPECT_EQ(files_.set_times(fd, 1'400'000'000'250'000'000), 0);
  EXPECT_EQ(files_.fstat(fd, &info), 0);
  EXPECT_EQ(info.st_mtim.tv_sec, 1'400'000'000);
  EXPECT_EQ(info.st_mtim.tv_nsec, 250'000'000);
  EXPECT_EQ(info.st_atim.tv_sec, 1'400'000'000);
  files_.close(fd);
}

TEST_F(FileSystemTest, OpenBeneathStaysBeneath) {
  ASSERT_EQ(files_.mkdir_at(directory_, "d", 0755), 0);
  std::filesystem::create_symlink("/etc/passwd", root_ + "/d/link");
  std::filesystem::create_directory_symlink("/etc", root_ + "/etc");
  using Lookup = FileSystem::Lookup;
  EXPECT_EQ(files_.open_beneath(directory_, "../x", O_RDONLY, Lookup::kBlocking), -EXDEV);
  EXPECT_EQ(files_.open_beneath(directory_, "/etc/passwd", O_RDONLY, Lookup::kBlocking), -EXDEV);
  EXPECT_EQ(files_.open_beneath(directory_, "d/link", O_RDONLY, Lookup::kBlocking), -ELOOP);
  EXPECT_EQ(files_.open_beneath(directory_, "etc/passwd", O_RDONLY, Lookup::kBlocking), -ELOOP);
  EXPECT_EQ(files_.open_beneath(directory_, "none", O_RDONLY, Lookup::kBlocking), -ENOENT);
  int fd = files_.open_beneath(directory_, "d", O_RDONLY | O_DIRECTORY, Lookup::kBlocking);
  EXPECT_GE(fd, 0);
  files_.close(fd);
  fd = files_.open_beneath(directory_, "d", O_RDONLY | O_DIRECTORY, Lookup::kCachedOnly);
  EXPECT_TRUE(fd >= 0 || fd == -EAGAIN) << fd;
  if (fd >= 0) files_.close(fd);
}

// As a file server has it on a file that it lends out: the lookup is repeated for races, and not for ever.
TEST_F(FileSystemTest, ALeaseOfSomebodyElseIsAnError) {
  const int holder = files_.open_at(directory_, "lent", O_RDWR | O_CREAT, 0600);
  const auto before = signal(SIGIO, SIG_IGN);  // sent to the holder
  ASSERT_EQ(fcntl(holder, F_SETLEASE, F_WRLCK), 0);
  EXPECT_EQ(files_.open_beneath(directory_, "lent", O_RDONLY | O_NONBLOCK, FileSystem::Lookup::kBlocking), -EBUSY);
  ASSERT_EQ(fcntl(holder, F_SETLEASE, F_UNLCK), 0);
  const int fd = files_.open_beneath(directory_, "lent", O_RDONLY | O_NONBLOCK, FileSystem::Lookup::kBlocking);
  EXPECT_GE(fd, 0);
  files_.close(fd);
  files_.close(holder);
  signal(SIGIO, before);
}

TEST_F(FileSystemTest, LocksExcludeEachOther) {
  int a = files_.open_at(directory_, "lock", O_RDWR | O_CREAT, 0600), b = files_.open_at(directory_, "lock", O_RDWR, 0);
  EXPECT_EQ(files_.try_lock(a), 0);
  EXPECT_EQ(files_.try_lock(b), -EWOULDBLOCK);
  files_.close(a);
  EXPECT_EQ(files_.try_lock(b), 0);
  files_.close(b);
}

TEST_F(FileSystemTest, FaultsStrikeTheChosenCallOnce) {
  FaultFileSystem faulty(files_);
  int fd = faulty.open_at(directory_, "f", O_RDWR | O_CREAT, 0600);
  ASSERT_GE(fd, 0);
  EXPECT_EQ(faulty.calls(), 1u);
  faulty.fail_at(2, EIO);
  EXPECT_EQ(faulty.pwrite(fd, "x", 1, 0), 1);
  EXPECT_FALSE(faulty.fired());
  EXPECT_EQ(faulty.fsync(fd), -EIO);
  EXPECT_TRUE(faulty.fired());
  EXPECT_EQ(faulty.fsync(fd), 0);
  faulty.fail_always(ENOSPC, FaultFileSystem::kWrites);
  EXPECT_EQ(faulty.pwrite(fd, "x", 1, 0), -ENOSPC);
  EXPECT_EQ(faulty.pwrite(fd, "x", 1, 0), -ENOSPC);
  EXPECT_EQ(faulty.fsync(fd), 0);
  faulty.disarm();
  EXPECT_EQ(faulty.pwrite(fd, "x", 1, 0), 1);
  faulty.close(fd);
}

TEST(ClockTest, RealOnesMoveAndFakeOnesStand) {
  int64_t before = real_clock().monotonic_ns();
  EXPECT_GE(real_clock().monotonic_ns(), before);
  EXPECT_GT(real_clock().wall_ns(), 1'600'000'000'000'000'000);
  FakeClock clock(5);
  EXPECT_EQ(clock.wall_ns(), 5);
  clock.advance(7);
  EXPECT_EQ(clock.wall_ns(), 12);
  EXPECT_EQ(clock.monotonic_ns(), 7);
  clock.set_wall(1);
  EXPECT_EQ(clock.wall_ns(), 1);
  EXPECT_EQ(clock.monotonic_ns(), 7);
}

TEST(RandomTest, SeedsRepeatAndIdentifiersAreWellFormed) {
  Random a(1), b(1);
  EXPECT_EQ(a.next(), b.next());
  for (int i = 0; i < 1000; ++i) EXPECT_LT(a.below(7), 7u);
  Random fresh;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    std::string id = fresh.identifier(9);
    EXPECT_EQ(id.size(), 9u);
    EXPECT_TRUE(isalpha(id[0]));
    for (char c : id) EXPECT_TRUE(isalnum(c));
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 200u);
}

struct CountingJob : PoolJob {
  std::atomic<int>* count = nullptr;
};

TEST(ThreadPoolTest, RunsEverythingBeforeItIsGone) {
  std::atomic<int> count{0};
  std::vector<CountingJob> jobs(1000);
  {
    ThreadPool pool("test", 4);
    for (CountingJob& job : jobs) {
      job.count = &count;
      job.run_job = [](PoolJob* base) { ++*static_cast<CountingJob*>(base)->count; };
      pool.submit(&job);
    }
  }
  EXPECT_EQ(count, 1000);
}

TEST(FaultPointTest, KillsAtTheNamedPassage) {
  for (const char* spec : {"here", "here:3"}) {
    pid_t child = fork();
    if (child == 0) {
      setenv("AIS_KILL_AT", spec, 1);
      arm_fault_points_from_environment();
      AIS_FAULT_POINT("elsewhere");
      for (int i = 1; i <= (strchr(spec, ':') ? 2 : 0); ++i) AIS_FAULT_POINT("here");
      AIS_FAULT_POINT("here");
      _exit(1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << spec;
  }
}

TEST(UtcText, IsInUtcWhateverTheTimeZone) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(1'772'323'199'999'999'999), "2026-02-28T23:59:59Z");
}

TEST(Descriptor, HasOneOwnerAndIsClosedAtItsEnd) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const Descriptor reader(pipe_ends[0]);
  Descriptor first(pipe_ends[1]);
  Descriptor second = std::move(first);
  EXPECT_FALSE(first.is_open());
  ASSERT_EQ(write_all(second.get(), "text", "pipe").to_string(), Status().to_string());
  second = Descriptor();
  EXPECT_EQ(*read_all(reader.get(), 4, "pipe"), "text");  // the end is seen: the writing side is closed
}

TEST(Descriptor, TextsOfManyPiecesAndTooLongOnes) {
  const std::string text(300'000, 'x');  // more than a pipe holds
  for (size_t limit : {text.size(), text.size() - 1}) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const Descriptor reader(pipe_ends[0]);
    std::thread writer([&text, end = pipe_ends[1]] {
      const Descriptor owner(end);
      EXPECT_TRUE(write_all(end, text, "pipe").ok());
    });
    auto got = read_all(reader.get(), limit, "pipe");
    EXPECT_EQ(got.code(), limit == text.size() ? Code::kOk : Code::kPayloadTooLarge);
    if (got.ok()) {
      EXPECT_EQ(*got, text);
    }
    writer.join();
  }
  EXPECT_EQ(write_all(-1, "x", "nowhere").message().find("nowhere"), 0u);
}

}  // namespace
}  // namespace ais::sys
