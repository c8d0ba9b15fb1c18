#include "aisloader/options.h"

#include <gtest/gtest.h>

#include <vector>

namespace ais::loader {
namespace {

struct Parsed {
  std::optional<Options> options;
  int exit_status = -1;
  std::string err;
  explicit Parsed(std::vector<const char*> words) {
    words.insert(words.begin(), "aisloader");
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    options = parse_options(static_cast<int>(words.size()), words.data(), &exit_status);
    testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
  }
};

TEST(LoaderOptions, Defaults) {
  Parsed parsed({"--bucket", "ais://b"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->bucket.name, "b");
  EXPECT_EQ(parsed.options->duration, std::chrono::seconds(30));
  EXPECT_EQ(parsed.options->workers, 16u);
  EXPECT_EQ(parsed.options->threads, 1u);
  EXPECT_EQ(parsed.options->size_min, 4096u);
  EXPECT_EQ(parsed.options->size_max, 4096u);
}

TEST(LoaderOptions, SizesAndTimes) {
  Parsed parsed({"--bucket",        "b",    "--minsize", "1MiB", "--maxsize", "2MiB", "--duration", "1m30s",
                 "--statsinterval", "0",    "--subdir",  "a/b",  "--pctput",  "25",   "--seed",     "0",
                 "--totalputsize",  "1GiB", "--readoff", "4K",   "--readlen", "1K"});
  ASSERT_TRUE(parsed.options) << parsed.err;
  const Options& o = *parsed.options;
  EXPECT_EQ(o.size_min, kMiB);
  EXPECT_EQ(o.size_max, 2 * kMiB);
  EXPECT_EQ(o.duration, std::chrono::seconds(90));
  EXPECT_EQ(o.statistics_interval.count(), 0);
  EXPECT_EQ(o.subdirectory, "a/b/");
  EXPECT_EQ(o.put_percent, 25u);
  EXPECT_EQ(o.seed, 0u);
  EXPECT_EQ(o.put_bytes_max, kGiB);
  EXPECT_EQ(o.read_offset, 4 * kKiB);
  EXPECT_EQ(o.read_length, kKiB);
}

TEST(LoaderOptions, MaxsizeAloneLowersMinsize) {
  Parsed parsed({"--bucket", "b", "--maxsize", "100"});
  ASSERT_TRUE(parsed.options);
  EXPECT_EQ(parsed.options->size_min, 100u);
  EXPECT_EQ(parsed.options->size_max, 100u);
}

TEST(LoaderOptions, EpochsHaveNoTimeLimit) {
  Parsed parsed({"--bucket", "b", "--numepochs", "2"});
  ASSERT_TRUE(parsed.options);
  EXPECT_FALSE(parsed.options->duration);
}

TEST(LoaderOptions, WrongUseExitsWithTwo) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{},
                                             {"--nope"},
                                             {"--bucket", "ais://b/o"},
                                             {"--bucket", "b", "--pctput", "101"},
                                             {"--bucket", "b", "--numworkers", "0"},
                                             {"--bucket", "b", "--threads", "17"},
                                             {"--bucket", "b", "--minsize", "2M", "--maxsize", "1M"},
                                             {"--bucket", "b", "--minsize", "x"},
                                             {"--bucket", "b", "--duration", "soon"},
                                             {"--bucket", "b", "--duration", "0s"},
                                             {"--bucket", "b", "--readoff", "1"},
                                             {"--bucket", "b", "--verify-hash", "--readlen", "5"},
                                             {"--bucket", "b", "--numepochs", "1", "--pctput", "100"},
                                             {"--bucket", "b", "--subdir", "../x"},
                                             {"--bucket", "b", "--numworkers", "-3"}}) {
    Parsed parsed(words);
    EXPECT_FALSE(parsed.options);
    EXPECT_EQ(parsed.exit_status, 2) << (words.empty() ? "" : words.back());
    EXPECT_FALSE(parsed.err.empty());
  }
}

TEST(LoaderOptions, HelpExitsWithZero) {
  Parsed parsed({"--help"});
  EXPECT_FALSE(parsed.options);
  EXPECT_EQ(parsed.exit_status, 0);
}

}  // namespace
}  // namespace ais::loader
