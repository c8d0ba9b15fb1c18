// Reading on in a log that is written to and rotated meanwhile.
#include "app/log_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <thread>
#include <vector>

#include "app/log_file.h"
#include "base/strings.h"
#include "temporary_directory.h"

namespace ais::app {
namespace {

constexpr size_t kPiece = 4096;

class LogReaderTest : public testing::Test {
 protected:
  void open(uint64_t bytes_max, uint64_t total_max) {
    LogFileOptions options;
    options.directory = directory_.path();
    options.program = "test";
    options.bytes_max = bytes_max;
    options.total_max = total_max;
    ASSERT_TRUE(open_log_file(options).ok());
  }
  void TearDown() override { close_log_file(); }

  /// Everything there is now, and reads on from there the next time.
  std::string read(size_t limit = kPiece, bool only_warnings = false) {
    std::string out;
    bool more = true;
    while (more) {
      auto piece = read_log_after(directory_.path(), "test", position_, only_warnings, limit);
      EXPECT_TRUE(piece.ok()) << piece.status().to_string();
      if (!piece.ok()) return out;
      EXPECT_LE(piece->text.size(), limit);
      out += piece->text;
      late_ += piece->is_late ? 1 : 0;
      more = piece->more;
      position_ = LogPosition::parse(piece->next.to_string());
      EXPECT_TRUE(position_);
    }
    return out;
  }

  TemporaryDirectory directory_;
  std::optional<LogPosition> position_;
  int late_ = 0;
};

/// What AIS_INFO was given, of each line.
std::vector<std::string> texts_of(const std::string& log) {
  std::vector<std::string> out;
  for (std::string_view line : split(log, '\n'))
    if (size_t at = line.find(" test "); at != std::string_view::npos) out.emplace_back(line.substr(at + 6));
  return out;
}

TEST_F(LogReaderTest, EveryLineOnceWhileManyWriteAndTheLogIsRotatedInBothWays) {
  constexpr int kWriters = 4, kLines = 3000;
  open(64 << 10, 200 * (64 << 10));
  std::string log = read();  // from here on
  std::vector<std::thread> writers;
  std::atomic<int> at_work{kWriters};
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([writer, &at_work] {
      for (int i = 0; i < kLines; ++i) {
        AIS_INFO("test", "%d.%d %s", writer, i, std::string(static_cast<size_t>(i % 90), 'x').c_str());
        const bool rotates = writer == 0 && i % 40 == 0;
        if (rotates) {
          EXPECT_TRUE(rotate_log_file().ok());
        }
      }
      --at_work;
    });
  }
  bool over = false;
  while (!over) {
    over = at_work == 0;
    log += read();
  }
  for (std::thread& writer : writers) writer.join();
  log += read();
  EXPECT_EQ(late_, 0);
  EXPECT_GT(list_log_files(directory_.path(), "test").size(), 40u);
  std::map<int, int> next;
  const auto texts = texts_of(log);
  ASSERT_EQ(texts.size(), static_cast<size_t>(kWriters * kLines));
  for (const std::string& text : texts) {
    int writer = 0, number = 0;
    ASSERT_EQ(sscanf(text.c_str(), "%d.%d", &writer, &number), 2) << text;
    ASSERT_EQ(number, next[writer]++) << "of writer " << writer;
  }
}

TEST_F(LogReaderTest, WarningsAloneAcrossARotation) {
  open(1 << 20, 8 << 20);
  AIS_WARN("test", "one");
  AIS_INFO("test", "not wanted");
  EXPECT_EQ(texts_of(read(kPiece, true)), std::vector<std::string>{"one"});
  AIS_ERROR("test", "two");
  ASSERT_TRUE(rotate_log_file().ok());
  for (int i = 0; i < 200; ++i) AIS_INFO("test", "not wanted, and more than a piece");
  AIS_WARN("test", "three");
  EXPECT_EQ(texts_of(read(kPiece, true)), (std::vector<std::string>{"two", "three"}));
  EXPECT_EQ(late_, 0);
}

TEST_F(LogReaderTest, WhoComesTooLateGetsTheOldestThatIsLeftAndIsTold) {
  open(64 << 10, 2 * (64 << 10));  // one former file is kept
  AIS_INFO("test", "zero");
  EXPECT_EQ(texts_of(read()), std::vector<std::string>{"zero"});
  for (const char* text : {"one", "two", "three"}) {
    ASSERT_TRUE(rotate_log_file().ok());
    AIS_INFO("test", "%s", text);
  }
  EXPECT_EQ(texts_of(read()), (std::vector<std::string>{"two", "three"}));
  EXPECT_EQ(late_, 1);
}

TEST_F(LogReaderTest, AFileThatBecameShorterIsReadFromItsBeginning) {
  open(1 << 20, 8 << 20);
  AIS_INFO("test", "%s", std::string(1000, 'x').c_str());
  read();
  std::filesystem::resize_file(directory_.file("test.log"), 0);
  AIS_INFO("test", "short");
  EXPECT_EQ(texts_of(read()), std::vector<std::string>{"short"});
  EXPECT_EQ(late_, 1);
}

TEST_F(LogReaderTest, ALineThatIsBeingWrittenComesWhole) {
  const std::string path = directory_.file("test.log");
  write_whole(path, "whole\nhal");
  EXPECT_EQ(read(), "whole\n");
  std::ofstream(path, std::ios::app) << "f\n";
  EXPECT_EQ(read(), "half\n");
  EXPECT_EQ(read(), "");
  std::ofstream(path, std::ios::app) << std::string(3 * kPiece, 'x') << "\nlast of a process that died";
  EXPECT_EQ(read(), std::string(3 * kPiece, 'x') + "\n");
  std::filesystem::rename(path, directory_.file("test.1.log"));
  write_whole(path, "next\n");
  EXPECT_EQ(read(), "last of a process that diednext\n");
}

TEST_F(LogReaderTest, NoLogAndNoPosition) {
  EXPECT_EQ(read_log_after(directory_.path(), "test", std::nullopt, false, kPiece).code(), Code::kNotFound);
  for (const char* text : {"", "1", "1-2", "1-2-3-4", "a-2-3", "1-2-", "1--2-3", "1-99999999999999999999-3", " 1-2-3"})
    EXPECT_FALSE(LogPosition::parse(text)) << text;
  EXPECT_EQ(LogPosition::parse("1-2-3")->to_string(), "1-2-3");
}

}  // namespace
}  // namespace ais::app
