#include "cli/program.h"

#include <gtest/gtest.h>

#include "cli/man_page.h"
#include "cli/markdown.h"

namespace ais::cli {
namespace {

using Words = std::vector<std::string>;

constexpr Flag kWork[] = {{"size", "BYTES", "how large", 's', false}, {"kind", "KIND", "which", 0, false, ValueKind::kChoice, "a,b"}};
constexpr Flag kCommon[] = {{"help", nullptr, "explain the program", 'h', false}, {"version", nullptr, "print the version", 0, false}};
constexpr FlagGroup kGroups[] = {{"Work", kWork}, {"Other", kCommon}};
constexpr Example kExamples[] = {{"measure --size 4KiB '.x'", "a small one"}};
constexpr Meaning kEnvironment[] = {{"AIS_ENDPOINT", "gateway"}};
constexpr Meaning kStatuses[] = {{"0", "done"}, {"2", "wrong usage"}};
constexpr const char* kSeeAlso[] = {"ais(1)"};
constexpr ProgramDescription kProgram = {
    "measure", "FILE", 1, 1, "Measures things.", "One paragraph.\n\nAnother.", kGroups, kExamples, kEnvironment, kStatuses, kSeeAlso};

std::string error_of(const Words& words) {
  Result<ProgramLine> line = parse_program(kProgram, words);
  return line.ok() ? "" : line.status().message();
}

TEST(Program, Parses) {
  Result<ProgramLine> line = parse_program(kProgram, Words{"-s", "1KiB", "f"});
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->arguments, Words{"f"});
  EXPECT_EQ(line->flags.get_size("size", 0).value(), 1024u);
  EXPECT_EQ(error_of({}), "too few arguments: measure takes FILE");
  EXPECT_EQ(error_of({"a", "b"}), "too many arguments: measure takes FILE");
  EXPECT_EQ(error_of({"--help"}), "");
  EXPECT_EQ(error_of({"--sise", "1", "f"}), "unknown flag --sise, did you mean \"--size\"?");
}

TEST(Program, HelpNamesEverything) {
  std::string help = program_help(kProgram);
  for (const char* part : {"Measures things.", "measure [flags] FILE", "Work:\n", "-s, --size BYTES", "which: a,b", "AIS_ENDPOINT",
                           "Exit status:", "  # a small one\n  measure --size 4KiB '.x'\n"})
    EXPECT_NE(help.find(part), std::string::npos) << part << "\n" << help;
}

TEST(Program, ManualHasItsSections) {
  std::string page = program_manual(kProgram, "AIStore 1.0");
  size_t at = 0;
  for (const char* title : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "EXIT STATUS", "EXAMPLES", "SEE ALSO"}) {
    size_t found = page.find(std::string(".SH \"") + title + "\"\n", at);
    ASSERT_NE(found, std::string::npos) << title;
    at = found;
  }
  EXPECT_NE(page.find("measure \\- measures things\n"), std::string::npos);
  EXPECT_NE(page.find("\\-\\-size 4KiB \\(aq.x\\(aq"), std::string::npos);
}

TEST(Program, PageHasFlagsAndTranscript) {
  std::string page = program_page(kProgram, "## Seen\n\nyes\n");
  EXPECT_TRUE(page.starts_with("# measure\n"));
  EXPECT_NE(page.find("| `-s, --size BYTES` | how large |"), std::string::npos);
  EXPECT_TRUE(page.ends_with("## Seen\n\nyes\n"));
}

TEST(ManPage, EscapesWhatRoffWouldRead) {
  EXPECT_EQ(ManPage::escape(".dot\n.line 'x' a-b \\n ~^`\""), "\\&.dot\n\\&.line \\(aqx\\(aq a\\-b \\(rsn \\(ti\\(ha\\(ga\\(dq");
}

TEST(Markdown, CellsStayInTheirColumn) { EXPECT_EQ(markdown_cell("a|b\nc"), "a\\|b c"); }

}  // namespace
}  // namespace ais::cli
