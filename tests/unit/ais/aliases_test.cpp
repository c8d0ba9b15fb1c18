#include "ais/command/aliases.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/text_file.h"

namespace ais::cli {
namespace {

using Words = std::vector<std::string>;

class AliasesTest : public testing::Test {
 protected:
  AliasesTest() {
    char name[] = "/tmp/ais-aliases-XXXXXX";
    directory_ = mkdtemp(name);
    path_ = directory_ + "/deep/er/aliases.json";
  }
  ~AliasesTest() override { std::filesystem::remove_all(directory_); }

  std::string directory_, path_;
};

TEST_F(AliasesTest, SurviveSaving) {
  Result<Aliases> aliases = Aliases::load(path_);
  ASSERT_TRUE(aliases.ok());
  ASSERT_TRUE(aliases->set("sc", "show cluster").ok());
  ASSERT_TRUE(aliases->set("latest_1", "ls ais://logs --prefix 'a b'").ok());
  ASSERT_TRUE(Aliases::lock(path_).ok());
  ASSERT_TRUE(aliases->save(path_).ok());
  Result<Aliases> again = Aliases::load(path_);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->entries(), aliases->entries());
  EXPECT_TRUE(again->remove("sc"));
  EXPECT_FALSE(again->remove("sc"));
}

TEST_F(AliasesTest, BrokenFilesAreAnErrorAndStay) {
  for (const char* text : {"{", "[]", "{\"aliases\":[]}", "{\"aliases\":{\"a\":1}}", "", "{\"other\":{}}"}) {
    ASSERT_TRUE(make_directories(directory_ + "/deep/er").ok());
    std::ofstream(path_) << text;
    Result<Aliases> aliases = Aliases::load(path_);
    ASSERT_FALSE(aliases.ok()) << text;
    EXPECT_NE(aliases.status().message().find(path_), std::string::npos);
    EXPECT_EQ(*read_text_file(path_).value(), text);
  }
}

TEST_F(AliasesTest, NothingIsLeftBesideTheFile) {
  Aliases aliases;
  ASSERT_TRUE(Aliases::lock(path_).ok());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(aliases.save(path_).ok());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_ + "/deep/er"), {}), 1);
  EXPECT_FALSE(aliases.save("/proc/no/such/aliases.json").ok());
  EXPECT_FALSE(Aliases::lock("").ok());
}

TEST(Aliases, NamesAndCommandsAreChecked) {
  Aliases aliases;
  for (const char* name : {"", "a b", "-x", "ls", "bucket", "help", "alias", "é", "a/b"})
    EXPECT_FALSE(aliases.set(name, "show cluster").ok()) << name;
  for (const char* line : {"", "shwo cluster", "show", "bucket", "'open", "sc"}) EXPECT_FALSE(aliases.set("x", line).ok()) << line;
  EXPECT_TRUE(aliases.entries().empty());
}

TEST(Aliases, Expand) {
  Aliases aliases;
  ASSERT_TRUE(aliases.set("sc", "show cluster").ok());
  ASSERT_TRUE(aliases.set("p", "ls 'ais://a b' --props name").ok());
  EXPECT_EQ(aliases.expand({"sc", "--json"}), (Words{"show", "cluster", "--json"}));
  EXPECT_EQ(aliases.expand({"--endpoint", "sc", "-y", "p", "x"}),
            (Words{"--endpoint", "sc", "-y", "ls", "ais://a b", "--props", "name", "x"}));
  EXPECT_EQ(aliases.expand({"ls", "sc"}), (Words{"ls", "sc"}));
  EXPECT_EQ(aliases.expand({"--", "sc"}), (Words{"--", "sc"}));
  EXPECT_EQ(aliases.expand({}), Words{});
}

}  // namespace
}  // namespace ais::cli
