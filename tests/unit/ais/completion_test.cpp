#include "cli/completion.h"

#include <gtest/gtest.h>

#include "ais/command/aliases.h"
#include "ais/command/program.h"
#include "cli/bash_line.h"

namespace ais::cli {
namespace {

using Words = std::vector<std::string>;

class FakeNames : public LiveNames {
 public:
  void set_endpoint(std::string endpoint) override { endpoint_ = std::move(endpoint); }
  std::vector<std::string> buckets() override { return {"ais://one", "ais://two"}; }
  std::vector<std::string> objects(const std::string& bucket_uri, const std::string& prefix) override {
    asked_ = bucket_uri + " " + prefix;
    return {"dir/", "file", "bad\nname", "\xff", "find\033me"};
  }
  std::vector<Candidate> nodes(bool targets_only) override {
    std::vector<Candidate> found;
    found.push_back({"t1", "target"});
    if (!targets_only) found.push_back({"p1", "gateway"});
    return found;
  }
  const NamedLines& aliases() const override { return aliases_.entries(); }
  Words expand(Words words) const override { return aliases_.expand(words); }
  std::string endpoint_, asked_;
  Aliases aliases_;
};

Words texts(const Words& words, FakeNames& names) {
  Words out;
  for (const Candidate& candidate : complete_line(program(), words, names).items) out.push_back(candidate.text);
  return out;
}

Words texts(const Words& words) {
  FakeNames names;
  return texts(words, names);
}

TEST(Completion, CommandWords) {
  EXPECT_EQ(texts({"bucket", "props", ""}), (Words{"ais://one", "ais://two", "reset", "set", "show"}));
  EXPECT_EQ(texts({"--json", "buck"}), Words{"bucket"});
  EXPECT_EQ(texts({"nonsense", ""}), texts({""}));  // a word that is none is passed over
  EXPECT_EQ(texts({"help", "bucket", "pro"}), Words{"props"});
  EXPECT_EQ(texts({"status", ""}), Words{});
}

TEST(Completion, Flags) {
  EXPECT_EQ(texts({"put", "--rec"}), Words{"--recursive"});
  EXPECT_EQ(texts({"put", "-r", "--rec"}), Words{});  // given already
  EXPECT_EQ(texts({"create", "--set", "a=1", "--se"}), Words{"--set"});
  EXPECT_EQ(texts({"show", "log", "t1", "--severity", "e"}), Words{"error"});
  EXPECT_EQ(texts({"show", "log", "t1", "--severity=e"}), Words{"--severity=error"});
  EXPECT_EQ(texts({"ls", "--props", "name,si"}), Words{"name,size"});
  EXPECT_EQ(texts({"put", "-rj", "--rec"}), Words{});  // the value of -j
  EXPECT_EQ(texts({"rmb", "--", "--y"}), Words{});
}

TEST(Completion, SynonymsForThoseWhoTypeThem) {
  EXPECT_EQ(texts({"ls", "--no-r"}), Words{"--no-recursion"});
  EXPECT_EQ(texts({"ls", "--non-r"}), Words{"--non-recursive"});
  EXPECT_EQ(texts({"ls", "--non-recursive", "--no-r"}), Words{});  // given already
}

TEST(Completion, LiveNames) {
  FakeNames names;
  EXPECT_EQ(texts({"rmb", ""}, names), (Words{"ais://one", "ais://two"}));
  EXPECT_EQ(texts({"rmb", "ais://one", "ais://t"}, names), Words{"ais://two"});
  EXPECT_EQ(texts({"ls", "ais://o"}, names), Words{"ais://one/"});
  EXPECT_EQ(texts({"--endpoint", "http://h:1", "cat", "ais://one/fi"}, names), Words{"ais://one/file"});
  EXPECT_EQ(names.asked_, "ais://one fi");
  EXPECT_EQ(names.endpoint_, "http://h:1");
  EXPECT_EQ(texts({"show", "log", ""}, names), (Words{"p1", "t1"}));
}

TEST(Completion, LeavesOutWhatNoShellCanTake) {
  FakeNames names;
  EXPECT_EQ(texts({"cat", "ais://one/"}, names), (Words{"ais://one/dir/", "ais://one/file"}));
}

TEST(Completion, Files) {
  FakeNames names;
  EXPECT_TRUE(complete_line(program(), {"put", "x"}, names).files);
  EXPECT_TRUE(complete_line(program(), {"put", "x", ""}, names).files);
  EXPECT_FALSE(complete_line(program(), {"put", "x", "ais://o"}, names).files);
  EXPECT_FALSE(complete_line(program(), {"cat", "x"}, names).files);
}

TEST(Completion, Knobs) {
  EXPECT_EQ(texts({"bucket", "props", "set", "ais://b", "versioning.enabled=t"}), Words{"versioning.enabled=true"});
  EXPECT_EQ(texts({"config", "cluster", "periodic.stats_t"}), Words{"periodic.stats_time="});
  EXPECT_EQ(texts({"config", "cluster", "rese"}), Words{"reset"});
}

TEST(Completion, AliasesStandForTheirCommand) {
  FakeNames names;
  ASSERT_TRUE(names.aliases_.set("logs", "show log t1").ok());
  EXPECT_EQ(texts({"logs", "--severity", "e"}, names), Words{"error"});
  EXPECT_EQ(texts({"alias", "rm", ""}, names), Words{"logs"});
}

constexpr std::string_view kBreaks = " \t\n\"'><=;|&(:";

std::string reply_to(std::string_view line, std::string_view candidate) { return read_bash_line(line, kBreaks).reply(candidate); }

TEST(BashLine, Words) {
  EXPECT_EQ(read_bash_line("ais ls ", kBreaks).words, (Words{"ls", ""}));
  EXPECT_EQ(read_bash_line("AIS_URL=x ais  cat 'a b' c\\ d\"e\"", kBreaks).words, (Words{"cat", "a b", "c de"}));
  EXPECT_EQ(read_bash_line("ais", kBreaks).words, Words{"ais"});
  EXPECT_EQ(read_bash_line("", kBreaks).words, Words{""});
}

TEST(BashLine, RepliesContinueWhatBashReplaces) {
  EXPECT_EQ(reply_to("ais ls ais://b", "ais://bucket/"), "//bucket/");
  EXPECT_EQ(reply_to("ais ls --props=na", "--props=name"), "name");
  EXPECT_EQ(reply_to("ais cat ais://b/a\\ b", "ais://b/a bc d"), "//b/a\\ bc\\ d");
  EXPECT_EQ(reply_to("ais cat 'ais://b/a", "ais://b/a'b c"), "ais://b/a'\\''b c");
  EXPECT_EQ(reply_to("ais cat \"ais://b/", "ais://b/$x y"), "ais://b/\\$x y");
  EXPECT_EQ(reply_to("ais cat \"ais://b/", "ais://b/!x"), "");
  EXPECT_EQ(reply_to("ais put ", "--recursive"), "--recursive");
  EXPECT_EQ(read_bash_line("ais ls ais://b", "").reply("ais://bc"), "ais://bc");
}

}  // namespace
}  // namespace ais::cli
