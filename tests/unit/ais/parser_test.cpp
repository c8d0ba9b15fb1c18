#include "cli/command_line.h"

#include <gtest/gtest.h>

#include "ais/command/program.h"

namespace ais::cli {
namespace {

using Words = std::vector<std::string>;

std::string error_of(const Words& words) {
  Result<ParsedLine> line = parse_line(program(), words);
  return line.ok() ? "" : line.status().message();
}

TEST(Parser, FindsCommandsByPathAndAlias) {
  for (const Command& command : program().commands) {
    for (const std::string& spelling : spellings(command)) {
      Words words;
      std::string word;
      for (char c : spelling + " ") {
        if (c != ' ') word += c;
        else words.push_back(std::exchange(word, {}));
      }
      for (int i = 0; i < command.arguments.min; ++i) words.push_back("x");
      Result<ParsedLine> line = parse_line(program(), words);
      ASSERT_TRUE(line.ok()) << spelling << ": " << line.status().message();
      EXPECT_EQ(line->command, &command) << spelling;
      EXPECT_EQ(line->kind, ParsedLine::Kind::kRun);
    }
  }
}

TEST(Parser, ReadsFlagsInAllForms) {
  Result<ParsedLine> line = parse_line(
      program(), {"--endpoint", "http://h:1", "get", "--offset=5", "ais://b/o", "--length", "7", "-j4", "--check", "-y", "--", "-out"});
  ASSERT_TRUE(line.ok()) << line.status().message();
  EXPECT_EQ(line->arguments, (Words{"ais://b/o", "-out"}));
  EXPECT_EQ(line->flags.get_all("endpoint"), Words{"http://h:1"});
  EXPECT_EQ(line->flags.get_all("offset"), Words{"5"});
  EXPECT_EQ(line->flags.get_all("length"), Words{"7"});
  EXPECT_EQ(line->flags.get_all("parallel"), Words{"4"});
  EXPECT_TRUE(line->flags.has("check"));
  EXPECT_TRUE(line->flags.has("yes"));
}

TEST(Parser, SingleDashIsAnArgument) {
  Result<ParsedLine> line = parse_line(program(), {"put", "-", "ais://b/o"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->arguments, (Words{"-", "ais://b/o"}));
}

TEST(Parser, ShortSwitchesCombine) {
  Result<ParsedLine> line = parse_line(program(), {"put", "-rj", "8", "d", "ais://b"});
  ASSERT_TRUE(line.ok());
  EXPECT_TRUE(line->flags.has("recursive"));
  EXPECT_EQ(line->flags.get_all("parallel"), Words{"8"});
}

TEST(Parser, RepeatableFlagsCollect) {
  Result<ParsedLine> line = parse_line(program(), {"create", "ais://b", "--set", "a=1", "-s", "b=2"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->flags.get_all("set"), (Words{"a=1", "b=2"}));
  EXPECT_EQ(error_of({"ls", "--limit", "1", "--limit", "2"}), "--limit is given twice");
}

TEST(Parser, SuggestsNearestCommandAndFlag) {
  EXPECT_EQ(error_of({"crate", "ais://b"}), "unknown command \"crate\", did you mean \"ais create\"?");
  EXPECT_EQ(error_of({"show", "clutser"}), "unknown command \"show clutser\", did you mean \"ais show cluster\"?");
  EXPECT_EQ(error_of({"put", "f", "ais://b", "--recusrive"}),
            "unknown flag --recusrive of \"ais object put\", did you mean \"--recursive\"?");
  EXPECT_EQ(error_of({"xyzzyplugh"}), "unknown command \"xyzzyplugh\"; \"ais --help\" lists them");
}

TEST(Parser, SuggestsWhatPeopleMean) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"rm"}, "\"ais rmb\" or \"ais rmo\"?"},
      {{"set-custom"}, "\"ais object set-custom\"?"},
      {{"rename"}, "\"ais mv\"?"},
      {{"copy"}, "\"ais cp\"?"},
      {{"delete"}, "\"ais object rm\""},
      {{"bucket", "list"}, "\"ais bucket ls\"?"},
      {{"bucket", "delete"}, "\"ais bucket rm\"?"},
      {{"object", "remove"}, "\"ais object rm\"?"},
      {{"show", "perf"}, "\"ais show performance\"?"},
  };
  for (const auto& [words, meant] : cases) EXPECT_NE(error_of(words).find(meant), std::string::npos) << error_of(words);
}

