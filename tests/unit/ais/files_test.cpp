#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ais/download.h"
#include "ais/input_file.h"
#include "ais/output_file.h"
#include "ais/upload_source.h"

namespace ais::cli {
namespace {
namespace fs = std::filesystem;

class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    std::string path = testing::TempDir() + "/ais-files-XXXXXX";
    dir_ = mkdtemp(path.data());
  }
  ~FilesTest() override { fs::remove_all(dir_); }
  std::string path(const std::string& name) const { return dir_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name));
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  size_t entries() const { return static_cast<size_t>(std::distance(fs::directory_iterator(dir_), fs::directory_iterator())); }

  std::string dir_;
};

using OutputFileTest = FilesTest;
using InputFileTest = FilesTest;
using UploadSourceTest = FilesTest;

TEST_F(OutputFileTest, AppearsOnCommitOnly) {
  {
    Result<OutputFile> file = OutputFile::create(path("a"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write("hello ").ok());
    ASSERT_TRUE(file->write("world").ok());
    EXPECT_FALSE(fs::exists(path("a")));
    ASSERT_TRUE(file->commit().ok());
  }
  EXPECT_EQ(read("a"), "hello world");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(OutputFileTest, FailureKeepsTheOldFileAndLeavesNothing) {
  write("a", "old");
  {
    Result<OutputFile> file = OutputFile::create(path("a"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write("half of the n").ok());
  }
  EXPECT_EQ(read("a"), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(OutputFileTest, HasOrdinaryPermissions) {
  mode_t mask = umask(022);
  Result<OutputFile> file = OutputFile::create(path("a"));
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE(file->commit().ok());
  umask(mask);
  struct stat info {};
  ASSERT_EQ(stat(path("a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0644u);
}

TEST_F(OutputFileTest, DevicesAreWrittenDirectly) {
  Result<OutputFile> file = OutputFile::create("/dev/null");
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->write("x").ok());
  EXPECT_TRUE(file->commit().ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputFileTest, ReportsTrouble) {
  EXPECT_FALSE(OutputFile::create(path("no/such/dir/a")).ok());
  EXPECT_FALSE(OutputFile::create(dir_).ok());
  Result<OutputFile> full = OutputFile::create("/dev/full");
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->write("x").code(), Code::kCapacityExceeded);
}

TEST_F(InputFileTest, RegularFile) {
  write("a", "hello");
  Result<InputFile> file = InputFile::open(path("a"));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->size(), 5u);
  EXPECT_EQ(file->checksum(codec::ChecksumType::kXxhash2)->value, "26c7827d889f6da3");
}

TEST_F(InputFileTest, PipesAreSpooled) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  int fd = open(path("pipe").c_str(), O_RDWR);  // both ends, so that nobody waits
  ASSERT_EQ(::write(fd, "hello", 5), 5);
  std::string name = "/proc/self/fd/" + std::to_string(fd);
  int reader = open(path("pipe").c_str(), O_RDONLY);
  int saved = dup(STDIN_FILENO);
  dup2(reader, STDIN_FILENO);
  close(fd);
  Result<InputFile> file = InputFile::open("-");
  dup2(saved, STDIN_FILENO);
  close(saved);
  close(reader);
  ASSERT_TRUE(file.ok()) << file.status().message();
  EXPECT_EQ(file->size(), 5u);
  EXPECT_EQ(file->checksum(codec::ChecksumType::kXxhash2)->value, "26c7827d889f6da3");
}

TEST_F(InputFileTest, ReportsTrouble) {
  EXPECT_EQ(InputFile::open(path("none")).code(), Code::kNotFound);
  EXPECT_FALSE(InputFile::open(dir_).ok());
  write("a", "hello");
  Result<InputFile> file = InputFile::open(path("a"));
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(truncate(path("a").c_str(), 2), 0);
  EXPECT_EQ(file->checksum(codec::ChecksumType::kMd5).code(), Code::kInputOutput);
}

std::vector<std::string> names_of(UploadSource::Options options, size_t* errors = nullptr) {
  size_t failed = 0;
  UploadSource source(std::move(options), [&](const std::string&, const Status&) { ++failed; });
  std::vector<std::string> names;
  while (auto upload = source.next()) names.push_back(upload->object);
  if (errors) *errors = failed;
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

TEST_F(UploadSourceTest, NamesOfFiles) {
  write("f.tar", "1");
  EXPECT_EQ(names_of({{path("f.tar")}, "", false}), Names{"f.tar"});
  EXPECT_EQ(names_of({{path("f.tar")}, "dir/", false}), Names{"dir/f.tar"});
  EXPECT_EQ(names_of({{path("f.tar")}, "other", false}), Names{"other"});
  EXPECT_EQ(names_of({{"-"}, "from-stdin", false}), Names{"from-stdin"});
}

TEST_F(UploadSourceTest, NamesInDirectories) {
  write("d/a", "1");
  write("d/sub/b", "2");
  write("d/sub/deep/c", "3");
  EXPECT_EQ(names_of({{path("d")}, "", false}), Names{"a"});
  EXPECT_EQ(names_of({{path("d")}, "", true}), (Names{"a", "sub/b", "sub/deep/c"}));
  EXPECT_EQ(names_of({{path("d") + "/"}, "to", true}), (Names{"to/a", "to/sub/b", "to/sub/deep/c"}));
}

TEST_F(UploadSourceTest, TellsWhatItLeavesOut) {
  write("d/a", "1");
  ASSERT_EQ(mkfifo(path("d/pipe").c_str(), 0600), 0);
  size_t errors = 0;
  EXPECT_EQ(names_of({{path("none"), path("d")}, "", true}, &errors), Names{"a"});
  EXPECT_EQ(errors, 2u);
}

TEST(PathBelow, StaysBelow) {
  EXPECT_EQ(*path_below("dir", "a/b"), "dir/a/b");
  EXPECT_EQ(*path_below("dir/", "a"), "dir/a");
  for (const std::string& name : {std::string("../x"), std::string("a/../../x"), std::string("/etc/passwd"), std::string("a//b"),
                                  std::string("a/"), std::string("."), std::string(), std::string("a\0b", 3)})
    EXPECT_FALSE(path_below("dir", name).ok()) << name;
}

}  // namespace
}  // namespace ais::cli
