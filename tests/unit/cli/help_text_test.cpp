#include "cli/help_text.h"

#include <gtest/gtest.h>

#include "base/strings.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

std::string wrapped(std::string_view text, size_t column = 0, size_t indent = 0) {
  std::string out;
  append_wrapped(out, text, column, indent);
  return out;
}

TEST(HelpTextTest, LinesFitAndKeepTheirWords) {
  std::string words;
  for (int i = 1; i <= 60; ++i) words += std::string(static_cast<size_t>(i % 13 + 1), 'x') + " ";
  words += "end";
  std::string joined;
  const std::string text = wrapped(words, 10, 4);
  for (std::string_view line : split(text, '\n')) {
    EXPECT_LE(display_width(line), joined.empty() ? kHelpColumns - 10 : kHelpColumns) << line;
    joined += (joined.empty() ? "" : " ") + std::string(trim(line));
  }
  EXPECT_EQ(trim(joined), words);
}

TEST(HelpTextTest, ParagraphsStayAndTheirLinesAreJoined) {
  EXPECT_EQ(wrapped(""), "\n");
  EXPECT_EQ(wrapped("one\ntwo\n\nthree\n", 2, 2), "one two\n\n  three\n");
  EXPECT_EQ(wrapped("\none\ntwo"), "\none two\n");
  EXPECT_EQ(wrapped("these:\n--one is first\nand long\n--two"), "these:\n--one is first and long\n--two\n");
  const std::string half(kHelpColumns / 2, 'x');
  EXPECT_EQ(wrapped(half + "\n" + half + "\nend"), half + "\n" + half + " end\n");
}

TEST(HelpTextTest, AWordThatIsTooLongHasALineOfItsOwn) {
  const std::string word(kHelpColumns + 5, 'w');
  EXPECT_EQ(wrapped("a " + word + " b"), "a\n" + word + "\nb\n");
}

TEST(HelpTextTest, PairsHangUnderTheirText) {
  std::string out;
  append_pair(out, "--name", std::string(30, 'a') + " " + std::string(40, 'b'), 10);
  EXPECT_EQ(out, "  --name     " + std::string(30, 'a') + "\n" + std::string(13, ' ') + std::string(40, 'b') + "\n");
}

}  // namespace
}  // namespace ais::cli