TEST(Parser, RefusesWrongUse) {
  EXPECT_NE(error_of({"cp", "f"}).find("too few arguments"), std::string::npos);
  EXPECT_NE(error_of({"status", "x"}).find("too many arguments"), std::string::npos);
  EXPECT_EQ(error_of({"ls", "--limit"}), "--limit needs a value: N");
  EXPECT_EQ(error_of({"ls", "--json=1"}), "--json takes no value");
  EXPECT_EQ(error_of({"--recursive", "put"}), "flag --recursive belongs after the command");
}

TEST(Parser, AnEmptyNameIsRefused) {
  EXPECT_NE(error_of({"show", "node", ""}).find("argument 1 is empty"), std::string::npos);
  EXPECT_NE(error_of({"ls", ""}).find("argument 1 is empty"), std::string::npos);
  EXPECT_NE(error_of({"get", "ais://b/o", ""}).find("argument 2 is empty"), std::string::npos);
  EXPECT_NE(error_of({"rmo", "ais://b/o", "ais://b/p", ""}).find("argument 3 is empty"), std::string::npos);
  EXPECT_EQ(error_of({"object", "set-custom", "ais://b/o", "name", ""}), "") << "a value may be empty";
}

TEST(Parser, AGroupAloneIsIncomplete) {
  Result<ParsedLine> line = parse_line(program(), {"bucket"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->kind, ParsedLine::Kind::kIncomplete);
  EXPECT_EQ(line->group, "bucket");
}

TEST(Parser, WordsOfTheOriginalThatAreNotHere) {
  EXPECT_EQ(error_of({"etl", "init"}), "AIStore's \"etl\" is not part of this version; \"ais search WORD\" finds what is");
  EXPECT_NE(error_of({"show", "dashboard"}).find("\"show dashboard\" is not part"), std::string::npos);
  EXPECT_TRUE(parse_line(program(), {"ls", "ais://job"}).ok());
}

TEST(Parser, ASlipIsNoArgumentOfAnAlias) {
  EXPECT_EQ(error_of({"bucket", "props", "st"}), "unknown command \"bucket props st\", did you mean \"ais bucket props set\"?");
  EXPECT_EQ(parse_line(program(), {"bucket", "props", "ais://st"})->arguments, Words{"ais://st"});
  EXPECT_EQ(parse_line(program(), {"storage", "t1234567"})->arguments, Words{"t1234567"});
}

TEST(Parser, LettersOfACommandGoBeforeThoseOfAll) {
  EXPECT_TRUE(parse_line(program(), {"ls", "-j"})->flags.has("json"));
  EXPECT_FALSE(parse_line(program(), {"rmo", "ais://b/o", "-j", "3"})->flags.has("json"));
  EXPECT_EQ(parse_line(program(), {"-v"})->kind, ParsedLine::Kind::kVersion);
  EXPECT_NE(error_of({"ls", "-v"}), "");
}

TEST(Parser, HelpNeedsNoArguments) {
  Result<ParsedLine> command = parse_line(program(), {"put", "--help"});
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(command->kind, ParsedLine::Kind::kHelp);
  EXPECT_STREQ(command->command->path, "object put");
  Result<ParsedLine> words = parse_line(program(), {"help", "bucket", "rm"});
  ASSERT_TRUE(words.ok());
  EXPECT_STREQ(words->command->path, "bucket rm");
  EXPECT_EQ(parse_line(program(), {"show", "-h"})->group, "show");
  EXPECT_EQ(parse_line(program(), {})->kind, ParsedLine::Kind::kHelp);
  EXPECT_EQ(parse_line(program(), {"--version"})->kind, ParsedLine::Kind::kVersion);
}

}  // namespace
}  // namespace ais::cli
