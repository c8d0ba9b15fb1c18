#include "cli/program.h"

#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "cli/completion.h"
#include "cli/help_text.h"
#include "cli/man_page.h"
#include "cli/pages.h"

namespace ais::cli {
namespace {

using Words = std::vector<std::string>;

constexpr Flag kWork[] = {{"size", "BYTES", "how large", 's', false}, {"kind", "KIND", "which", 0, false, ValueKind::kChoice, "a,b"}};
constexpr Flag kCommon[] = {{"help", nullptr, "explain the program", 'h', false}, {"version", nullptr, "print the version", 0, false}};
constexpr FlagGroup kGroups[] = {{"Work", kWork}};
constexpr Example kExamples[] = {{"measure --size 4KiB '.x'", "a small one"}};
constexpr Meaning kEnvironment[] = {{"AIS_ENDPOINT", "gateway"}};
constexpr Meaning kStatuses[] = {{"0", "done"}, {"2", "wrong usage"}};
constexpr const char* kSeeAlso[] = {"ais(1)"};

Program root_only() {
  Program out;
  out.name = "measure";
  out.version = "1.0";
  out.help = "Measures things.";
  out.introduction = "One paragraph.\n\nAnother.";
  out.runs = true;
  out.arguments = {"FILE", 1, 1, {ValueKind::kFile}};
  out.flags = kGroups;
  out.common = kCommon;
  out.hidden = packaging_flags();
  out.examples = kExamples;
  out.environment = kEnvironment;
  out.exit_statuses = kStatuses;
  out.see_also = kSeeAlso;
  return out;
}

constexpr Flag kRank[] = {{"deep", nullptr, "look into it", 'd'}};
constexpr Command kCommands[] = {
    {"rank",
     "",
     {"A B", 2, 2, {ValueKind::kFile}},
     "Rank two files.",
     "",
     kRank,
     {{"measure rank a b", "two"}, {"measure rank b a", "two"}}},
};

Program with_command() {
  Program out = root_only();
  out.arguments = {};
  out.commands = kCommands;
  return out;
}

std::string error_of(const Program& program, const Words& words) {
  Result<ParsedLine> line = parse_line(program, words);
  return line.ok() ? "" : line.status().message();
}

std::string text_of(const Program& program, const Words& words) {
  Result<ParsedLine> line = parse_line(program, words);
  EXPECT_TRUE(line.ok()) << line.status().message();
  Result<std::string> text = page_of(program, *line);
  return text.ok() ? *text : "";
}

TEST(Program, ARootIsParsed) {
  const Program program = root_only();
  Result<ParsedLine> line = parse_line(program, {"-s", "1KiB", "f"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->kind, ParsedLine::Kind::kRun);
  EXPECT_EQ(line->command, nullptr);
  EXPECT_EQ(line->arguments, Words{"f"});
  EXPECT_EQ(line->flags.get_size("size", 0).value(), 1024u);
  EXPECT_EQ(parse_line(program, {"--", "-s"})->arguments, Words{"-s"});
  EXPECT_EQ(error_of(program, {}), "too few arguments: measure takes FILE");
  EXPECT_EQ(error_of(program, {"a", "b"}), "too many arguments: measure takes FILE");
  EXPECT_EQ(error_of(program, {"--help"}), "");
  EXPECT_EQ(error_of(program, {"--sise", "1", "f"}), "unknown flag --sise, did you mean \"--size\"?");
}

TEST(Program, ARootMayHaveCommandsBesideIt) {
  const Program program = with_command();
  EXPECT_EQ(error_of(program, {"--size", "1"}), "");
  EXPECT_EQ(error_of(program, {"stray"}), "too many arguments: measure takes flags only");
  Result<ParsedLine> line = parse_line(program, {"rank", "-d", "a", "b"});
  ASSERT_TRUE(line.ok()) << line.status().message();
  EXPECT_EQ(line->command, kCommands);
  EXPECT_EQ(line->arguments, (Words{"a", "b"}));
  EXPECT_TRUE(line->flags.is_on("deep"));
  EXPECT_EQ(error_of(program, {"rank", "--size", "1", "a", "b"}), "unknown flag --size of \"measure rank\"");
  EXPECT_EQ(error_of(program, {"--size", "1", "rank", "a", "b"}), "--size is no flag of \"measure rank\"");
  EXPECT_EQ(error_of(program, {"--deep"}), "flag --deep belongs after the command");
  EXPECT_EQ(error_of(program, {"rank", "a"}), "too few arguments: \"measure rank\" takes A B");
  EXPECT_TRUE(text_of(program, {"rank", "--help"}).starts_with("Rank two files.\n"));
  EXPECT_TRUE(text_of(program, {"help", "rank"}).starts_with("Rank two files.\n"));
}

TEST(Program, HelpNamesEverything) {
  std::string help = text_of(root_only(), {"-h"});
  for (const char* part :
       {"Measures things.\n\nOne paragraph.\n\nAnother.\n\nUsage:\n", "measure [flags] FILE", "Work:\n", "-s, --size BYTES", "which: a,b",
        "AIS_ENDPOINT", "Exit status:", "  # a small one\n  measure --size 4KiB '.x'\n"})
    EXPECT_NE(help.find(part), std::string::npos) << part << "\n" << help;
  EXPECT_EQ(help.find("print-man"), std::string::npos);
  EXPECT_EQ(text_of(root_only(), {"--version"}), "measure 1.0\n");
}

TEST(Program, ManualHasItsSections) {
  std::string page = text_of(root_only(), {"--print-man"});
  size_t at = 0;
  for (const char* title : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "EXIT STATUS", "EXAMPLES", "SEE ALSO"}) {
    size_t found = page.find(std::string(".SH \"") + title + "\"\n", at);
    ASSERT_NE(found, std::string::npos) << title;
    at = found;
  }
  EXPECT_NE(page.find(".TH MEASURE 1 \"\" \"AIStore 1.0\" \"User Commands\"\n"), std::string::npos);
  EXPECT_NE(page.find("measure \\- measures things\n"), std::string::npos);
  EXPECT_NE(page.find("\\-\\-size 4KiB \\(aq.x\\(aq"), std::string::npos);
  Program daemon = root_only();
  daemon.daemon = true;
  EXPECT_NE(manual_page(daemon).find(".TH MEASURE 8 "), std::string::npos);
  EXPECT_NE(manual_page(with_command()).find(".SS \"measure rank\"\n"), std::string::npos);
}

TEST(Program, PageHasFlagsAndWhatFollows) {
  std::string page = program_page(root_only(), "## Seen\n\nyes\n");
  EXPECT_TRUE(page.starts_with("# measure\n"));
  EXPECT_NE(page.find("| `-s, --size BYTES` | how large |"), std::string::npos);
  EXPECT_TRUE(page.ends_with("## Seen\n\nyes\n"));
  EXPECT_NE(program_page(with_command()).find("## measure rank\n\nRank two files.\n\n```\nmeasure rank A B [flags]\n```\n"),
            std::string::npos);
}

Words completions(const Program& program, const Words& words) {
  LiveNames nothing;
  Words out;
  for (const Candidate& candidate : complete_line(program, words, nothing).items) out.push_back(candidate.text);
  return out;
}

TEST(Program, ARootIsCompleted) {
  EXPECT_EQ(completions(root_only(), {"--"}), (Words{"--help", "--kind", "--size", "--version"}));
  EXPECT_EQ(completions(root_only(), {"-ki"}), Words{"-kind"});
  EXPECT_EQ(completions(root_only(), {"--kind", ""}), (Words{"a", "b"}));
  EXPECT_EQ(completions(root_only(), {"--kind=b"}), Words{"--kind=b"});
  LiveNames nothing;
  EXPECT_TRUE(complete_line(root_only(), {""}, nothing).files);
  EXPECT_FALSE(complete_line(root_only(), {"f", ""}, nothing).files);
  EXPECT_EQ(completions(with_command(), {""}), (Words{"help", "rank"}));
  EXPECT_EQ(completions(with_command(), {"rank", "--"}), (Words{"--deep", "--help", "--version"}));
  EXPECT_TRUE(complete_line(with_command(), {"rank", "a", ""}, nothing).files);
}

TEST(Program, EveryShellHasAScript) {
  Program dashed = root_only();
  dashed.name = "two-words";
  for (const char* shell : {"bash", "zsh", "fish"}) {
    Result<std::string> script = completion_script(dashed, shell);
    ASSERT_TRUE(script.ok());
    EXPECT_NE(script->find("_two_words"), std::string::npos);
    EXPECT_EQ(script->find("PROGRAM"), std::string::npos);
    EXPECT_EQ(text_of(dashed, {"--print-completion", shell}), *script);
  }
  EXPECT_EQ(completion_script(dashed, "tcsh").status().message(), "\"tcsh\" is none of bash, zsh, fish");
}

TEST(ManPage, EscapesWhatRoffWouldRead) {
  EXPECT_EQ(ManPage::escape(".dot\n.line 'x' a-b \\n ~^`\""), "\\&.dot\n\\&.line \\(aqx\\(aq a\\-b \\(rsn \\(ti\\(ha\\(ga\\(dq");
}

TEST(Markdown, CellsStayInTheirColumn) { EXPECT_EQ(markdown_cell("a|b\nc"), "a\\|b c"); }

}  // namespace
}  // namespace ais::cli
