#include "aisloader/bodies.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <set>

#include "aisloader/put_budget.h"
#include "base/units.h"

namespace ais::loader {
namespace {

Result<BodyMaker> make(ReaderType type, uint64_t size_max, uint64_t workers = 1, const std::string& directory = "/tmp") {
  BodyMaker::Options options;
  options.type = type;
  options.size_max = size_max;
  options.workers = workers;
  options.seed = 5;
  options.directory = directory;
  return BodyMaker::create(options);
}

std::string bytes_of(const Body& body) {
  if (body.fd < 0) return std::string(body.text);
  std::string out(body.size, '\0');
  EXPECT_EQ(pread(body.fd, out.data(), out.size(), static_cast<off_t>(body.offset)), static_cast<ssize_t>(out.size()));
  return out;
}

TEST(BodyMaker, EqualSaltsMakeEqualBodiesInEveryWay) {
  for (ReaderType type : {ReaderType::kMemory, ReaderType::kFile, ReaderType::kRandom, ReaderType::kTar}) {
    Result<BodyMaker> one = make(type, 100'000), two = make(type, 100'000);
    ASSERT_TRUE(one.ok() && two.ok());
    std::vector<char> mine, yours;
    for (uint64_t size : {4096u, 100'000u / 512 * 512}) {
      std::string first = bytes_of(one->make(size, 77, mine));
      EXPECT_EQ(first.size(), size);
      EXPECT_EQ(first, bytes_of(two->make(size, 77, yours)));
      EXPECT_NE(first, bytes_of(two->make(size, 78, yours)));
    }
  }
}

TEST(BodyMaker, FilesHaveTheBytesThatMemoryHas) {
  Result<BodyMaker> file = make(ReaderType::kFile, 3'000'000), memory = make(ReaderType::kMemory, 3'000'000);
  ASSERT_TRUE(file.ok() && memory.ok());
  std::vector<char> unused;
  for (uint64_t salt : {0ull, 1ull, 999'999ull, ~0ull})
    EXPECT_EQ(bytes_of(file->make(3'000'000, salt, unused)), bytes_of(memory->make(3'000'000, salt, unused)));
}

TEST(BodyMaker, RefusesWhatMemoryCannotHold) {
  EXPECT_TRUE(make(ReaderType::kRandom, 1 << 20, 4096).ok());
  EXPECT_EQ(make(ReaderType::kRandom, 1 << 20, 4097).status().code(), Code::kInvalid);
  EXPECT_EQ(make(ReaderType::kTar, 5ull << 30, 1).status().code(), Code::kInvalid);
  EXPECT_FALSE(make(ReaderType::kFile, 1000, 1, "/nowhere/at/all").ok());
}

uint64_t octal(const char* text, size_t size) { return std::strtoull(std::string(text, size).c_str(), nullptr, 8); }

/// Checks headers as tar does and returns the number of files.
size_t check_tar(const std::vector<char>& archive) {
  std::set<std::string> names;
  size_t at = 0;
  while (at + kTarBlock <= archive.size() && archive[at] != '\0') {
    const char* header = archive.data() + at;
    EXPECT_EQ(std::memcmp(header + 257,
                          "ustar\0"
                          "00",
                          8),
              0);
    unsigned sum = 0;
    for (size_t i = 0; i < kTarBlock; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
    EXPECT_EQ(octal(header + 148, 8), sum);
    names.insert(header);
    uint64_t size = octal(header + 124, 12);
    at += kTarBlock + (size + kTarBlock - 1) / kTarBlock * kTarBlock;
  }
  EXPECT_EQ(archive.size() - at, 2 * kTarBlock);  // the end, and nothing behind it
  for (; at < archive.size(); ++at) EXPECT_EQ(archive[at], '\0');
  return names.size();
}

TEST(TarBody, ArchivesOfEverySizeAreWhole) {
  std::string content(3 << 20, 'x');
  for (uint64_t size = kTarSizeMin; size < 40'000; size += kTarBlock) {
    std::vector<char> archive(size);
    write_tar(archive, content);
    size_t files = check_tar(archive);
    EXPECT_GE(files, 1u);
    EXPECT_LE(files, 10u);
  }
  std::vector<char> archive(tar_size(3'000'001));
  write_tar(archive, content);
  EXPECT_EQ(check_tar(archive), 10u);
}

TEST(PutBudget, BytesEndWithThePutThatReachesThem) {
  PutBudget budget(1000, 0);
  EXPECT_TRUE(budget.reserve(600));
  EXPECT_TRUE(budget.reserve(399));
  EXPECT_FALSE(budget.used_up());
  EXPECT_TRUE(budget.reserve(500));
  EXPECT_TRUE(budget.used_up());
  EXPECT_FALSE(budget.reserve(1));
  budget.give_back(500);
  EXPECT_TRUE(budget.reserve(1));
  EXPECT_TRUE(budget.used_up());
}

TEST(PutBudget, PutsAreCounted) {
  PutBudget budget(0, 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(budget.reserve(kGiB));
  EXPECT_FALSE(budget.reserve(0));
  budget.give_back(kGiB);
  EXPECT_FALSE(budget.used_up());
  EXPECT_TRUE(budget.reserve(0));
}

TEST(PutBudget, WhicheverComesFirst) {
  PutBudget bytes_first(100, 5), puts_first(1000, 2), none(0, 0);
  EXPECT_TRUE(bytes_first.reserve(100));
  EXPECT_FALSE(bytes_first.reserve(1));
  EXPECT_TRUE(puts_first.reserve(1));
  EXPECT_TRUE(puts_first.reserve(1));
  EXPECT_FALSE(puts_first.reserve(1));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(none.reserve(kTiB));
  EXPECT_FALSE(none.used_up());
}

}  // namespace
}  // namespace ais::loader
