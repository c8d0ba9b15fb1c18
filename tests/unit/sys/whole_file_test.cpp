#include "sys/whole_file.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/fault_file_system.h"

namespace ais::sys {
namespace {

class WholeFileTest : public ::testing::Test {
 protected:
  WholeFileTest() {
    char pattern[] = "/tmp/ais_whole_XXXXXX";
    root_ = mkdtemp(pattern);
    path_ = root_ + "/file";
  }
  ~WholeFileTest() override { std::filesystem::remove_all(root_); }

  std::string text() { return read_file(real_file_system(), path_, 1 << 20).value_or("none"); }
  size_t files_there() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(root_), std::filesystem::directory_iterator()));
  }

  FaultFileSystem files_{real_file_system()};
  std::string root_, path_;
};

TEST_F(WholeFileTest, ReplacesAndReadsWhole) {
  EXPECT_EQ(read_file(files_, path_, 10).code(), Code::kNotFound);
  ASSERT_TRUE(replace_file(files_, path_, "a longer text").ok());
  ASSERT_TRUE(replace_file(files_, path_, "two").ok());
  EXPECT_EQ(*read_file(files_, path_, 3), "two");
  EXPECT_EQ(read_file(files_, path_, 2).code(), Code::kPayloadTooLarge);
  ASSERT_TRUE(replace_file(files_, path_, "").ok());
  EXPECT_EQ(*read_file(files_, path_, 0), "");
  EXPECT_FALSE(replace_file(files_, root_ + "/no/such/file", "x").ok());
  const std::string large(1'000'000, 'x');
  ASSERT_TRUE(replace_file(files_, path_, large).ok());
  EXPECT_EQ(text(), large);
  EXPECT_EQ(files_there(), 1u);
}

TEST_F(WholeFileTest, SyncsAsFarAsItIsAsked) {
  const auto syncs = [&](Durability durability) {
    files_.fail_at(1000, EIO, FaultFileSystem::kSyncs);  // only to count
    EXPECT_TRUE(replace_file(files_, path_, "text", {.durability = durability}).ok());
    return files_.calls();
  };
  EXPECT_EQ(syncs(Durability::kNone), 0u);
  EXPECT_EQ(syncs(Durability::kContent), 1u);
  EXPECT_EQ(syncs(Durability::kName), 2u);
}

TEST_F(WholeFileTest, WhicheverCallFailsTheOldTextOrTheNewIsThere) {
  for (const int error : {EIO, ENOSPC}) {
    bool replaced_in_spite = false;
    for (uint64_t n = 1;; ++n) {
      SCOPED_TRACE(n);
      ASSERT_TRUE(replace_file(files_, path_, "old").ok());
      files_.fail_at(n, error);
      const Status status = replace_file(files_, path_, "new");
      const bool fired = files_.fired();
      files_.disarm();
      EXPECT_EQ(status.ok(), !fired);
      if (!fired) break;
      EXPECT_EQ(status.http_status(), error == ENOSPC ? 507 : 500) << status.to_string();
      // Before the rename the old text, after it the new one; the calls come in that order.
      replaced_in_spite = replaced_in_spite || text() == "new";
      EXPECT_EQ(text(), replaced_in_spite ? "new" : "old");
      EXPECT_EQ(files_there(), 1u) << "a temporary was left";
    }
    EXPECT_TRUE(replaced_in_spite) << "the sync of the directory is a call, too";
    EXPECT_EQ(text(), "new");
  }
}

TEST_F(WholeFileTest, AFullDiskKeepsTheOldText) {
  ASSERT_TRUE(replace_file(files_, path_, "old").ok());
  files_.fail_always(ENOSPC, FaultFileSystem::kWrites);
  EXPECT_EQ(replace_file(files_, path_, "new").code(), Code::kCapacityExceeded);
  EXPECT_EQ(text(), "old");
  EXPECT_EQ(files_there(), 1u);
  files_.disarm();
  EXPECT_TRUE(replace_file(files_, path_, "new").ok());
}

TEST_F(WholeFileTest, NeverWaitsForAWriter) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(*read_file(files_, path_, 10), "");
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_FALSE(read_file(files_, path_, 10).ok());
}

TEST_F(WholeFileTest, MakesDirectories) {
  const std::string deep = root_ + "/a/b/c";
  ASSERT_TRUE(make_directories(files_, deep).ok());
  EXPECT_TRUE(std::filesystem::is_directory(deep));
  ASSERT_TRUE(make_directories(files_, deep + "/").ok());
  ASSERT_TRUE(replace_file(files_, deep + "/file", "x").ok());
  EXPECT_FALSE(make_directories(files_, deep + "/file/d").ok());
}

}  // namespace
}  // namespace ais::sys
