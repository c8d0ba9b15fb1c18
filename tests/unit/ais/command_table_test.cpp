#include <gtest/gtest.h>

#include <set>

#include "ais/cli.h"
#include "ais/command/program.h"
#include "base/strings.h"
#include "cli/command_line.h"
#include "cli/help_text.h"
#include "cli/man_page.h"
#include "cli/pages.h"
#include "cli/text_file.h"

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
  for (const Command& command : program().commands) {
    SCOPED_TRACE(command.path);
    for (const std::string& spelling : spellings(command)) EXPECT_TRUE(seen.insert(spelling).second) << spelling << " is there twice";
    EXPECT_TRUE(std::string_view(command.help).ends_with('.'));
    EXPECT_NE(command.run, nullptr);
    EXPECT_EQ(command.arguments.max == 0, *command.arguments.text == 0);
    std::set<std::string> flags;
    const std::vector<Flag> of_all = common_flags_of(program(), command);
    for (const auto& list : {std::span<const Flag>(of_all), command.flags}) {
      for (const Flag& flag : list) {
        EXPECT_TRUE(flags.insert(flag.name).second) << flag.name;
        for (std::string_view synonym : synonyms_of(flag)) EXPECT_TRUE(flags.insert(std::string(synonym)).second) << synonym;
        std::string letter(1, flag.letter);
        EXPECT_TRUE(!flag.letter || flags.insert(letter).second) << letter;
        EXPECT_GT(std::string_view(flag.help).size(), 5u);
      }
    }
  }
}

TEST(CommandTable, EveryExampleParsesToItsCommand) {
  for (const Command& command : program().commands) {
    for (const Example& example : command.examples) {
      SCOPED_TRACE(command.path);
      ASSERT_NE(example.line, nullptr);
      ASSERT_NE(example.what, nullptr);
      std::vector<std::string> words = shell_words(example.line);
      ASSERT_GE(words.size(), 2u);
      EXPECT_EQ(words[0], "ais");
      words.erase(words.begin());
      Result<ParsedLine> line = parse_line(program(), words);
      ASSERT_TRUE(line.ok()) << example.line << ": " << line.status().message();
      EXPECT_EQ(line->command, &command) << example.line;
    }
  }
}

TEST(CommandTable, GroupsLeadSomewhere) {
  for (const CommandGroup& group : program().groups)
    EXPECT_NE(overview_text(program(), group.path).find(":\n"), std::string::npos) << group.path;
}

TEST(CommandTable, EveryArgumentHasAKind) {
  for (const Command& command : program().commands) {
    EXPECT_EQ(command.arguments.kinds[0] != ValueKind::kUnset, command.arguments.max != 0)
        << command.path << ": completion must know its arguments";
    for (const Flag& flag : command.flags) {
      bool choice = flag.kind == ValueKind::kChoice || flag.kind == ValueKind::kChoiceList;
      EXPECT_EQ(choice, *flag.choices != 0) << command.path << " --" << flag.name;
      EXPECT_TRUE(flag.value || flag.kind == ValueKind::kUnset) << command.path << " --" << flag.name << " is a switch";
    }
  }
}

TEST(CommandTable, DocumentationIsCurrent) {
  Result<std::vector<DocsPage>> pages = docs_pages(program(), "docs/cli");
  ASSERT_TRUE(pages.ok()) << pages.status().message();
  EXPECT_GT(pages->size(), 5u);
  for (const DocsPage& page : *pages) {
    Result<std::optional<std::string>> text = read_text_file("docs/cli/" + page.name + ".md");
    ASSERT_TRUE(text.ok() && *text) << "docs/cli/" << page.name << ".md: run from the top of the repository, or: make docs";
    EXPECT_EQ(**text, page.text) << page.name << ": refresh with: make docs";
  }
}

TEST(ManualPage, NamesEveryCommandAndFlag) {
  std::string page = manual_page(program());
  for (const Command& command : program().commands) {
    EXPECT_NE(page.find(".SS \"" + ManPage::escape(std::string("ais ") + command.path) + "\"\n"), std::string::npos) << command.path;
    for (const Flag& flag : command.flags)
      EXPECT_NE(page.find("\\fB" + ManPage::escape(std::string("--") + flag.name) + "\\fR"), std::string::npos) << flag.name;
  }
  for (const char* title : {"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES", "SEE ALSO"})
    EXPECT_NE(page.find(std::string(".SH \"") + title + "\"\n"), std::string::npos) << title;
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
