#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "ais/cli.h"
#include "ais/help.h"
#include "ais/parser.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

/// Splits a line of an example the way a shell does, as far as examples go: single quotes, and the first of several commands.
std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (char c : std::string(line) + " ") {
    if (c == '\'') quoted = !quoted;
    else if (c != ' ' || quoted) word += c;
    else if (!word.empty()) words.push_back(std::exchange(word, {}));
    if (!quoted && (c == '|' || c == '>')) break;
  }
  return words;
}

TEST(CommandTable, EveryRowIsComplete) {
  std::set<std::string> seen;
  for (const Command& command : all_commands()) {
    SCOPED_TRACE(command.path);
    for (const std::string& spelling : spellings(command)) EXPECT_TRUE(seen.insert(spelling).second) << spelling << " is there twice";
    EXPECT_TRUE(std::string_view(command.help).ends_with('.'));
    EXPECT_NE(command.run, nullptr);
    EXPECT_EQ(command.arguments_max == 0, *command.arguments == 0);
    std::set<std::string> flags;
    for (const auto& list : {global_flags(), command.flags}) {
      for (const Flag& flag : list) {
        EXPECT_TRUE(flags.insert(flag.name).second) << flag.name;
        std::string letter(1, flag.letter);
        EXPECT_TRUE(!flag.letter || flags.insert(letter).second) << letter;
        EXPECT_GT(std::string_view(flag.help).size(), 5u);
      }
    }
  }
}

TEST(CommandTable, EveryExampleParsesToItsCommand) {
  for (const Command& command : all_commands()) {
    for (const Example& example : command.examples) {
      SCOPED_TRACE(command.path);
      ASSERT_NE(example.line, nullptr);
      ASSERT_NE(example.what, nullptr);
      std::vector<std::string> words = shell_words(example.line);
      ASSERT_GE(words.size(), 2u);
      EXPECT_EQ(words[0], "ais");
      words.erase(words.begin());
      Result<ParsedLine> line = parse_line(words);
      ASSERT_TRUE(line.ok()) << example.line << ": " << line.status().message();
      EXPECT_EQ(line->command, &command) << example.line;
    }
  }
}

TEST(CommandTable, GroupsLeadSomewhere) {
  for (const CommandGroup& group : all_groups()) EXPECT_NE(overview_text(group.path).find(":\n"), std::string::npos) << group.path;
}

TEST(CommandTable, DocumentationIsCurrent) {
  std::ifstream file("docs/cli.md");
  ASSERT_TRUE(file) << "run from the top of the repository";
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), docs_page()) << "refresh with: ais --print-docs > docs/cli.md";
}

/// Runs the program on memory streams.
struct CliRun {
  int status = -1;
  std::string out, err;
  explicit CliRun(const std::vector<std::string>& words) {
    char* texts[2] = {};
    size_t sizes[2] = {};
    Terminal terminal;
    terminal.out = open_memstream(&texts[0], &sizes[0]);
    terminal.err = open_memstream(&texts[1], &sizes[1]);
    status = run_cli(words, terminal);
    std::fclose(terminal.out);
    std::fclose(terminal.err);
    out.assign(texts[0], sizes[0]);
    err.assign(texts[1], sizes[1]);
    std::free(texts[0]);
    std::free(texts[1]);
  }
};

TEST(Cli, UsageErrorsExitWithTwo) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"frobnicate"},
                                                                                     {"put"},
                                                                                     {"ls", "--nope"},
                                                                                     {"ls", "ais://b", "--limit", "many"},
                                                                                     {"create", "ais://b/o"},
                                                                                     {"get", "ais://b/o", "--length", "0"},
                                                                                     {"get", "ais://b/o", "--check", "--offset", "1"},
                                                                                     {"put", "-", "ais://b"},
                                                                                     {"rmb", "ais://b"},
                                                                                     {"create", "ais://b", "--set", "mirror.copeis=2"},
                                                                                     {"ls", "x://b"},
                                                                                     {"rmo", "ais://b/{2..1}"},
                                                                                     {"status", "--endpoint", "ftp://host"},
                                                                                     {"ls", "ais://b", "--props", "siez"},
                                                                                     {"put", "f", "ais://b", "-j", "0"},
                                                                                     {"config", "cluster", "=3"},
                                                                                     {"mv", "ais://a/o", "ais://b/o"},
                                                                                     {"cp", "ais://a/o", "ais://a"},
                                                                                     {"show", "log", "t1", "--severity", "x"}}) {
    CliRun run(words);
    EXPECT_EQ(run.status, 2) << join(words, " ") << run.err;
    EXPECT_TRUE(run.err.starts_with("error: ")) << run.err;
    EXPECT_EQ(run.out, "");
  }
}

TEST(Cli, UnreachableClusterExitsWithOne) {
  // Port 1 of the loopback network: nothing listens there, and nothing may without privileges.
  CliRun run({"status", "--endpoint", "http://127.0.0.1:1"});
  EXPECT_EQ(run.status, 1);
  EXPECT_NE(run.err.find("http://127.0.0.1:1"), std::string::npos) << run.err;
}

TEST(Cli, HelpGoesToOutput) {
  CliRun overview({"--help"});
  EXPECT_EQ(overview.status, 0);
  EXPECT_NE(overview.out.find("bucket create (create)"), std::string::npos);
  CliRun one({"get", "-h"});
  EXPECT_EQ(one.status, 0);
  EXPECT_NE(one.out.find("Examples:\n"), std::string::npos);
  EXPECT_EQ(one.err, "");
}

TEST(Cli, SuggestsPropertyNames) {
  CliRun run({"create", "ais://b", "--set", "mirror.copeis=2"});
  EXPECT_NE(run.err.find("did you mean \"mirror.copies\"?"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace ais::cli
